"""One case whole, as frozen structs: what :mod:`priorauth.ledger.opened` reads of a case, for whoever reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from priorauth.decide.determination import Determination
from priorauth.documents.proposal import Proposal


class Head(Struct, frozen=True, kw_only=True):
    """A case as it stands."""

    case_no: str
    received: date
    kind: str
    base: str | None
    state: str
    priority: str
    version: int
    payer: str | None
    policy: str | None
    line: str | None
    plan_state: str | None
    organisation: str | None
    member: str
    about: dict[str, Any]
    received_at: datetime
    due_at: datetime | None
    due_rule: str | None
    climbs_at: datetime | None
    queue: str | None
    owner: str | None
    snoozed_until: datetime | None
    waits_for: str | None
    to_confirm: int | None = None
    runs: int
    closed_at: datetime | None


class Item(Struct, frozen=True, kw_only=True):
    """An item of a case."""

    item: int
    product: str | None
    quantity: int | None
    status: str
    outcome: str | None
    pathway: str | None
    about: dict[str, Any]


class Clock(Struct, frozen=True, kw_only=True):
    """A clock of a case."""

    rule: str
    status: str
    started_at: datetime | None
    due_at: datetime | None
    missed_at: datetime | None


class Submission(Struct, frozen=True, kw_only=True):
    """A message that came; its bytes are kept under the sha256."""

    number: int
    received_at: datetime
    kind: str
    channel: str
    sender: str | None
    sha256: str


class Document(Struct, frozen=True, kw_only=True):
    """A document; ``wrong`` says why, if it was filed in error."""

    number: int
    kind: str
    name: str
    media: str
    dated: date | None
    filed_at: datetime
    filed_by: str | None
    sha256: str
    size: int
    wrong: str | None = None


class Run(Struct, frozen=True, kw_only=True):
    """A run, without its rows and determinations."""

    number: int
    at: datetime
    cause: str
    engine: str
    sha256: str
    outcomes: dict[str, str]
    microseconds: int


class Word(Struct, frozen=True, kw_only=True):
    """What a clinician of the payer said of a criterion."""

    number: int
    at: datetime
    kind: str
    subject: str
    value: bool | None
    why: str
    person: str
    role: str
    run: int


class PaperWord(Struct, frozen=True, kw_only=True):
    """What a person said of what a document says: of a proposal (``reading`` and its place there), or in her own words.

    ``said`` is the proposal as it stands.
    """

    number: int
    at: datetime
    document: int
    word: str
    said: Proposal
    reading: int | None
    proposal: int | None
    why: str | None
    person: str
    role: str
    run: int


class Reason(Struct, frozen=True, kw_only=True):
    """Why a criterion is not shown, in four parts."""

    criterion: str
    asks: str
    found: str
    why_not: str
    would_show: str


class Decision(Struct, frozen=True, kw_only=True):
    """A decision on an item. Before its notice was mailed a clinic sees neither who signed it nor why."""

    number: int
    item: int
    at: datetime
    on_day: date
    kind: str
    run: int
    quantity: int | None
    signer: str | None
    role: str | None
    licence: str | None
    why: str | None
    reasons: tuple[Reason, ...] = ()


class Approval(Struct, frozen=True, kw_only=True):
    """An approval; ``ends`` and ``end_why`` where it was ended."""

    number: str
    item: int
    decision: int
    product: str
    quantity: int
    valid_from: date
    valid_until: date | None
    terms: dict[str, Any]
    ends: date | None = None
    end_why: str | None = None


class Mailing(Struct, frozen=True, kw_only=True):
    """How a notice left the house."""

    notice: int
    number: int
    channel: str
    handed_at: datetime
    proof: str | None


class Notice(Struct, frozen=True, kw_only=True):
    """A notice that was made, and how it was sent."""

    number: int
    kind: str
    at: datetime
    made_by: str | None
    decision: int | None
    run: int
    replaces: int | None
    template: str
    html: str
    pdf: str | None
    to: str
    mailings: tuple[Mailing, ...] = ()


class Call(Struct, frozen=True, kw_only=True):
    """A call that was held."""

    number: int
    held_at: datetime
    person: str | None
    with_whom: str
    said: str | None


class Event(Struct, frozen=True, kw_only=True):
    """What happened, and what is said of it."""

    number: int
    at: datetime
    what: str
    person: str | None
    role: str
    behalf: str | None
    to_version: int
    why: str | None
    say: dict[str, Any]


class Whole(Struct, frozen=True, kw_only=True):
    """One case with everything that belongs to it, as far as its reader may see it.

    ``told``: the notice of a decision was mailed. ``determinations`` are those of the newest run.
    """

    head: Head
    told: bool
    items: tuple[Item, ...]
    clocks: tuple[Clock, ...]
    submissions: tuple[Submission, ...]
    documents: tuple[Document, ...]
    runs: tuple[Run, ...]
    determinations: tuple[Determination, ...]
    words: tuple[Word, ...]
    paper_words: tuple[PaperWord, ...]
    decisions: tuple[Decision, ...]
    approvals: tuple[Approval, ...]
    notices: tuple[Notice, ...]
    calls: tuple[Call, ...]
    events: tuple[Event, ...]
