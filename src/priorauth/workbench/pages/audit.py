"""The audit: the story of a case with its replay and export; every event of the plan searched, handed out, checked."""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import msgspec
from sqlalchemy import select
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from priorauth.ledger import tables as t
from priorauth.ledger import trail
from priorauth.ledger.acts.audit import OF, LookInto
from priorauth.ledger.care import casefile, export, replay, verify
from priorauth.ledger.columns import canonical, written
from priorauth.ledger.trail import Entry, Sought
from priorauth.server.problem import Problem
from priorauth.workbench import render, sheets
from priorauth.workbench.forms import Form
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import trail as view
from priorauth.workbench.view import veil
from priorauth.workbench.visit import Visit, form, page
from priorauth.workbench.words import ROLE

MOST: Final = 50
"""How many events a page shows."""
MOST_OUT: Final = 200_000
"""How many events are handed out at once."""
MOST_FAULTS: Final = 200
_CHAINS: Final = ("cases", "plan")
_FORMS: Final = ("ndjson", "csv")
_ASKED: Final = ("person", "what", "case", "since", "until", "chain")
_CSV_HEAD: Final = ("at", "case", "event", "what", "person", "role", "organisation", "says", "why", "sealed")


# ---- one case


@page("case-audit")
def story(visit: Visit) -> Response:
    """Tell what happened to a case, day by day."""
    return _story(visit)


@form("audit-replay")
def replayed(visit: Visit, form: Form) -> Response:
    """Do the runs of the case again: the same bit for bit, or what differs."""
    del form
    return _story(visit, again=True)


def _story(visit: Visit, *, again: bool = False) -> Response:
    number = visit.path("case")
    case = cases.opened(visit, number, "replay of its runs" if again else "audit")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    found = trail.story(visit.store, visit.who, number)
    names = cases.names(visit, {one.person for one in found.entries if one.person} | set(case.names))
    done = list(replay.replay_case(visit.store, visit.session.tenant, number)) if again else []
    return render.page(
        visit,
        "audit-case.html",
        case=case,
        names=names,
        roles=ROLE,
        days=view.days(found.entries, names, visit.zone),
        knew=view.knew(case.whole, found.entries, names),
        count=len(found.entries),
        broken=found.broken,
        replayed=done,
        differ=[one for one in done if one.verdict != "same"],
    )


@form("audit-export")
def exported(visit: Visit, form: Form) -> Response:
    """Hand the case out: every row of it, its papers, a manifest of checksums; that it was is kept with the case."""
    del form
    number = visit.path("case")
    cases.opened(visit, number, "export of the case")
    folder = Path(tempfile.mkdtemp(prefix="priorauth-"))
    try:
        path = folder / "case.zip"
        made = export.export(visit.store, visit.session.tenant, number, path, casefile.papers)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    digest = base64.b64encode(bytes.fromhex(made.sha256)).decode()
    return FileResponse(
        path,
        media_type="application/zip",
        filename=f"case-{number}.zip",
        headers={"Repr-Digest": f"sha-256=:{digest}:"},
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


# ---- every event of the plan


@page("audit")
def searched(visit: Visit) -> Response:
    """Search the events."""
    typed = {name: visit.asked(name)[:64] for name in _ASKED}
    wrong: dict[str, str] = {}
    sought = _sought(visit, typed, wrong)
    return _shown(visit, typed, sought, wrong)


def _shown(
    visit: Visit, typed: Mapping[str, str], sought: Sought, wrong: Mapping[str, str], status: int = 200
) -> Response:
    after = _place(visit.asked("after"))
    found = trail.found(visit.store, visit.who, sought, after=after, most=MOST) if not wrong else trail.Found((), None)
    everybody = _people(visit)
    names = dict(everybody)
    kept = {name: value for name, value in typed.items() if value}
    further = None if found.next is None else urlencode({**kept, "after": _cursor(found.next)})
    return render.page(
        visit,
        "audit.html",
        422 if wrong and status == 200 else status,  # noqa: PLR2004 - the statuses of HTTP
        typed=typed,
        kept=kept,
        form=Form(fields={name: (value,) for name, value in typed.items()}, wrong=dict(wrong)),
        people=everybody,
        kinds=trail.kinds(visit.store, visit.who),
        told=[view.told(one, names, visit.zone) for one in found.entries],
        next=further,
        most=MOST_OUT,
    )


@form("audit-hand-out")
def handed_out(visit: Visit, form: Form) -> Response:
    """Hand out the events that are sought, as lines of JSON or for a spreadsheet; that they were is kept."""
    typed = {name: form.said(name)[:64] for name in _ASKED}
    wrong: dict[str, str] = {}
    sought = _sought(visit, typed, wrong)
    kind = form.one_of("form", _FORMS, "Choose NDJSON or CSV.")
    count = trail.counted(visit.store, visit.who, sought)
    if count > MOST_OUT:
        wrong["since"] = f"These are {count:,} events; at most {MOST_OUT:,} are handed out at once. Name fewer days."
    if wrong or form.wrong:
        return _shown(visit, typed, sought, wrong or form.wrong, 422)
    said = {**{name: value for name, value in typed.items() if value}, "events": count, "form": kind}
    visit.do(LookInto(of=OF[0], said=said, key=visit.key(form)))
    names = dict(_people(visit))
    entries = trail.streamed(visit.store, visit.who, sought, most=MOST_OUT)
    lines = _sheet(visit, entries, names) if kind == "csv" else map(_line, entries)
    media = sheets.MEDIA if kind == "csv" else "application/x-ndjson"
    headers = {"Content-Disposition": f'attachment; filename="events.{kind}"'}
    return StreamingResponse(lines, media_type=media, headers=headers)


@form("audit-check")
def checked(visit: Visit, form: Form) -> Response:
    """Look the whole ledger through: chains, numbers, blobs, state against events; that it was is kept."""
    visit.do(LookInto(of=OF[1], key=visit.key(form)))
    found = verify.verify(visit.store, visit.session.tenant)
    return render.page(visit, "audit-check.html", found=found, faults=found.faults[:MOST_FAULTS])


def _line(one: Entry) -> bytes:
    return canonical(msgspec.to_builtins(one, builtin_types=(dt.datetime,))) + b"\n"


def _sheet(visit: Visit, entries: Iterator[Entry], names: Mapping[str, str]) -> Iterator[str]:
    yield sheets.line(_CSV_HEAD)
    for one in entries:
        told = view.told(one, names, visit.zone)
        by = names.get(one.person or "", one.person)
        who = (by, one.role, one.organisation)
        yield sheets.line((written(one.at), one.case, one.number, one.what, *who, told.says, one.why, one.hash))


def _sought(visit: Visit, typed: Mapping[str, str], wrong: dict[str, str]) -> Sought:
    def day(name: str) -> dt.datetime | None:
        if not typed[name]:
            return None
        read = Form(fields={name: (typed[name],)})
        found = read.day(name, None)
        wrong.update(read.wrong)
        if found is None:
            return None
        try:
            return dt.datetime.combine(found, dt.time(), visit.zone).astimezone(dt.UTC)
        except OverflowError:
            wrong[name] = "Write the day as in 2026-11-27."
            return None

    until = day("until")
    return Sought(
        person=typed["person"] or None,
        what=typed["what"] or None,
        case=typed["case"].strip() or None,
        since=day("since"),
        before=None if until is None else until + dt.timedelta(days=1),
        chain=typed["chain"] if typed["chain"] in _CHAINS else None,  # type: ignore[arg-type]
    )


def _people(visit: Visit) -> Sequence[tuple[str, str]]:
    one = t.person.c
    query = select(one.person, one.name).where(one.tenant == visit.session.tenant).order_by(one.name, one.person)
    with visit.store.reading(visit.session.tenant) as connection:
        return [(row.person, row.name) for row in connection.execute(query)]


def _cursor(place: trail.Place) -> str:
    return base64.urlsafe_b64encode(canonical(list(place))).decode()


def _place(said: str) -> trail.Place | None:
    """Return where a page of events begins; raises Problem for what is no such place."""
    if not said:
        return None
    try:
        data = base64.b64decode(said[:400].encode(), altchars=b"-_", validate=True)
        at, case, number = msgspec.json.decode(data, type=tuple[dt.datetime, str, int])
        if at.tzinfo is not None and case.isprintable():
            return trail.Place(at.astimezone(dt.UTC), case, number)
    except (ValueError, msgspec.MsgspecError, OverflowError):
        pass
    raise Problem("invalid", "after: expected what the link to the next page says")
