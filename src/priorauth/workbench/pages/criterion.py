"""One criterion of a case, whole; its evidence against the days that count; its glucose readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from msgspec import Struct
from starlette.responses import Response

from priorauth.decide.page.criteria import Criteria
from priorauth.ledger import runs
from priorauth.ledger.compose import SETTLE
from priorauth.ledger.whole import Whole, Word
from priorauth.policy.tree import NamedReading
from priorauth.server import reads
from priorauth.server.problem import Problem
from priorauth.workbench import render, words
from priorauth.workbench.pictures import glucose, windows
from priorauth.workbench.view import case as cases
from priorauth.workbench.view import criteria, drawn, papers, ran, stated, veil
from priorauth.workbench.visit import Visit, page

_MOST_RUNS: Final = 30


class Part(Struct, frozen=True, kw_only=True):
    """A criterion of one item, with all that is known of it."""

    item: int
    product: str
    policy: str
    policy_id: str
    version: str
    criterion: criteria.Criterion
    brief: criteria.Criterion
    readings: tuple[NamedReading, ...]
    silent: bool


@page("criterion")
def criterion(visit: Visit) -> Response:
    """Show one criterion: what it asks, how we read it, every row, and what it was over the runs."""
    number, wanted = visit.path("case"), visit.path("criterion")
    case = cases.opened(visit, number, f"criterion {wanted[:60]}")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{number}/decide", "read-first")
    parts = tuple(_parts(visit, case.whole, wanted))
    if not parts:
        raise Problem("not-found", f"case {number} has no criterion {wanted[:60]}")
    drawer = drawn.drawer(visit, case.whole)
    said = tuple(one for one in case.whole.words if one.subject == f"{SETTLE}{wanted}")
    listed = stated.whole_of(visit, case.whole)
    return render.page(
        visit,
        "criterion.html",
        documented=stated.of_criteria(case.whole.determinations, listed).get(wanted, ()),
        quotes={one.reference: one for one in listed},
        case=case,
        id=wanted,
        parts_=parts,
        drawn={one.item: drawer.timeline(one.item, only=wanted) for one in parts},
        sources=papers.sources(visit, case.whole),
        history=tuple(_history(visit, case.whole, wanted)),
        said=said,
        own=_own(said, visit.who.person),
    )


def _parts(visit: Visit, whole: Whole, wanted: str) -> Iterator[Part]:
    catalog = runs.catalog(visit.plan["settings"])
    for made in whole.determinations:
        found = criteria.find(made, wanted)
        if found is None:
            continue
        policy = windows.policy_of(made, catalog)
        known: Mapping[str, NamedReading] = (policy.readings or {}) if policy is not None else {}
        names = dict.fromkeys(name for one in criteria.every((found,)) for name in one.readings)
        yield Part(
            item=made.item,
            product=made.request.product or "no product code",
            policy=made.policy.title if made.policy else "",
            policy_id=made.policy.id if made.policy else "",
            version=made.policy.version if made.policy else "",
            criterion=found,
            brief=criteria.find(made, wanted, whole=False) or found,
            readings=tuple(known[name] for name in names if name in known),
            silent=found.silent,
        )


def _history(visit: Visit, whole: Whole, wanted: str) -> Iterator[tuple[ran.Ran, str]]:
    """Yield what each run, the newest first, said of a criterion."""
    for one in ran.listed(whole)[:_MOST_RUNS]:
        _, made = reads.run(visit.store, visit.who, whole.head.case_no, one.number)
        said = []
        for each in made:
            found = Criteria(each).by_id.get(wanted)
            role = Criteria(each).role[id(found)] if found is not None else None
            said.append("not asked" if found is None else words.status(found.status, role))
        yield one, "; ".join(dict.fromkeys(said))


def _own(said: tuple[Word, ...], person: str | None) -> Word | None:
    """Return the reader's own word that stands, which she may take back."""
    hers = [one for one in said if one.person == person and one.kind != "proposal"]
    return hers[-1] if hers and hers[-1].kind == "settlement" else None


@page("timeline")
def timeline(visit: Visit) -> Response:
    """Show the evidence of a case against the days that count, and its results over time."""
    case = cases.opened(visit, visit.path("case"), "timeline")
    if veil.veiled(visit, case):
        return visit.see(f"/c/{case.number}/decide", "read-first")
    every = visit.asked("show") == "every"
    drawer = drawn.drawer(visit, case.whole)
    shown = {one.item: drawer.timeline(one.item, every=every) for one in case.shown}
    results = {one.item: tuple(drawer.results(one.item)) for one in case.shown}
    return render.page(visit, "timeline.html", case=case, drawn=shown, results=results, every=every)


@page("glucose")
def glucose_page(visit: Visit) -> Response:
    """Show the glucose readings of a case: the latest days of each kind of device, from which files."""
    case = cases.opened(visit, visit.path("case"), "glucose")
    book = glucose.logbook(_logs(visit, case), visit.plan["settings"].get("log_zone"))
    on = date.fromisoformat(case.shown[0].as_of) if case.shown else case.whole.head.received
    shown = () if book is None else glucose.shown(book, on)
    drawn_ = [(one, tuple(glucose.pictures(one)), glucose.table(one)) for one in shown]
    return render.page(visit, "glucose.html", case=case, drawn=drawn_, on=on)


def _logs(visit: Visit, case: cases.Case) -> Iterator[tuple[str, bytes]]:
    """Yield the files in which readings may stand: the logs, the resources that came, the request."""
    for one in case.whole.documents:
        if not one.wrong and runs.part_of(one.kind, one.media) is not None:
            yield one.name, reads.content(visit.store, visit.who, one.sha256)
    last = [one for one in case.whole.submissions if one.kind == "request"][-1]
    yield "request.json", reads.content(visit.store, visit.who, last.sha256)
