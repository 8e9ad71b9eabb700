"""What a letter is made from: everything that it prints about people, payer, item, days and decision, each said once.

All structs are frozen and come from the determination and from what people did; nothing here is written by a template.
Days are dates, moments are aware datetimes that bear the plan's own offset; ``zone`` says its name in words.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from priorauth.decide.determination import Determination
from priorauth.letters.kinds import Says

Line = Literal[
    "masshealth", "husky", "caresource-qhp", "anthem-insured", "anthem-erisa", "uhc-ma", "medicaid-managed-care"
]
Format = Literal["standard", "large-print", "audio", "braille"]
Recipient = Literal["member", "representative", "prescriber", "supplier"]


class Contact(Struct, frozen=True, gc=False, omit_defaults=True):
    """A person or an office: how it is called, written to, phoned."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    tty: str = ""
    fax: str = ""
    hours: str = ""
    page: str = ""
    """The address of a page on the web; printed, never fetched."""


class Notice(Struct, frozen=True, gc=False):
    """A footer that the law asks for, in the payer's own words. ``verified``: a person checked it against the law."""

    kind: Literal["language", "aids", "nondiscrimination"]
    text: str
    citation: str
    verified: bool


class Sender(Struct, frozen=True, omit_defaults=True):
    """The payer or plan, and the offices that its letters name."""

    name: str
    line: Line
    state: str
    """Two capital letters."""
    contact: Contact
    appeals: Contact
    fast_appeals: Contact
    clinicians: Contact
    """Where a prescriber calls to speak with a clinician."""
    notices: tuple[Notice, ...]
    policy_page: str
    """Where the policy can be read."""
    zone: str
    hearings: Contact | None = None
    outside: Contact | None = None
    """Who runs the review by people outside the plan."""
    outside_form: str = ""
    help: Contact | None = None
    """Free help for members: a consumer assistance office, legal aid."""


class Member(Struct, frozen=True, omit_defaults=True):
    """The member. ``contact`` is the address on file, or the one that she asked letters to go to (``confidential``)."""

    name: str
    id: str
    contact: Contact
    born: dt.date | None = None
    language: str = "en"
    format: Format = "standard"
    confidential: bool = False
    representative: Contact | None = None
    """Who acts for the member: a representative on file, or a child's parent."""
    other_insurance: str = ""


class Prescriber(Struct, frozen=True, omit_defaults=True):
    """Who prescribed the item."""

    name: str
    credential: str
    contact: Contact
    npi: str = ""
    practice: str = ""


class Supplier(Struct, frozen=True, omit_defaults=True):
    """Who supplies the item, and sent the request."""

    contact: Contact
    npi: str = ""


class Item(Struct, frozen=True, gc=False, omit_defaults=True):
    """A line of the request: code, words, how many, bought or rented, and for which days."""

    hcpcs: str
    words: str
    quantity: int
    supply: Literal["purchase", "rental"]
    modifier: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    charge: str = ""
    model: str = ""


class Clock(Struct, frozen=True, gc=False, omit_defaults=True):
    """The clock that binds: until when there must be a decision, since when it runs, and what asking does to it."""

    name: str
    due: dt.datetime
    since: dt.date
    asking: Literal["runs on", "stops", "not begun"]
    citation: str
    verified: bool
    fast: bool = False


class Mailing(Struct, frozen=True, gc=False):
    """The day on which a letter is handed over, and how. A letter is made for one; its record must be the same."""

    on: dt.date
    channel: Literal["post", "fax", "portal", "hand"]


class Facts(Struct, frozen=True, omit_defaults=True):
    """All that one letter is made from. ``says`` is what makes it the kind it is."""

    says: Says
    case: str
    sender: Sender
    member: Member
    prescriber: Prescriber
    supplier: Supplier
    items: tuple[Item, ...]
    determination: Determination
    mailing: Mailing
    received: dt.date
    to: Recipient = "member"
    copies: tuple[Recipient, ...] = ()
    clock: Clock | None = None
    diagnoses: tuple[str, ...] = ()
    """Diagnosis codes with their meaning, the primary one first."""
    replaces: str = ""
    """The sha256 of the letter that this one replaces."""
