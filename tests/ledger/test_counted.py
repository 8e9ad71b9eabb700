"""Behind every figure of a year stand exactly as many cases as it counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from priorauth.ledger import counted, metrics
from priorauth.ledger.counted import EVERY, Asked
from priorauth.ledger.metrics import Part, Year
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from tests.ledger.house import NURSE, SYSTEM, furnish
from tests.ledger.year import COUNTED_AT, played


def figures(found: Year) -> Iterator[tuple[Asked, int]]:
    """Yield every figure with the number that it says."""
    for part in found.parts:

        def of(figure: str, part: Part = part) -> Asked:
            return Asked(figure=figure, line=part.line, contract=part.contract)

        yield of("requests"), part.requests
        yield of("in-part"), part.in_part
        for one in part.shares:
            yield of(one.id), one.counted
            yield of(f"{one.id}.of"), one.of
        for time in part.times:
            yield of(time.id), time.timed
            yield of(f"{time.id}.untimed"), time.untimed
    beside = found.beside
    yield Asked(figure="requests"), beside.questions.requests
    yield Asked(figure="asked-again"), len(beside.questions.asked_again)
    yield Asked(figure="by-rule"), beside.by_rule.by_rule
    yield Asked(figure="sample"), len(beside.by_rule.sample)
    for clock in beside.clocks:
        yield Asked(figure=f"clock-kept.{clock.rule}"), clock.kept
        yield Asked(figure=f"clock-missed.{clock.rule}"), len(clock.missed)
    for over in beside.overturns:
        yield Asked(figure=f"against.{over.criterion}"), over.denied
        yield Asked(figure=f"appealed.{over.criterion}"), over.appealed
        yield Asked(figure=f"overturned.{over.criterion}"), over.overturned


@pytest.mark.slow
def test_each_figure_of_the_worked_year_is_the_number_of_its_cases(store: Store) -> None:
    played(store)
    found = metrics.year(store, SYSTEM, 2026, COUNTED_AT)
    listed = [(asked, number) for asked, number in figures(found)]
    assert len(listed) > 60
    for asked, number in listed:
        assert len(counted.cases(store, SYSTEM, 2026, asked, COUNTED_AT)) == number, asked
    timed = [one for part in found.parts for one in part.times]
    spent = counted.cases(store, SYSTEM, 2026, Asked(figure="standard-time"), COUNTED_AT)
    assert len(spent) == sum(one.timed for one in timed if one.id == "standard-time")
    edges = [None, 24, 72, 168, None]
    parted = [
        counted.cases(store, SYSTEM, 2026, Asked(figure="standard-time", above=low, until=high), COUNTED_AT)
        for low, high in zip(edges, [*edges[1:-1], None, None], strict=False)
    ]
    assert sum(map(len, parted[:4])) == len(spent)
    shares = [one for part in found.parts for one in part.shares]
    for one in shares:
        part = next(part for part in found.parts if one in part.shares)
        asked = Asked(figure=one.id, line=part.line, contract=part.contract)
        numbers = tuple(each.case for each in counted.cases(store, SYSTEM, 2026, asked, COUNTED_AT))
        assert numbers == metrics.cases(store, SYSTEM, one), asked


@pytest.mark.parametrize("name", ["", "nothing", "standard-approved.other", "clock-kept", "requests.of", "against"])
def test_a_figure_that_is_none_is_not_found(store: Store, name: str) -> None:
    furnish(store)
    with pytest.raises(Refusal, match="no figure is named"):
        counted.cases(store, SYSTEM, 2026, Asked(figure=name), COUNTED_AT)


def test_a_year_without_decisions_counts_no_case_and_a_nurse_counts_none(store: Store) -> None:
    furnish(store)
    for asked in (
        Asked(figure="requests"),
        Asked(figure="sample", line=None),
        Asked(figure="overturned.X", line=EVERY),
    ):
        assert counted.cases(store, SYSTEM, 2026, asked, COUNTED_AT) == ()
    with pytest.raises(Refusal, match="not for the role"):
        counted.cases(store, NURSE, 2026, Asked(figure="requests"), COUNTED_AT)
