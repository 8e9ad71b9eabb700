"""What a template is given: the facts of a letter, and what is counted or looked up from them for its kind."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import Criteria, named
from priorauth.letters import asked, barcode, claim, drafts, rights, templates
from priorauth.letters.facts import Facts, Mailing
from priorauth.letters.forms import forms
from priorauth.letters.kinds import (
    Adverse,
    AppealDecision,
    AppealInformation,
    Approval,
    Checklist,
    ClaimSheet,
    Extension,
    FaxCover,
    HearingRequest,
    Information,
    Kind,
    MissedClock,
    Necessity,
    OralNotice,
    PeerCall,
    ReviewWorksheet,
    kind_of,
)
from priorauth.letters.lines import Owed, owed
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Criterion, Group

TITLES: Final[Mapping[Kind, str]] = {
    "approval": "Your request is approved",
    "information": "We need facts from you",
    "adverse": "Your request is not approved",
    "appeal-received": "We have your appeal",
    "appeal-information": "We need facts for the appeal",
    "appeal-decision": "The answer to your appeal",
    "extension": "We need more time",
    "missed-clock": "We did not decide in time",
    "oral-notice": "Script: telling a decision by phone",
    "necessity": "Prescription and letter of medical necessity",
    "request-form": "Request for prior authorization",
    "claim-sheet": "The request, field by field",
    "quote": "Quote",
    "review-worksheet": "Worksheet: review of insulin pumps",
    "checklist": "Checklist of papers",
    "fax-cover": "Fax cover sheet",
    "hearing-request": "Request for a hearing",
    "representative": "Someone acts for me",
    "peer-call": "Call between clinicians",
}
_ACTIONS: Final = {
    "part": "A part of your request is approved",
    "reduction": "We will pay for less from now on",
}


def title(facts: Facts) -> str:
    """Return the heading of a letter."""
    says = facts.says
    if isinstance(says, Adverse):
        form = owed(facts.sender.line, facts.sender.state).form
        if form:
            return f"What goes into form {form}"
        return _ACTIONS.get(says.action, TITLES["adverse"])
    if isinstance(says, Approval) and says.refused:
        return _ACTIONS["part"]
    return TITLES[kind_of(says)]


def view(facts: Facts) -> dict[str, object]:
    """Return the values that the template of a letter names."""
    right = owed(facts.sender.line, facts.sender.state)
    given = rights.of(facts)
    return {
        "f": facts,
        "s": facts.says,
        "o": right,
        "a": given,
        "kind": kind_of(facts.says),
        "title": title(facts),
        "css": Markup((templates.FOLDER / "letter.css").read_text("utf-8")),  # noqa: S704 - our own file
        "article": "an" if given.called[0] in "aeiou" else "a",
        "cut": isinstance(facts.says, Adverse) and facts.says.action == "reduction",
        "final": isinstance(facts.says, Adverse) and facts.says.final,
        **_of_kind(facts, right),
    }


def _of_kind(facts: Facts, right: Owed) -> dict[str, object]:
    found = facts.determination
    match facts.says:
        case Approval():
            return {"continued": continued(found)}
        case Information() | AppealInformation() | Extension():
            return {"wanted": asked.wanted(found)}
        case Adverse() as says:
            return {"relies": (*right.relies, *says.relies), "form": forms().get(right.form)}
        case MissedClock():
            days = right.missed.days
            by = facts.received + dt.timedelta(days=days) if days else None
            return {"hearing_by": by, "form": forms().get(right.form)}
        case OralNotice() as says:
            days = right.written.days if right.written else None
            return {"written_by": says.at.date() + dt.timedelta(days=days or 0)}
        case AppealDecision() as says:
            return {"before": dt.date.fromisoformat(says.first.as_of), "now": dt.date.fromisoformat(found.as_of)}
        case Necessity():
            return {"paragraphs": drafts.paragraphs(found)}
        case ClaimSheet():
            return {"fields": claim.fields(facts)}
        case ReviewWorksheet():
            return {"fields": drafts.fields(found)}
        case Checklist():
            return {"papers": drafts.papers(found), "wanted": asked.wanted(found)}
        case FaxCover():
            return {"barcode": picture(facts.case)}
        case HearingRequest() as says:
            return {"hearing_by": rights.appeal(right, Mailing(says.notice_of, "post")).last}
        case PeerCall():
            return {"open": tuple(named(one) for one in Criteria(found).asked if one.status != "met")}
        case _:
            return {}


def picture(case: str) -> str:
    """Return the barcode of a case number as a picture that the page carries itself."""
    return f"data:image/svg+xml;base64,{base64.b64encode(barcode.svg(case).encode()).decode()}"


def continued(found: Determination) -> tuple[str, ...]:
    """Return what the policy asks for continued use, by the titles of its paragraphs; nothing where it has none."""
    if found.policy is None:
        return ()
    for version in open_catalog().versions(found.policy.id):
        if version.sha256 == found.policy.sha256:
            ways = [way.require for way in version.pathways if way.id == "continued-use"]
            return tuple(dict.fromkeys(title for way in ways for title in _titles(way)))
    return ()


def _titles(criterion: Criterion) -> tuple[str, ...]:
    if criterion.id and criterion.title:
        return (criterion.title,)
    parts = criterion.test.parts if isinstance(criterion.test, Group) else ()
    return tuple(title for part in parts for title in _titles(part))
