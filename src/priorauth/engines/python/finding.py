"""A finding is a criterion with its verdict: the answer is the explanation. Findings mirror the policy's tree."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from priorauth.facts.rows import Row
from priorauth.policy.tree import Criterion
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth

Status = Literal["met", "not-met", "unknown", "conflict", "not-applicable"]


class Why(StrEnum):
    """Why something is unknown."""

    NO_DATA = "no-data"
    NOT_WHOLE = "not-whole"
    UNIT = "unit"
    OUTSIDE = "outside-window"
    UNDATED = "undated"
    JUDGMENT = "needs-judgment"
    TIME = "time"
    PENDING = "pending"
    ANCHOR = "no-anchor"
    FEW = "too-few"
    NEWER = "may-be-newer"
    PARTIAL = "partial"
    HINT = "hint"
    MENTION = "mention"
    FAILED = "on-file-fails"
    NONE = "none-on-file"


class Result(Struct, frozen=True, gc=False):
    """What one leaf says of a case.

    ``rows`` are the evidence, ``value`` what was measured, in words. ``sides`` are the two statements of a conflict.
    ``asks`` names the facts whose answer would settle it, ``wait`` is the first day on which time alone can; where it
    is not met, the first day on which it can be. ``assumed`` names the facts that silence settled.
    """

    truth: Truth
    why: Why | None = None
    value: str | None = None
    rows: tuple[Row, ...] = ()
    conflict: bool = False
    sides: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    wait: int | None = None
    assumed: tuple[str, ...] = ()

    @property
    def short_of_time(self) -> bool:
        """Whether it is not met and nothing but time is in the way."""
        return self.truth == NOT_MET and self.wait is not None


class Finding(Struct, frozen=True, gc=False):
    """A criterion with its verdict. ``applies`` is the verdict of its guard (met where it has none).

    ``truth`` is the criterion's own, whatever its guard; ``counted`` is what it contributes to the group it stands in.
    """

    criterion: Criterion
    truth: Truth
    counted: Truth
    conflict: bool
    applies: Truth = MET
    result: Result | None = None
    parts: tuple[Finding, ...] = ()
    guard: Finding | None = None
    settled_by: Result | None = None
    """The clinician's word that settled this criterion, if one did."""

    @property
    def status(self) -> Status:
        """The verdict in words."""
        if self.applies == NOT_MET:
            return "not-applicable"
        truth = self.counted if self.applies == UNKNOWN else self.truth
        if truth == MET:
            return "met"
        if truth == NOT_MET:
            return "not-met"
        return "conflict" if self.conflict else "unknown"

    @property
    def undecided(self) -> bool:
        """Whether what it contributes is unknown."""
        return self.counted == UNKNOWN

    def walk(self) -> Iterator[Finding]:
        """Yield this finding and all below it, guards included."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting.extend(reversed(one.parts))
            if one.guard:
                waiting.append(one.guard)

    def live(self) -> Iterator[Finding]:
        """Yield the undecided leaves (and conflicts of `ways`) all of whose ancestors are undecided."""
        if not self.undecided or self.settled_by:
            return
        if self.guard and self.guard.undecided:
            yield from self.guard.live()
        if self.applies != NOT_MET and self.truth == UNKNOWN:
            below = [leaf for part in self.parts for leaf in part.live()]
            yield from below
            if not below:
                yield self
