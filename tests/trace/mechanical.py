"""Edits made by rule in whatever text is at hand: for texts that are not ours to quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.trace.lay import Laid
from priorauth.trace.trace import Trace

FIGURE: Final = re.compile(r"(?<![\w.,/-])\d{1,3}(?:\.\d)?(?![\w.,/-]*\d)")
CONNECTIVE: Final = re.compile(r"(?i)(?<=\s)(?:and|or)(?=\s)")
NEW: Final = "Whoever asks for a blue chair sends a drawing of it."
SHORT: Final = 12
"""Sentences of fewer letters are headings and single words, of which nothing can be changed but all."""


class Made(NamedTuple):
    """An edit: what was done, to which sentence of the trace, the newer text, and the kind of change to be found."""

    name: str
    at: int
    text: str
    kind: str


def made(laid: Laid, trace: Trace) -> Iterator[Made]:
    """Yield edits of every sentence in which one can be made, each in a text of its own."""
    source = laid.source
    for number, found in laid.found.items():
        row, one = trace.rows[number], found.sentence
        if row.running or row.letters < SHORT:
            continue
        first, last = source.at[one.start], source.at[one.end - 1] + 1
        said = source.raw[first:last]
        for name, pattern, new in (("figure", FIGURE, _more), ("connective", CONNECTIVE, _other)):
            hit = pattern.search(said)
            if hit:
                changed = said[: hit.start()] + new(hit[0]) + said[hit.end() :]
                yield Made(name, row.at, source.raw[:first] + changed + source.raw[last:], "changed")
        stop = re.compile(r"[.;:!?)\]\"”\u2019]*").match(source.raw, last)
        end = stop.end() if stop else last
        yield Made("added", row.at, f"{source.raw[:end]}\n\n{NEW}\n\n{source.raw[end:]}", "added")
        if one.label is None:
            yield Made("removed", row.at, f"{source.raw[:first]}\n\n{source.raw[end:]}", "removed")


def _more(figure: str) -> str:
    return str(int(figure) + 1) if figure.isdigit() else f"{float(figure) + 1:.1f}"


def _other(word: str) -> str:
    return "or" if word.casefold() == "and" else "and"
