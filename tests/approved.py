"""Charts that are approved, and drawn charts near them: the worked cases moved to one day, with some facts changed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec.structs import replace

from priorauth.engines.python.outcome import decide
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Period, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.catalog import open_catalog
from priorauth.record.read import read_bundle
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.casebook.kept import every
from tests.draw import AS_OF, Draw

MINUTES = 1440


@cache
def approved(policy: str, version: str) -> tuple[Case, ...]:
    """Give the worked cases that this version approves when they are asked on the drawn cases' day.

    Those that a clinician judged stand in where a version approves no other, as of a text that was read in part.
    """
    catalog = open_catalog()
    chosen = next(one for one in catalog.all() if (one.id, one.version) == (policy, version))
    found: tuple[Case, ...] = ()
    for judged in (False, True):
        moved_here = (moved(case, catalog.vocabulary) for case in worked(chosen.payer, judged=judged))
        found = found or tuple(
            case for case in moved_here if decide(chosen, case, catalog.vocabulary, catalog.common).outcome == "approve"
        )
    return found


@cache
def worked(payer: str, *, judged: bool) -> tuple[Case, ...]:
    """Read the worked cases of a payer that expect an approval, with a clinician's judgment or without one."""
    found, known = list[Case](), open_catalog()
    short = {"uhc-medicare-advantage": ("uhc",), "medicare": ("uhc", "medicare")}.get(payer, (payer,))
    for kept in every():
        if not any(name in str(kept) for name in short):
            continue
        one = kept.load()
        if one["expect"].get("outcome") == "approve" and bool(one.get("judgments")) == judged:
            read = read_bundle(
                one["bundle"],
                name=f"{kept.name}.json",
                vocabulary=known.vocabulary,
                units=known.units,
                judgments=one.get("judgments"),
            )
            found += [
                Case(dates.day(one["as_of"]) if one.get("as_of") else request.requested_on, request.rows)
                for request in read.requests
            ]
    return tuple(found)


def moved(case: Case, vocabulary: Vocabulary) -> Case:
    """Move every day of a case, so that it is asked on the drawn cases' day."""
    by = AS_OF - case.as_of
    rows = [row for listed in case.rows.values() for row in listed]
    return Case(AS_OF, by_fact([_moved(row, by, vocabulary) for row in rows]))


def _moved(row: Row, by: int, vocabulary: Vocabulary) -> Row:
    def day(value: int) -> int:
        return value if value in (FIRST_DAY, LAST_DAY) else value + by

    if isinstance(row, Period):
        starts = {"start_first": day(row.start_first), "start_last": day(row.start_last)}
        return replace(row, **starts, end_first=day(row.end_first), end_last=day(row.end_last))
    row = replace(row, first=day(row.first), last=day(row.last))
    if getattr(row, "minute", None) is not None:
        row = replace(row, minute=row.minute + by * MINUTES)  # type: ignore[union-attr, operator]
    fact = vocabulary.facts.get(row.fact)
    if isinstance(row, Answer) and fact is not None and fact.values == ("date",):
        low, high = (None if end is None else day(end) for end in (row.low, row.high))
        row = replace(row, low=low, high=high)
    return row


def mixed(draw: Draw, count: int) -> list[Case]:
    """Draw so many cases for a policy: two of three from all that it reads, the third near an approved one."""
    close = near(draw, approved(draw.policy.id, draw.policy.version))
    return [next(close) if place % 3 == 2 else draw.case() for place in range(count)]


def near(draw: Draw, cases: tuple[Case, ...]) -> Iterator[Case]:
    """Draw cases near approved ones: most facts as on file, some missing, or with drawn rows beside it or alone."""
    facts = sorted(draw.days)
    while True:
        case = draw.pick(cases)
        rows = dict(case.rows)
        for _ in range(int(draw.rng.integers(0, 7))):
            name = draw.pick(facts)
            fact = draw.vocabulary.facts.get(name)
            drawn = [] if fact is None or draw.chance(0.4) else list(draw.rows(fact))
            kept = () if draw.chance(0.5) else tuple(one for one in rows.get(name, ()) if one.source != Source.SHOWN)
            rows[name] = (*kept, *drawn)
        for forms, make in ((draw.begun, draw.began), (draw.results, draw.failing)):
            if forms and draw.chance(0.12):
                name = draw.pick(sorted(forms))
                rows[name] = tuple(make(draw.pick(forms[name])))
        yield Case(AS_OF, by_fact([row for listed in rows.values() for row in listed]))
