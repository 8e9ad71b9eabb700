"""What only a person can say in a letter, as fields of a form, and the letter as it stands in the frame of a page."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import structs
from starlette.responses import HTMLResponse, Response

from priorauth.ledger.acts.notices import MakeNotice
from priorauth.ledger.allowed import defaults
from priorauth.letters.decided import CHILD
from priorauth.letters.facts import Recipient
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.view import letters
from priorauth.workbench.view.case import Case
from priorauth.workbench.visit import Visit

CHANNELS: Final = (("post", "by post"), ("fax", "by fax"), ("portal", "by the portal"), ("hand", "by hand"))
_YOUNG: Final = "husky"
"""The line whose letters say of the young how the wider test was applied."""
_FONT: Final = re.compile(r"@font-face\s*\{[^}]*\}")
"""A font of the printer, which a browser cannot reach."""
_BODY: Final = re.compile(r"<body[^>]*>")
_MEMBER: Final = (
    "approval",
    "adverse",
    "appeal-decision",
    "appeal-received",
    "extension",
    "missed-clock",
    "oral-notice",
)
"""Kinds that go to the member, with a copy to the prescriber; the others go to the prescriber."""
_FORMS: Final = "forms"
"""The setting of a plan with the official forms that it has installed, by their number."""


def act(  # noqa: PLR0913 - what a letter is made from
    visit: Visit, case: Case, form: Form, kind: str, item: int, *, replaces: int | None = None
) -> MakeNotice:
    """Return the act that makes a letter as the form has it; what is wrong stands with the form."""
    mailed = form.day("mailed", "Write the day of mailing as in 2026-11-27.") if form.said("mailed") else None
    channel = form.said("channel") or CHANNELS[0][0]
    if channel not in dict(CHANNELS):
        form.wrong["channel"] = "Choose how it is sent."
        channel = CHANNELS[0][0]
    to: Recipient = "member" if kind in _MEMBER else "prescriber"
    return MakeNotice(
        case=case.number,
        kind=kind,
        mailed=mailed or letters.day_of(visit.now, visit),
        channel=channel,  # type: ignore[arg-type]  # one of the four
        to=to,
        copies=("prescriber",) if to == "member" else (),
        item=item,
        replaces=replaces,
        more=_more(visit, case, form, kind),
    )


def context(visit: Visit, case: Case, kind: str) -> dict[str, Any]:
    """Return what the fields of a letter need: the office that writes it, what its line asks, days that are drafted."""
    sender = letters.office(visit, case.whole.head.payer)
    owes = letters.owes(sender)
    today = letters.day_of(visit.now, visit)
    days = int(visit.plan["settings"].get("call_days", defaults()["call_days"]))
    call_by = dt.datetime.combine(today + dt.timedelta(days=days), dt.time(17), visit.zone)
    age = next((one.request.age for one in case.whole.determinations), None)
    return {
        "letter_kind": kind,
        "office": sender,
        "owes": owes,
        "channels": CHANNELS,
        "today": today.isoformat(),
        "call_by": f"{call_by:%Y-%m-%d %H:%M}",
        "epsdt": bool(sender and sender.line == _YOUNG and (age is None or age < CHILD)),
        "subset": any(one.outcome == "other-criteria" for one in case.whole.determinations),
        "asks": letters.asks(sender, kind),
    }


def _more(visit: Visit, case: Case, form: Form, kind: str) -> dict[str, Any]:
    """Return what a person says in a letter of a kind."""
    made = _MORE.get(kind)
    more = made(visit, case, form) if made else {}
    return {name: value for name, value in more.items() if value not in ("", (), [], None)}


def _adverse(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    call_by = form.moment("call_by", visit.zone, "Write until when the prescriber may call, as in 2026-11-27 17:00.")
    return {
        "call_by": call_by.isoformat() if call_by else "",
        "relies": lines(form, "relies"),
        "alternatives": lines(form, "alternatives"),
        "epsdt": form.text("epsdt"),
        "subset": form.text("subset"),
        "denial_code": form.text("denial_code"),
        **_installed(visit, case),
    }


def _installed(visit: Visit, case: Case) -> dict[str, Any]:
    """Return the official form that the line asks for, as the plan has installed it."""
    owes = letters.owes(letters.office(visit, case.whole.head.payer))
    wanted = owes.form if owes else ""
    return {"form": visit.plan["settings"].get(_FORMS, {}).get(wanted)} if wanted else {}


def _appeal(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    del visit, case
    outside = form.day("sent_outside", None)
    return {
        "new_facts": lines(form, "new_facts"),
        "packet": lines(form, "packet"),
        "sent_outside": outside.isoformat() if outside else "",
    }


def _received(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    decide_by = case.clocks.due_at
    return {
        "reviewer": _clinician(visit, form),
        "decide_by": decide_by.astimezone(visit.zone).isoformat() if decide_by else "",
        "fast": case.whole.head.priority == "expedited",
    }


def _reviewed(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    del case
    return {"reviewer": _clinician(visit, form)}


def _clinician(visit: Visit, form: Form) -> dict[str, Any]:
    """Return the clinician that a letter names, as letters have it."""
    chosen = next((one for one in letters.clinicians(visit) if one["key"] == form.said("clinician")), None)
    if chosen is None:
        form.wrong["clinician"] = "Choose the clinician."
        return {}
    return {name: value for name, value in chosen.items() if name not in ("key", "says")}


def _extension(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    del visit, case
    return {"why": form.text("extends", "Write in a sentence why it takes longer.")}


def _missed(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    del form
    return _installed(visit, case)


def _call(visit: Visit, case: Case, form: Form) -> dict[str, Any]:
    call = case.whole.head.about.get("call") or {}
    at = call.get("at")
    if not at:
        form.wrong["kind"] = "No call is booked."
        return {}
    local = dt.datetime.fromisoformat(at).astimezone(visit.zone)
    return {"at": local.isoformat(), "minutes": call["minutes"], "clinician": _clinician(visit, form)}


_MORE: Final[Mapping[str, Callable[[Visit, Case, Form], dict[str, Any]]]] = {
    "adverse": _adverse,
    "appeal-information": _reviewed,
    "appeal-decision": _appeal,
    "appeal-received": _received,
    "extension": _extension,
    "missed-clock": _missed,
    "peer-call": _call,
}


def lines(form: Form, name: str) -> tuple[str, ...]:
    """Return what was typed in a field, a line each."""
    return tuple(line.strip() for line in form.text(name).splitlines() if line.strip())


def framed(found: letters.Looked) -> Response:
    """Return a letter for a frame of our own page: looked at, or why it cannot be made."""
    beside = bytes(render.plain("letter-look.html", found=found).body).decode()
    opened = _BODY.search(found.html)
    page = f"{found.html[: opened.end()]}{beside}{found.html[opened.end() :]}" if opened else beside
    return in_frame(page)


def in_frame(page: str) -> Response:
    """Return the page of a letter so that a frame of ours may show it, and nothing in it runs."""
    return HTMLResponse(
        _FONT.sub("", page), headers={"Content-Security-Policy": letters.FRAMED, "X-Frame-Options": "SAMEORIGIN"}
    )


def with_marks(visit: Visit, form: Form, made: MakeNotice) -> MakeNotice:
    """Return the act with the key and the version of its form."""
    return structs.replace(made, key=visit.key(form), version=visit.version(form))
