"""The kinds of letters, each a struct of what that kind says beside the facts that all letters share."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from priorauth.decide.determination import Determination


class Licence(Struct, frozen=True, gc=False):
    """A licence: its kind (MD, RN), the state that gave it, its number, its last day."""

    kind: str
    state: str
    number: str
    until: dt.date


class Clinician(Struct, frozen=True, gc=False):
    """Who decided: name, credential, specialty, licence, and when she signed."""

    name: str
    credential: str
    specialty: str
    licence: Licence | None
    at: dt.datetime


class Reason(Struct, frozen=True, gc=False):
    """Why one criterion is not shown, in four parts, each confirmed by the clinician who signs.

    What the policy asks, what we found, why that does not show it, what would.
    """

    criterion: str
    title: str
    asks: str
    found: str
    why_not: str
    would: str
    confirmed_by: str


class Grant(Struct, frozen=True, gc=False, omit_defaults=True):
    """What was approved: its number, from when until which day or event, for how many months where it is a trial."""

    number: str
    first: dt.date
    last: dt.date | None = None
    event: str = ""
    months: int | None = None
    trial: bool = False


class Portion(Struct, frozen=True, gc=False):
    """A part of what was asked that was not approved: code, words, how many were asked and how many not approved."""

    hcpcs: str
    words: str
    asked: int
    refused: int


class Form(Struct, frozen=True, gc=False):
    """An official form that the tenant has installed: which, its edition, its last valid day, the hash of its text."""

    name: str
    edition: str
    expires: dt.date
    sha256: str


class Approval(Struct, frozen=True, tag="approval", omit_defaults=True):
    """A notice of approval. ``by`` is empty where the rules alone approved."""

    grant: Grant
    by: Clinician | None = None
    refused: tuple[Portion, ...] = ()


class Information(Struct, frozen=True, tag="information", omit_defaults=True):
    """A request for information: when it was asked, and until when the answer helps."""

    asked: dt.datetime
    answer_by: dt.datetime


class Adverse(Struct, frozen=True, tag="adverse", omit_defaults=True):
    """An adverse determination: of the whole, of a part, or a cut of what was granted before."""

    action: Literal["whole", "part", "reduction"]
    reasons: tuple[Reason, ...]
    by: Clinician | None
    effective: dt.date
    call_by: dt.datetime
    relies: tuple[str, ...] = ()
    """Regulations or plan provisions relied on, beside the policy."""
    refused: tuple[Portion, ...] = ()
    alternatives: tuple[str, ...] = ()
    epsdt: str = ""
    """For members under 21 on Medicaid: how the wider test was applied."""
    subset: str = ""
    """Where other criteria decided: their name, subset and version."""
    denial_code: str = ""
    final: bool = False
    form: Form | None = None


class AppealReceived(Struct, frozen=True, tag="appeal-received"):
    """An acknowledgement: when the appeal came, who reviews it, who decided first."""

    came: dt.datetime
    reviewer: Clinician
    first: Clinician
    decide_by: dt.datetime
    fast: bool = False


class AppealInformation(Struct, frozen=True, tag="appeal-information"):
    """A request for more on appeal: when the appeal came, what is asked until when, who reviews, who decided first."""

    came: dt.datetime
    asked: dt.datetime
    answer_by: dt.datetime
    reviewer: Clinician
    first: Clinician


class AppealDecision(Struct, frozen=True, tag="appeal-decision", omit_defaults=True):
    """The decision of an appeal: a new run on the enlarged record under the first version of the policy."""

    outcome: Literal["upheld", "overturned", "part"]
    first: Determination
    first_by: Clinician
    by: Clinician | None
    reasons: tuple[Reason, ...] = ()
    new_facts: tuple[str, ...] = ()
    packet: tuple[str, ...] = ()
    grant: Grant | None = None
    sent_outside: dt.date | None = None
    refused: tuple[Portion, ...] = ()


class Extension(Struct, frozen=True, tag="extension"):
    """A notice that the decision takes longer: the ground (of the line's closed list), why, and the new moment."""

    ground: str
    why: str
    was: dt.datetime
    until: dt.datetime


class MissedClock(Struct, frozen=True, tag="missed-clock", omit_defaults=True):
    """We did not decide in time. A person saw the alert and acted; ``grant`` where the law authorizes the item."""

    acted_by: str
    acted_as: str
    grant: Grant | None = None
    form: Form | None = None


class OralNotice(Struct, frozen=True, tag="oral-notice"):
    """The script of a call that tells a decision, and the note of it: who spoke to whom, when, on which number."""

    adverse: Adverse
    spoke: str
    to: str
    at: dt.datetime
    number: str


class OldDevice(Struct, frozen=True, gc=False, omit_defaults=True):
    """A device that is to be replaced: which, when bought, its warranty, what is wrong, what a repair would cost."""

    device: str = ""
    bought: dt.date | None = None
    warranty_until: dt.date | None = None
    wrong: str = ""
    repair: str = ""


class Necessity(Struct, frozen=True, tag="necessity", omit_defaults=True):
    """A draft of the prescription and letter of medical necessity; it is never signed here."""

    length_of_need: str = ""
    settings: str = ""
    refills: str = ""
    outcome: str = ""
    earlier: str = ""
    trial: str = ""
    """For continued use: what the trial showed."""
    old: OldDevice | None = None
    """For a replacement, an upgrade, a repair: the device in use."""


class Attachment(Struct, frozen=True, gc=False):
    """A paper that goes with a request, and its day."""

    name: str
    dated: dt.date


class RequestForm(Struct, frozen=True, tag="request-form", omit_defaults=True):
    """A request in our own layout."""

    place: str
    attachments: tuple[Attachment, ...] = ()
    urgent_because: str = ""


class ClaimSheet(Struct, frozen=True, tag="claim-sheet", omit_defaults=True):
    """The request form's twin: its fields as the Claim says them."""

    place: str = ""
    attachments: tuple[Attachment, ...] = ()


class Quote(Struct, frozen=True, tag="quote", omit_defaults=True):
    """A draft of the supplier's quote; ``old``: the device that it replaces, where it replaces one."""

    good_until: dt.date | None = None
    old: OldDevice | None = None


class ReviewWorksheet(Struct, frozen=True, tag="review-worksheet"):
    """The fields of MassHealth's review of insulin pumps, filled, to copy from."""


class Checklist(Struct, frozen=True, tag="checklist", omit_defaults=True):
    """Papers that are missing, and those that are there."""

    have: tuple[Attachment, ...] = ()


class FaxCover(Struct, frozen=True, tag="fax-cover"):
    """The first sheet of a fax to the payer."""

    pages: int


class HearingRequest(Struct, frozen=True, tag="hearing-request", omit_defaults=True):
    """A request for a hearing with the case's data filled in; the member says why and signs."""

    notice_of: dt.date
    keep_getting: bool = False


class Representative(Struct, frozen=True, tag="representative"):
    """A member names someone to act for her."""

    name: str
    relation: str


class PeerCall(Struct, frozen=True, tag="peer-call"):
    """A call between clinicians that was booked."""

    at: dt.datetime
    clinician: Clinician
    minutes: int


Says = (
    Approval
    | Information
    | Adverse
    | AppealReceived
    | AppealInformation
    | AppealDecision
    | Extension
    | MissedClock
    | OralNotice
    | Necessity
    | RequestForm
    | ClaimSheet
    | Quote
    | ReviewWorksheet
    | Checklist
    | FaxCover
    | HearingRequest
    | Representative
    | PeerCall
)
Kind = Literal[
    "approval", "information", "adverse", "appeal-received", "appeal-information", "appeal-decision", "extension",
    "missed-clock", "oral-notice", "necessity", "request-form", "claim-sheet", "quote", "review-worksheet", "checklist",
    "fax-cover", "hearing-request", "representative", "peer-call",
]  # fmt: skip


def kind_of(says: Says) -> Kind:
    """Return the kind of a letter: the tag of its struct."""
    tag: Kind = says.__struct_config__.tag  # type: ignore[assignment]  # msgspec types a tag as any text
    return tag
