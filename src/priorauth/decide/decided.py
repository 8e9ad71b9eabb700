"""What was decided on one request, with the evidence beside each criterion, in the shape of the contract.

Everything here is a struct, and JSON is written from it. Pages are made of it; the determination that callers meet
stands above them.
"""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec
from msgspec import Struct

from priorauth.engines.python.finding import Status
from priorauth.facts.vocabulary import Asked
from priorauth.policy.outcome import Outcome

Json = dict[str, Any]
Role = Literal["criterion", "exclusion", "document", "hand-off", "alternative"]


class Evidence(Struct, frozen=True, gc=False):
    """One row that counted: its resource, its date, what it says, the kind of its source, and what it is of."""

    reference: str
    date: str | None
    value: str | None
    kind: str
    display: str


class Refused(Struct, frozen=True, gc=False, omit_defaults=True):
    """What was read and does not count: the row, why, and the day that it had to lie after, or not after.

    ``bound`` is that day (ISO) where the ground is "too old" (it had to lie after it) or "too new" (not after it).
    ``count`` says how many such rows the entry stands for, where it is more than one; ``date`` is then their span.
    """

    reference: str
    date: str | None
    value: str | None
    ground: str
    bound: str | None
    kind: str
    display: str
    count: int = 1


class Assessed(Struct, frozen=True, gc=False, omit_defaults=True):
    """A criterion as decided. ``why`` is plain words where it is unknown, or not met for lack of time.

    ``readings`` are those it rests on. ``decisive``: the outcome is what it is because of it.
    """

    id: str | None
    title: str | None
    status: Status
    why: str | None
    value: str | None
    decisive: bool
    evidence: tuple[Evidence, ...]
    refused: tuple[Refused, ...]
    parts: tuple[Assessed, ...]
    role: Role | None = None
    """Of the roots of the tree: what meeting it means."""
    test: str | None = None
    reading: str | None = None
    readings: tuple[str, ...] = ()
    more_evidence: int = 0


class Effective(Struct, frozen=True, gc=False, omit_defaults=True, rename={"first": "from", "last": "until"}):
    """From when to when a version is in force, as ISO dates; ``assumed`` says why, where that is guessed."""

    first: str
    last: str | None
    assumed: str | None = None


class Applied(Struct, frozen=True, gc=False):
    """The policy version that was applied."""

    id: str
    title: str
    version: str
    effective: Effective
    sha256: str
    currency: str


class About(Struct, frozen=True, gc=False):
    """What is asked: the member (by resource) and age in years, the item's product and kind, the payer, and the days.

    All days are ISO dates; what is not known is null.
    """

    member: str
    age: int | None
    product: str | None
    kind: str | None
    payer: str | None
    requested_on: str
    received_on: str
    service_on: str
    expedited: bool


class Conflict(Struct, frozen=True, gc=False):
    """Two statements that cannot both hold."""

    criterion: str
    says: tuple[str, ...]


class ReasonGiven(Struct, frozen=True, gc=False):
    """Why the outcome is what it is, in plain words, by criterion."""

    criterion: str | None
    text: str


class Stretch(Struct, frozen=True, gc=False, rename={"first": "from", "last": "until"}):
    """Days of which nothing on file speaks, both included, as ISO dates; null: as far as there is a record."""

    first: str | None
    last: str | None


class Question(Struct, frozen=True, gc=False):
    """A fact to ask for: the question, who can answer it, the criteria it bears on, and its alternatives' key.

    ``on_file`` is what is on file of it and why that is not enough, ``gap`` the stretch of days that is missing,
    ``or_none`` the linkId by which to answer that there is none.
    """

    fact: str
    ask: str
    of: Asked
    criteria: tuple[str, ...]
    one_of: str | None
    on_file: tuple[Refused, ...] | None = None
    gap: Stretch | None = None
    or_none: str | None = None


class Ask(Struct, frozen=True, gc=False, omit_defaults=True):
    """Facts to ask for: all of them, or any one; a part is a fact or such a group."""

    all: tuple[str | Ask, ...] = ()
    any: tuple[str | Ask, ...] = ()


class Decided(Struct, frozen=True, gc=False, omit_defaults=True):
    """The decision on one item of a request; field by field the contract's section 4."""

    claim: str
    item: int
    sequence: int
    request: About
    policy: Applied | None
    pathway: str | None
    as_of: str
    outcome: Outcome
    reasons: tuple[ReasonGiven, ...]
    criteria: tuple[Assessed, ...]
    counts: dict[str, dict[str, int]]
    """By role, how many of the numbered criteria have which status."""
    questions: tuple[Question, ...]
    ask: Ask | None
    conflicts: tuple[Conflict, ...]
    assumed: tuple[str, ...]
    notes: tuple[str, ...]
    decide_after: str | None
    grants: dict[str, int | str] | None
    would_grant: dict[str, int | str] | None
    """What an approval grants, also where it is none yet."""
    receipt: Json
    warnings: tuple[str, ...] = ()
    check: bool = False
    """Whether this is a check before a request is sent: nothing is decided then."""

    def as_json(self) -> Json:
        """Return it as JSON values."""
        return cast("Json", msgspec.json.decode(msgspec.json.encode(self)))

    def to_json(self) -> str:
        """Return it as JSON text; ``Determination.from_json`` reads it back, and the round trip is exact."""
        return msgspec.json.encode(self).decode()
