"""What a prior authorization has come to, before it is written in either version: its items, each with its result.

Made of the ledger by :mod:`priorauth.exchange.pas.standing`, written by :mod:`priorauth.exchange.pas.respond`. It says
nothing that the ledger does not.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

Json = dict[str, Any]
Action = Literal["A1", "A3", "A4", "A6", "C", "CT", "NA"]
"""Review actions of X12 306: certified in total, not certified, pended, modified, cancelled, contact payer, no action
required. Less than was asked is A6; A2 stands only beside it, for a partner that wants it so."""


class Note(Struct, frozen=True):
    """A sentence that goes with an item, in plain words; ``item`` 0 is the whole request."""

    item: int
    text: str


class Reviewer(Struct, frozen=True):
    """The person who decided: her role, and of the licence under which she signed the NPI and the specialty."""

    role: str
    npi: str | None = None
    specialty: str | None = None


class Want(Struct, frozen=True):
    """One thing that is asked: under which criteria, what shows it, who can answer, what is on file and does not do.

    ``code`` is a LOINC code of it, None where it has none; ``facts`` are the linkIds by which a form answers it.
    """

    title: str
    criteria: tuple[str, ...]
    asks: tuple[str, ...]
    of: tuple[str, ...]
    held: tuple[str, ...]
    facts: tuple[str, ...]
    code: str | None = None


class Grant(Struct, frozen=True):
    """What was approved: its number, when it was issued, from when until when, of what how many, and on which terms."""

    number: str
    issued: date
    first: date
    last: date | None
    product: str
    quantity: int
    terms: Json


class Result(Struct, frozen=True, kw_only=True):
    """What one item has come to. ``sequence`` is that of the claim, ``requested`` the item as it was last asked.

    ``administration`` is our number of the item (case and place), ``trace`` its id wherever it is spoken of: with it a
    form is asked for.
    """

    sequence: int
    administration: str
    trace: str
    action: Action
    outcome: str
    """Why, in our own words: an outcome of the policy, or the kind of the decision."""
    requested: Json
    product: str | None = None
    quantity: int | None = None
    """How many were asked."""
    policy: str | None = None
    pathway: str | None = None
    grant: Grant | None = None
    on: date | None = None
    """The day of the decision; None where it is not decided."""
    reviewer: Reviewer | None = None
    """Who decided; None where no person looked."""
    notes: tuple[str, ...] = ()
    wants: tuple[Want, ...] = ()


class Error(Struct, frozen=True):
    """What was not done and why: ``name`` is our own name of it, by which a plan lists its code of X12 901.

    ``element`` is what it is called in X12, ``path`` the FHIRPath of it; ``note`` whether it is said of what was done.
    """

    name: str
    text: str
    path: str = ""
    element: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What a request has come to, with the request as it was last sent.

    ``case`` is the first case of it, ``claim`` how the record names the claim within ``bundle``. ``created`` is the
    moment of the last thing that changed it; ``until`` that by which an answer is awaited.
    """

    tenant: str
    case: str
    member: str
    client: str | None
    organisation: str | None
    claim: str
    bundle: bytes
    created: datetime
    results: tuple[Result, ...]
    until: datetime | None = None
    notes: tuple[str, ...] = ()
    errors: tuple[Error, ...] = ()
    cases: tuple[str, ...] = ()
    """Every case of it: the first, and those by which it was updated or appealed."""
