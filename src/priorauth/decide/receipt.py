"""The receipt pins everything a determination rests on, so that it can be repeated bit for bit years later.

It holds hashes of engine version, policy, vocabulary and rows, the readings in force and the dates; ``sha256`` is the
hash of all of it and of the result. No clock, no machine, no order of the input goes into it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, get_args

import msgspec

from priorauth.facts.case import Case
from priorauth.facts.rows import Row
from priorauth.version import __version__

_NAMED: Final[Mapping[type, bytes]] = {kind: kind.__name__.encode() for kind in get_args(Row)}
_ENCODED: Final = msgspec.json.Encoder().encode


def canonical(value: object) -> bytes:
    """Write JSON in one form: sorted keys, no spaces, UTF-8."""
    return msgspec.json.encode(value, order="sorted")


def rows_sha256(case: Case) -> str:
    """Hash the rows of a case, whatever order they came in."""
    digest = hashlib.sha256()
    for fact in sorted(case.rows):
        lines = sorted([_NAMED[type(row)] + _ENCODED(row) for row in case.rows[fact]])
        digest.update(b"\n".join([*lines, b""]))
    return digest.hexdigest()


def receipt(pinned: Mapping[str, object], result: object) -> dict[str, object]:
    """Seal what was pinned together with the result: the determination with an empty receipt."""
    whole = {"engine": f"priorauth {__version__}", **pinned}
    seal = hashlib.sha256(canonical({**whole, "result": result})).hexdigest()
    return {"sha256": seal, **whole}
