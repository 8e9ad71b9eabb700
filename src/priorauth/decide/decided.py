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


class DocumentSays(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a document says of a fact, as far as software can tell, in its own words; and what a person said of that."""

    reference: str
    """Where it stands, as rows name it: ``document 3#page=2&at=118``."""
    title: str
    """What the document is called."""
    page: int
    """The page, counted from 1."""
    quote: str
    """The words, as they stand on the page."""
    fact: str
    """The fact of the vocabulary."""
    value: str
    """The value, as the document writes it; ``yes`` of what it says is so."""
    date: str | None
    """ISO date, partial date or span ``first/last``; null where the document ties none to it."""
    polarity: Literal["stated", "denied"]
    """Whether the document says that it is so, or that it is not."""
    certainty: Literal["sure", "hedged"]
    """Whether it says so outright, or perhaps."""
    word: Literal["open", "beside", "confirmed"]
    """``open``: not confirmed, and less is certain for it; ``beside``: not confirmed, and it changes nothing;
    ``confirmed``: a person said that it is so, and it counts."""
    box: tuple[float, float, float, float] | None = None
    """Where the words stand, left, top, right, bottom as parts of the page; absent where that is not known."""
    by: str | None = None
    """The name of the person who confirmed it."""
    role: Literal["clinic", "nurse"] | None = None
    """Whether she is of the practice, or of the plan."""
    at: str | None = None
    """The moment at which she did."""


class Evidence(Struct, frozen=True, gc=False, omit_defaults=True):
    """One row that counted: its resource, its date, what it says, the kind of its source, and what it is of."""

    reference: str
    """The resource that says it, as ``Observation/1``."""
    date: str | None
    """ISO date, or span of dates, of the row; null where it has none."""
    value: str | None
    """What the row says, in words with its unit; null where it says no more than that it is there."""
    kind: str
    """Of which kind the source is: laboratory result, order, form answer ..."""
    display: str
    """What the row is of, in words."""
    document: DocumentSays | None = None
    """The words of a document that it rests on; absent where it rests on none."""


class Refused(Struct, frozen=True, gc=False, omit_defaults=True):
    """What was read and does not count: the row, why, and the day that it had to lie after, or not after."""

    reference: str
    """The resource, as of ``Evidence``."""
    date: str | None
    """ISO date, or span of dates; null where it has none."""
    value: str | None
    """What the row says; null where nothing can be read."""
    ground: str
    """Why it does not count: too old, too new, or what cannot be believed, in plain words."""
    bound: str | None
    """Of "too old" the day (ISO) that it had to lie after, of "too new" the day that it may not pass; else null."""
    kind: str
    """Of which kind the source is."""
    display: str
    """What the row is of, in words."""
    count: int = 1
    """For how many rows alike this entry stands; ``date`` is then their span. In JSON where it is not 1."""
    document: DocumentSays | None = None
    """The words of a document that it rests on; absent where it rests on none."""


class Assessed(Struct, frozen=True, gc=False, omit_defaults=True):
    """A criterion as decided, with what counts, what does not, and the criteria below it."""

    id: str | None
    """The paragraph of the payer's text, as ``II.A.T.7``; null of a part that has none."""
    title: str | None
    """What it asks, in few words; of a step without a number its test in plain English."""
    status: Status
    """Whether it is met."""
    why: str | None
    """Why it is unknown, or not met for lack of time, in plain words; else null."""
    value: str | None
    """The value that decides, in words; null where there is none."""
    decisive: bool
    """Whether the outcome is what it is because of it."""
    evidence: tuple[Evidence, ...]
    """The rows that count, the first of them where there are many."""
    refused: tuple[Refused, ...]
    """What was read of it and does not count, the nearest of what is outside the window."""
    parts: tuple[Assessed, ...]
    """The criteria below it."""
    role: Role | None = None
    """Of the roots of the tree: what meeting it means."""
    test: str | None = None
    """Its line of the policy, where it is a leaf."""
    reading: str | None = None
    """What was read into the payer's text, in prose; null where nothing was."""
    readings: tuple[str, ...] = ()
    """The named readings that its line rests on."""
    more_evidence: int = 0
    """How many rows count beside those listed."""
    documents: tuple[DocumentSays, ...] = ()
    """What documents say of its facts, confirmed or not; absent where none does."""


class Effective(Struct, frozen=True, gc=False, omit_defaults=True, rename={"first": "from", "last": "until"}):
    """From when to when a version is in force, as ISO dates, both included."""

    first: str
    """The first day, ``from`` in JSON."""
    last: str | None
    """The last day, ``until`` in JSON; null where none is known."""
    assumed: str | None = None
    """Why the first day is guessed; absent where it is known."""


class Applied(Struct, frozen=True, gc=False):
    """The policy version that was applied."""

    id: str
    """``payer/policy``."""
    title: str
    """The title of the payer's text."""
    version: str
    """The version, as the payer names it."""
    effective: Effective
    """When it is in force."""
    sha256: str
    """The hash of its file, with those of what it imports."""
    currency: str
    """``current``, or what makes that doubtful, as ``superseded-candidate``."""


class About(Struct, frozen=True, gc=False):
    """What is asked: the member (by resource) and age in years, the item's product and kind, the payer, and the days.

    All days are ISO dates; what is not known is null.
    """

    member: str
    """The patient, as ``Patient/1``."""
    age: int | None
    """Whole years on the day from which windows count; null where no birth date is known."""
    product: str | None
    """HCPCS code of the item; null where it has none."""
    kind: str | None
    """The vocabulary's ``request_kind``: initial, continued, replacement ...; null where it is not known."""
    payer: str | None
    """The payer's name; null where it is none of the catalog."""
    requested_on: str
    """The day from which windows count: that of the request, or ``as_of`` of the call."""
    received_on: str
    """The day on which the payer received it; that of the request where nothing says another."""
    service_on: str
    """The day of service; that of the request where nothing says another."""
    expedited: bool
    """Whether the request says that it is urgent."""


class Conflict(Struct, frozen=True, gc=False):
    """Two statements that cannot both hold."""

    criterion: str
    """The id of the criterion."""
    says: tuple[str, ...]
    """What each side says, with its source."""


class ReasonGiven(Struct, frozen=True, gc=False):
    """Why the outcome is what it is, in plain words, by criterion."""

    criterion: str | None
    """The id of the criterion; null where the reason is of the whole request."""
    text: str
    """The reason in plain words."""


class Stretch(Struct, frozen=True, gc=False, rename={"first": "from", "last": "until"}):
    """Days of which nothing on file speaks, both included, as ISO dates; null: as far as there is a record."""

    first: str | None
    """The first day, ``from`` in JSON."""
    last: str | None
    """The last day, ``until`` in JSON."""


class Question(Struct, frozen=True, gc=False):
    """A fact to ask for, with what is on file of it and why that is not enough."""

    fact: str
    """The fact of the vocabulary; the linkId by which a form answers it."""
    ask: str
    """The question."""
    of: Asked
    """Who can answer it."""
    criteria: tuple[str, ...]
    """The ids of the criteria that it bears on."""
    one_of: str | None
    """A key that alternatives share: one of them is enough; null where it is no alternative."""
    on_file: tuple[Refused, ...] | None = None
    """What is on file of it and why that is not enough; null where nothing is."""
    gap: Stretch | None = None
    """The days that are missing; null where no stretch is."""
    or_none: str | None = None
    """The linkId by which to say that there is none; null where that cannot be said."""


class Ask(Struct, frozen=True, gc=False, omit_defaults=True):
    """Facts to ask for: all of them, or any one; a part is a fact or such a group."""

    all: tuple[str | Ask, ...] = ()
    """All of these are needed."""
    any: tuple[str | Ask, ...] = ()
    """One of these is enough."""


class Decided(Struct, frozen=True, gc=False, omit_defaults=True):
    """The decision on one item of a request; field by field the contract's section 4."""

    claim: str
    """The claim, as ``Claim/1``."""
    item: int
    """The place of the item in the claim, from 1."""
    sequence: int
    """``Claim.item.sequence``."""
    request: About
    """Whom and what the request is about."""
    policy: Applied | None
    """The version that was applied; null where none applies."""
    pathway: str | None
    """The pathway of the policy that was taken; null where none was."""
    as_of: str
    """The day from which windows count."""
    outcome: Outcome
    """What was decided: never a denial."""
    reasons: tuple[ReasonGiven, ...]
    """Why, in plain words."""
    criteria: tuple[Assessed, ...]
    """The trees of the pathway, the exclusions, the documents and the hand-offs."""
    counts: dict[str, dict[str, int]]
    """By role, how many of the numbered criteria have which status."""
    questions: tuple[Question, ...]
    """What to ask, of whom, for which criteria."""
    ask: Ask | None
    """The same facts as a tree of all and any; null where nothing is asked."""
    conflicts: tuple[Conflict, ...]
    """What contradicts itself in the record."""
    assumed: tuple[str, ...]
    """The facts that silence settled: nothing on file speaks of them."""
    notes: tuple[str, ...]
    """What else is to be known, in plain words."""
    decide_after: str | None
    """The first day on which it can be decided, where time is in the way; else null."""
    grants: dict[str, int | str] | None
    """What is granted, as months or units; null where nothing is."""
    would_grant: dict[str, int | str] | None
    """What an approval grants, also where it is none yet."""
    receipt: Json
    """What pins the determination: engine, policy, vocabulary, readings, dates and hashes."""
    warnings: tuple[str, ...] = ()
    """What is to be looked at in the input, as logs whose owner cannot be checked."""
    check: bool = False
    """Whether this is a check before a request is sent: nothing is decided then."""

    def as_json(self) -> Json:
        """Return it as JSON values."""
        return cast("Json", msgspec.json.decode(msgspec.json.encode(self)))

    def to_json(self) -> str:
        """Return it as JSON text; ``Determination.from_json`` reads it back, and the round trip is exact."""
        return msgspec.json.encode(self).decode()
