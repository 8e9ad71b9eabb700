"""What a document says of a fact, as far as a reader can tell: proposed to a person, never settled by software."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from priorauth.documents.pages import Box

Polarity = Literal["stated", "denied"]
Certainty = Literal["sure", "hedged"]


class Patient(Struct, frozen=True, kw_only=True):
    """Whom a document names as its patient, as far as it does. ``birth_date`` as ISO."""

    name: str | None = None
    birth_date: str | None = None
    number: str | None = None


class Proposal(Struct, frozen=True, kw_only=True):
    """A fact that a document states or denies.

    ``value`` is written as the document has it, unit and comparator with it (``8.4 %``, ``<0.1 ng/mL``, ``5 /d``),
    ``yes``, ``no``, or a value of an attribute. ``date``: ISO, a partial date, or ``first/last``; None where the text
    ties none to it. ``quote`` stands word for word on ``page``, beginning at ``start`` of its text.
    """

    fact: str
    value: str
    quote: str
    page: int
    start: int = 0
    date: str | None = None
    since: str | None = None
    until: str | None = None
    polarity: Polarity = "stated"
    certainty: Certainty = "sure"
    stated_by: str | None = None
    box: Box | None = None
    by: str = ""
    """The rule that proposes it, or the reader from outside."""


class Findings(Struct, frozen=True, kw_only=True):
    """What was understood of one document: what it is, whose, by whom, of which day, and what it proposes.

    ``set_aside``: why nothing of it is proposed (another patient), None where that is not so. ``left``: what could have
    been taken for a fact and was not, with its reason, for people who write rules.
    """

    kind: str | None = None
    role: str | None = None
    dated: str | None = None
    signed_by: str | None = None
    signed_on: str | None = None
    patient: Patient = Patient()
    set_aside: str | None = None
    facts: tuple[Proposal, ...] = ()
    left: tuple[Proposal, ...] = ()
    notes: tuple[str, ...] = ()
