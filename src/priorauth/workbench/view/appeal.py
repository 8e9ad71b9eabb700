"""An appeal as its reviewer sees it: the first decision and its run beside the run of the enlarged record; clocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.criteria import named
from priorauth.ledger import clocking, difference
from priorauth.ledger.clocks import appeals, select
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks import words as clock_words
from priorauth.ledger.whole import Decision, Document, Whole
from priorauth.server import reads
from priorauth.workbench.view import case as cases
from priorauth.workbench.view.criteria import APPLY
from priorauth.workbench.visit import Visit


class Beside(Struct, frozen=True):
    """A criterion in the first run and in that of the appeal: marks, words and values; ``other``: they differ."""

    id: str
    title: str
    before: str
    before_says: str
    before_value: str
    after: str
    after_says: str
    after_value: str
    other: bool


class Review(Struct, frozen=True, kw_only=True):
    """All that a reviewer of an appeal sees beside the case itself. ``level``: 1 is the first appeal."""

    base: str
    level: int
    filed_by: str
    fast: bool
    clock: tuple[str, ...]
    reviewer: str
    decisions: tuple[Decision, ...]
    first_run: int
    names: dict[str, str]
    criteria: tuple[Beside, ...]
    different: tuple[str, ...]
    new: tuple[Document, ...]
    kept: tuple[Document, ...]


def review(visit: Visit, whole: Whole, reviewer: str) -> Review:
    """Return an appeal beside what is appealed."""
    base = reads.case(visit.store, visit.who, whole.head.base or "")
    level = 1
    above = base
    while above.head.kind == "appeal" and above.head.base:
        above, level = reads.case(visit.store, visit.who, above.head.base), level + 1
    first_run = max((one.run for one in base.decisions), default=base.head.runs)
    _, before = reads.run(visit.store, visit.who, base.head.case_no, first_run)
    known = {one.sha256 for one in base.documents}
    about = whole.head.about
    signers = [one.signer for one in base.decisions if one.signer]
    return Review(
        base=base.head.case_no,
        level=level,
        filed_by=str(about.get("filed_by", "")),
        fast=whole.head.priority == "expedited",
        clock=tuple(_clock(visit, whole, level)),
        reviewer=reviewer,
        decisions=base.decisions,
        first_run=first_run,
        names=cases.names(visit, signers),
        criteria=tuple(_beside(before, whole.determinations)),
        different=tuple(difference.sentences(difference.differences(before, whole.determinations))),
        new=tuple(one for one in whole.documents if one.sha256 not in known),
        kept=tuple(one for one in whole.documents if one.sha256 in known),
    )


def _clock(visit: Visit, whole: Whole, level: int) -> Iterator[str]:
    """Yield until when the law wants this level of appeal decided, with the figure and where it is written."""
    found = clocking.running_of(whole.head.about, clocking.book_of(visit.plan["settings"]))
    if found is None:
        return
    book = clocking.book_of(visit.plan["settings"])
    received = (h.Received(whole.head.received_at),)
    for way in select.appeals_of(book, found.clocks):
        one = way.levels[level - 1] if level <= len(way.levels) else None
        if one is None:
            continue
        rule = appeals.decision_clock(way, one, found.request.urgency, found.request.kind)
        stand = None if rule is None else d.due(rule, received, found.calendar, visit.now)
        if rule is None or not isinstance(stand, d.Due):
            yield f"{one.name}: {one.says}"
            continue
        said = clock_words.moment(stand.at, found.calendar, zone=True)
        yield f"{one.name}: decide by {said} ({clock_words.figure(rule.within)})"


def _beside(before: Sequence[Determination], after: Sequence[Determination]) -> Iterator[Beside]:
    """Yield every numbered criterion of the two runs, in the order of the newer one."""
    old, new = _flat(before), _flat(after)
    for name in dict.fromkeys((*new, *old)):
        one, two = old.get(name), new.get(name)
        either = [each for each in (two, one) if each is not None]
        if all(each.status == "not-applicable" for each in either):
            continue
        title = named(either[0]).removesuffix(f" ({name})")
        first, second = _said(one), _said(two)
        yield Beside(name, title, *first, *second, other=first != second)


def _flat(made: Sequence[Determination]) -> dict[str, Assessed]:
    """Return the numbered criteria by id; what stands below one that is shown is not needed."""
    found: dict[str, Assessed] = {}
    waiting = [one for each in reversed(made) for one in reversed(each.criteria)]
    while waiting:
        one = waiting.pop()
        if one.id is not None:
            found.setdefault(one.id, one)
        if one.id is None or one.status != "met":
            waiting.extend(reversed(one.parts))
    return found


def _said(one: Assessed | None) -> tuple[str, str, str]:
    if one is None:
        return "not-applicable", "not needed", ""
    apart = one.role in APPLY and one.status == "not-met"
    return (
        "not-applicable" if apart else one.status,
        words.status(one.status, one.role),
        words.value(one.value) if one.value else "",
    )
