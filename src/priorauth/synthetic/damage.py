"""Damage done to lines on purpose: what breaks in real exports, at the rates of distributions.yaml."""

from __future__ import annotations

from typing import Final

import numpy as np

from priorauth.synthetic.pen import Pen

KINDS: Final = ("half_line", "nonsense", "no_member", "strange_member", "odd_shape")
_NONSENSE: Final = b"<html>502 Bad Gateway</html>"


def damaged(pen: Pen, lines: bytes) -> bytes:
    """Break some lines, by the rates of each kind."""
    listed = lines.splitlines()
    for kind in KINDS:
        hit = np.nonzero(pen.rng.random(len(listed)) < pen.numbers.one(f"damage.{kind}"))[0]
        for place in hit:
            listed[place] = broken(listed[place], kind)
    return b"\n".join(listed) + b"\n" if listed else b""


def broken(line: bytes, kind: str) -> bytes:
    """Break one line in one of the KINDS."""
    match kind:
        case "half_line":
            return line[: len(line) // 2]
        case "nonsense":
            return _NONSENSE
        case "no_member":
            return line.replace(b'"subject":', b'"focus_of":', 1)
        case "strange_member":
            return line.replace(b'"Patient/m', b'"Patient/x', 1)
        case _:
            return line.replace(b'"status":', b'"status":[7],"was":', 1)
