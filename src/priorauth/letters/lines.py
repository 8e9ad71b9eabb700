"""What each line of business owes its members in a letter, read from ``lines.yaml``: figures with their citations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from priorauth.errors import PolicyFaults
from priorauth.letters.facts import Line
from priorauth.letters.kinds import Kind
from priorauth.values import strict_yaml

PATH: Final = Path(__file__).with_name("lines.yaml")
Verified = Literal["yes", "no"]


class Cited(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure or a rule, where it is written, and whether somebody read it there."""

    cite: str
    verified: Verified
    says: str = ""
    days: int | None = None
    hours: int | None = None


class AppealRight(Cited, frozen=True, forbid_unknown_fields=True):
    """The right to appeal: how it is called, and how many days it lasts after the mailing."""

    called: str
    presumed: int


class Missed(Cited, frozen=True, forbid_unknown_fields=True):
    """What it means that the clock ran out."""

    means: Literal["adverse", "law", "hearing", "exhausted"]


class Longer(Cited, frozen=True, forbid_unknown_fields=True):
    """By how much a decision may be put off, and on which grounds: their sentences by name."""

    grounds: Mapping[str, str]


class Owed(Struct, frozen=True, forbid_unknown_fields=True):
    """What a line of business owes, with its state laid over it."""

    program: str
    appeal: AppealRight
    answered: Cited
    fast: Cited
    missed: Missed
    law: tuple[str, ...]
    tells: tuple[Kind, ...]
    relies: tuple[str, ...] = ()
    keep: Cited | None = None
    ahead: Cited | None = None
    second: Cited | None = None
    outside: Cited | None = None
    answer: Cited | None = None
    extension: Longer | None = None
    lasts: Cited | None = None
    written: Cited | None = None
    form: str = ""

    def unverified(self) -> Iterator[str]:
        """Yield each figure that nobody verified, with its citation."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Cited) and value.verified == "no":
                yield f"{name}: {value.cite}"


@cache
def _table() -> Mapping[str, strict_yaml.Value]:
    return strict_yaml.read_file(PATH)


@cache
def owed(line: Line, state: str) -> Owed:
    """Return what a line of business owes in a state; raises PolicyFaults where the table cannot be read."""
    base = _table()[line]
    if not isinstance(base, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(PATH), 1, f"{line}: expected a mapping")
    states = base.get("states")
    over = states.get(state) if isinstance(states, strict_yaml.Mapping) else None
    merged: dict[str, strict_yaml.Value] = {key: value for key, value in base.items() if key != "states"}
    merged |= over if isinstance(over, strict_yaml.Mapping) else {}
    try:
        return msgspec.convert(merged, Owed, strict=False)
    except msgspec.ValidationError as fault:
        raise PolicyFaults.at_line(str(PATH), base.line, f"{line}: {fault}") from None
