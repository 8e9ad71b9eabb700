"""What the library refuses: one class of error with five kinds, each with every fault found, as data.

Nothing here quotes the record of a patient: a fault names files, lines, rows, resources and paths, and says what was
expected there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

__all__ = [
    "ARGUMENTS",
    "Fault",
    "InputRefused",
    "LedgerRefused",
    "LogRefused",
    "PolicyFaults",
    "PopulationError",
    "PriorAuthError",
]

ARGUMENTS: Final = (
    *("policy", "as_of", "judgments", "readings", "policies", "logs", "columns", "zone", "dates", "draft"),
    *("day", "suppose", "master"),
)
"""Arguments that a fault may speak of: as its place, or within its message as ``name=`` and a value in quotes."""
_ARGUMENT: Final = "argument "
_LINE: Final = "line "
_ROW: Final = "row "


@dataclass(frozen=True, slots=True)  # no struct: `priorauth --help` loads no library
class Fault:
    """One thing that is wrong; ``str()`` gives it as one line."""

    file: str | None
    """The file's name, or what stands for it where the input was no file; None where the fault is in the call."""
    place: str | None
    """Where in it: ``line 12`` of YAML, ``row 3`` of a glucose log, a resource or a path in it (``Claim/1``,
    ``entry[0].resource.birthDate``), or ``argument as_of`` of the call; None where the whole is meant.
    """
    message: str
    """What was expected and, where that quotes no patient, what was found; a line of a policy and a caret may stand
    below it, each after a line break and four spaces.
    """

    def __str__(self) -> str:
        """Return the fault as one line: ``file:12: message``, ``file, row 3: message`` or ``file: place: message``."""
        if self.file is None:
            return self.within
        if self.place is not None and self.place.startswith(_LINE):
            return f"{self.file}:{self.place.removeprefix(_LINE)}: {self.message}"
        if self.place is not None and self.place.startswith(_ROW):
            return f"{self.file}, {self.place}: {self.message}"
        return f"{self.file}: {self.within}"

    @property
    def within(self) -> str:
        """The fault without the file: place and message."""
        return self.message if self.place is None else f"{self.argument or self.place}: {self.message}"

    @property
    def argument(self) -> str | None:
        """The argument of the call in which the fault is; None where it is elsewhere."""
        if self.place is None or not self.place.startswith(_ARGUMENT):
            return None
        return self.place.removeprefix(_ARGUMENT)

    @classmethod
    def of_argument(cls, argument: str, message: str, file: str | None = None) -> Self:
        """Return a fault in an argument of the call; ``file`` is the file that was read with it."""
        return cls(file, f"{_ARGUMENT}{argument}", message)

    @classmethod
    def at_line(cls, file: str, line: int, message: str) -> Self:
        """Return a fault in a line of a file; lines count from 1."""
        return cls(file, f"{_LINE}{line}", message)

    @classmethod
    def at_row(cls, file: str, row: int | None, message: str) -> Self:
        """Return a fault in a row of a table; rows count from 1, None is the whole file."""
        return cls(file, None if row is None else f"{_ROW}{row}", message)


class PriorAuthError(ValueError):
    """Something that priorauth was given and cannot use; ``faults`` has everything found, in the order it was found.

    ``str()`` gives the faults one below another.
    """

    def __init__(self, *faults: Fault) -> None:
        """Keep the faults."""
        super().__init__(*faults)
        self.faults: tuple[Fault, ...] = faults

    def __str__(self) -> str:
        """Return one line for each fault."""
        return "\n".join(map(str, self.faults))

    @classmethod
    def raise_if(cls, faults: Iterable[Fault]) -> None:
        """Raise this error where there is at least one fault."""
        if listed := tuple(faults):
            raise cls(*listed)


class InputRefused(PriorAuthError):
    """A case, its answers, its judgments or an argument that cannot be read: nothing is decided on a guess."""


class PolicyFaults(PriorAuthError):
    """A policy, a payer's file, a vocabulary, a table of units or another YAML file that cannot be used."""

    @classmethod
    def at_line(cls, file: str, line: int, message: str) -> Self:
        """Return the error of one fault in a line of a file; lines count from 1."""
        return cls(Fault.at_line(file, line, message))


class LogRefused(PriorAuthError):
    """A glucose log that cannot be read."""


class PopulationError(PriorAuthError):
    """A population that cannot be read in, made up or decided: a folder, a table, or a policy that has no SQL."""


class LedgerRefused(PriorAuthError):
    """A ledger that cannot be opened, is damaged, or is of another version."""
