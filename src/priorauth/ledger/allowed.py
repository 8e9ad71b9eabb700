"""What may be done, as data: by whom (``data/rights.yaml``), in which state (``data/states.yaml``); and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct, ValidationError, convert

from priorauth.values.strict_yaml import plain, read_file

_DATA: Final = Path(__file__).with_name("data")
BY_OUTCOME: Final = "by-outcome"
KEPT: Final = "kept"
BY_RUN: Final = frozenset({BY_OUTCOME, KEPT})
"""What the table has for an act that makes a run."""
STAYS: Final = "stays"
NEW: Final = "new"
OPEN: Final = "open"
CLOSED: Final = "closed"
Condition = Literal["own", "for-clinic", "not-its-nurse", "not-first-reviewer"]


Confirms = Literal["clinic", "nurse", "both"]
CONFIRM: Final = "confirm"
"""The setting that says by fact who confirms what a document says."""
ANY: Final = "*"
"""Of that setting: every other fact."""


class State(Struct, frozen=True, forbid_unknown_fields=True):
    """A state of a case: whether it is open, in whose queue it stands, and what is said of it."""

    open: bool
    says: str
    queue: str | None = None


class States(Struct, frozen=True, forbid_unknown_fields=True):
    """The states, what an outcome makes of an open case, and by act which state follows which."""

    states: Mapping[str, State]
    outcomes: Mapping[str, str]
    acts: Mapping[str, Mapping[str, str]]

    def after(self, act: str, state: str | None) -> str | None:
        """Return the state after an act, or ``by-outcome``, ``kept``, ``stays``; None where it is refused there."""
        row = self.acts[act]
        if state is None:
            return row.get(NEW)
        if state in row:
            return row[state]
        return row.get(OPEN if self.states[state].open else CLOSED)


class Rights(Struct, frozen=True, forbid_unknown_fields=True):
    """The roles, and by act which of them may do it, under which conditions."""

    roles: tuple[str, ...]
    rights: Mapping[str, Mapping[str, tuple[Condition, ...]]]


@cache
def defaults() -> Mapping[str, int]:
    """Return the settings that hold where a tenant says nothing."""
    return convert(plain(read_file(_DATA / "defaults.yaml")), dict[str, int], strict=False)


@cache
def states() -> States:
    """Return the table of states."""
    return convert(plain(read_file(_DATA / "states.yaml")), States, strict=False)


@cache
def rights() -> Rights:
    """Return the table of rights."""
    return convert(plain(read_file(_DATA / "rights.yaml")), Rights, strict=False)


def confirms(settings: Mapping[str, Any], fact: str) -> Confirms:
    """Return who may say that a document is right on a fact: by the tenant's setting, else as the house has it."""
    said = settings.get(CONFIRM) or {}
    own: Mapping[str, Any] = {ANY: said} if isinstance(said, str) else said
    found: Confirms = own.get(fact) or own.get(ANY) or _confirms().get(fact) or _confirms()[ANY]
    return found


def confirms_fit(said: object) -> bool:
    """Whether a setting says who confirms what: one for all, or by fact."""
    try:
        convert(said, Confirms | dict[str, Confirms] | None)
    except ValidationError:
        return False
    return True


@cache
def _confirms() -> Mapping[str, Confirms]:
    """Return who confirms what where a tenant says nothing."""
    return convert(plain(read_file(_DATA / "confirm.yaml")), dict[str, Confirms], strict=False)
