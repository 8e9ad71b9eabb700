"""Papers that a clinic prints of a draft: the checklist, and the draft of the letter of medical necessity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from priorauth.errors import PriorAuthError
from priorauth.ledger import compose, people, runs
from priorauth.ledger.events import Json
from priorauth.letters import kinds as k
from priorauth.letters.facts import Contact, Facts, Line, Mailing, Sender
from priorauth.letters.make import make
from priorauth.server.problem import Problem
from priorauth.workbench.drafts.check import At, Checked
from priorauth.workbench.drafts.draft import Draft
from priorauth.workbench.drafts.fields import MISSHAPEN

TITLES: Final = {"checklist": "checklist", "necessity": "letter-of-medical-necessity"}
"""What is printed, by the word by which it is asked for, with the name of its file."""
_LINES: Final[dict[str, Line]] = {
    "masshealth": "masshealth",
    "husky": "husky",
    "caresource": "caresource-qhp",
    "anthem": "anthem-insured",
    "uhc-medicare-advantage": "uhc-ma",
}
"""The line of business under whose name a draft is printed; what it owes its members is on no draft."""


def printed(kind: str, draft: Draft, found: Checked, at: At) -> bytes:
    """Return a paper of ``TITLES`` as PDF; raises Problem with what it still needs, or why it cannot be printed."""
    if not found.found:
        raise Problem("invalid", f"it cannot be printed yet: {'; '.join(found.faults)}")
    try:
        return make(_facts(kind, draft, found, at)).pdf
    except PriorAuthError as fault:
        raise Problem("invalid", f"it cannot be printed yet: {fault}") from None
    except MISSHAPEN:
        raise Problem("invalid", "it cannot be printed: a name or an address in the Bundle cannot be read") from None


def _facts(kind: str, draft: Draft, found: Checked, at: At) -> Facts:
    first = found.found[0]
    bundle = compose.read(found.request, "the request")
    claim = compose.claim_of(found.request, "the request", first.claim)
    member, asked = people.member(bundle, claim), people.items(claim)
    have = tuple(k.Attachment(one.name, at.today) for one in draft.files)
    says: k.Says = k.Checklist(have=have) if kind == "checklist" else k.Necessity()
    return Facts(
        says=says,
        case="not sent yet",
        sender=_sender(first.policy.id.partition("/")[0] if first.policy else "", at),
        member=msgspec.structs.replace(member, name=member.name or "(name)", id=member.id or "(number)"),
        prescriber=people.prescriber(bundle, claim),
        supplier=people.supplier(bundle, claim),
        items=(asked[first.sequence],) if first.sequence in asked else tuple(asked.values()),
        determination=first,
        mailing=Mailing(at.today, "hand"),
        received=at.today,
        to="prescriber",
        diagnoses=tuple(_diagnoses(claim)),
    )


def _diagnoses(claim: Json) -> Iterator[str]:
    """Yield the diagnosis codes of a claim, with their words where it has them."""
    for one in sorted(claim.get("diagnosis", ()), key=lambda each: int(each.get("sequence", 0))):
        concept = one.get("diagnosisCodeableConcept", {})
        for coding in concept.get("coding", ())[:1]:
            yield " ".join(part for part in (coding.get("code"), coding.get("display") or concept.get("text")) if part)


def _sender(payer: str, at: At) -> Sender:
    """Return the payer's office: as the plan has set it up, else by its name alone."""
    said: Any = at.settings.get("letters", {}).get(payer)
    if said is not None:
        try:
            return msgspec.convert(said, Sender)
        except msgspec.ValidationError as fault:
            raise Problem("invalid", f"settings: letters.{payer}: {fault}") from None
    known = runs.catalog(at.settings).payers.get(payer)
    name = payer if known is None else known.name
    office = Contact(name)
    return Sender(
        name=name,
        line=_LINES.get(payer, "medicaid-managed-care"),
        state="MA",
        contact=office,
        appeals=office,
        fast_appeals=office,
        clinicians=office,
        notices=(),
        policy_page="",
        zone="",
    )
