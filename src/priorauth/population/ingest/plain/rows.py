"""What a plain resource comes to: one row of fixed width."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, NamedTuple

import numpy as np

from priorauth.population.ingest.heads import KEY_BITS, key

PLAIN: Final = np.dtype(
    [
        *(("key", "<u8"), ("who", "<u8"), ("source", "<u4"), ("at", "<u8"), ("start", "<u8"), ("size", "<u4")),
        *(("day", "<i4"), ("minute", "<i4"), ("of_day", "<i2"), ("value", "<i4"), ("flags", "<u1"), ("void", "?")),
        *(("kind", "<u1"), ("fact", "<u2"), ("one", "<u4"), ("two", "<u4"), ("id", "S64")),
    ]
)
"""A plain resource: whose (the key of the patient's id, and a second hash of it), from where, where its text is kept.

``minute`` and ``of_day`` as in :class:`priorauth.values.dates.When`, NOWHEN and -1 where only the day is known;
``void``: of no account, as it was entered in error or is no test of the member; ``fact``: of a laboratory result, its
place among those that are read so; ``one`` and ``two``: of a visit, the numbers of the names that it refers to.
"""
TEST: Final = 0
"""The kind of a self-test by a meter."""
RESULT: Final = 1
"""The kind of a laboratory result."""
VISIT: Final = 2
"""The kind of a visit that shows nothing but that it was."""
TYPES: Final = ("Observation", "Observation", "Encounter")
"""The resource type of each kind."""
IN_SOURCE: Final = 2**64 - 1
"""The ``start`` of a text that is not kept: it is read again from its source, which is not packed."""
NOWHEN: Final = -(1 << 30)
"""The minute of a test of which only the day is known."""


class Whose(NamedTuple):
    """A patient's id as two hashes: the key by which members are sorted, and a second one."""

    key: int
    who: int


def whose(patient: str) -> Whose:
    """Return the hashes of a patient's id."""
    size = KEY_BITS // 8
    second = blake2b(patient.encode(), digest_size=size, person=b"plain").digest()
    return Whose(key(patient), int.from_bytes(second, "big"))
