"""The record fails closed: whatever is done to an approved case, nothing is approved on what was damaged.

A table of damages x resources and elements, over every worked case that is approved: after a damage either nothing is
approved, or neither the evidence nor the silences of the approval touch what was damaged. A second table puts in what
speaks against the approval and cannot be read; a third, what says nothing: there the approval stays.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.record.damage import Damage
from tests.record.fails_closed import (
    ALL,
    TABLE,
    Pair,
    Tally,
    drawn,
    kinds,
    looked_at,
    mention_kinds,
    mentioned,
    spoken_of,
    strike,
    table,
    wrong,
)
from tests.record.harmless import HARMLESS
from tests.record.mentions import MENTIONS
from tests.record.worked import Said, approves, said, shown, worked

EACH, FEW, MANY = 8, 5, 60
"""Pairs of one damage and of one mention in a quick run, and of both in a slow one."""
AT_LEAST = 3000


@pytest.fixture
def tallies(pytestconfig: pytest.Config) -> dict[str, Tally]:
    return pytestconfig.stash.setdefault(ALL, {})


RUNS = [pytest.param(EACH, id="some"), pytest.param(MANY, id="many", marks=pytest.mark.slow)]


@pytest.mark.parametrize("most", RUNS)
@pytest.mark.parametrize("kind", kinds())
def test_no_approval_rests_on_what_was_damaged(kind: str, most: int, tallies: dict[str, Tally]) -> None:
    tally = tallies[f"{kind} {most}"] = Tally(kind)
    for damage in _of(kind):
        for pair in drawn(damage, most):
            strike(damage, pair, tally)
    _judge(tally)


@pytest.mark.parametrize("most", RUNS)
@pytest.mark.parametrize("kind", mention_kinds())
def test_what_speaks_against_an_approval_takes_it_away_however_it_is_said(
    kind: str,
    most: int,
    tallies: dict[str, Tally],
) -> None:
    tally = tallies[f"{kind} {most}"] = Tally(kind)
    for mention in MENTIONS:
        if mention.kind == kind:
            for one, key, unclear in mentioned(mention, FEW if most == EACH else most):
                spoken_of(mention, one, key, unclear, tally)
    _judge(tally)


@pytest.mark.parametrize("most", RUNS)
def test_what_says_nothing_takes_no_approval_away(most: int, tallies: dict[str, Tally]) -> None:
    tally = tallies[f"harmless {most}"] = Tally("harmless")
    for turn, (what, change) in enumerate(HARMLESS):
        for one in worked()[turn % 12 :: 12] if most == EACH else worked():
            case = change(one)
            if case is not None:
                found = said(case)
                lost = f"{what}: {one.case.name}: {found.refused or shown(found, one.items)}"
                tally.add(found, one.items, told=True, wrong="" if approves(found, one.items) else lost)
    _judge(tally)
    assert tally.approved == tally.pairs > 5 * len(HARMLESS)


def test_every_damage_strikes_something() -> None:
    assert [f"{one.kind}, {one.name}" for one in TABLE if not drawn(one, EACH)] == []


def test_every_mention_has_a_case_that_looks_at_it() -> None:
    assert [f"{one.kind}, {one.name}" for one in MENTIONS if not mentioned(one, FEW)] == []


def test_enough_pairs_are_drawn() -> None:
    assert len(worked()) > 200
    struck = sum(len(drawn(one, EACH)) for one in TABLE)
    spoken = sum(len(mentioned(one, FEW)) for one in MENTIONS)
    assert struck + spoken >= AT_LEAST


def test_a_plain_statement_that_nobody_looks_at_is_held_against_nothing() -> None:
    """The control can fail: a policy without a word on the fact approves beside the plain statement."""
    renal = next(one for one in MENTIONS if one.fact == "end_stage_renal_disease")
    other = [one for one in worked() if renal.fact not in one.assumed]
    assert other
    assert not any(looked_at(one, key, plain) for one in other[:3] for key, plain, _ in renal.plain(one))


def test_an_approval_that_touches_what_was_damaged_is_found_wrong() -> None:
    """The harness can fail: evidence that names it, a silence that was ended, an approval where there is none."""
    statuses = next(one for one in TABLE if (one.kind, one.name) == ("Observation: status", "unknown"))
    pair = next(one for one in drawn(statuses, EACH) if one.reference in one.worked.evidence)
    assert wrong(statuses, pair, _approval(pair, {pair.reference})) == f"evidence names {pair.reference}"
    drafts = next(one for one in TABLE if one.name == "status 'draft'")
    assert wrong(drafts, drawn(drafts, EACH)[0], _approval(drawn(drafts, EACH)[0])).startswith("approved")
    answered = pair._replace(change=pair.change._replace(silent="unable_to_monitor_glucose"))
    silenced = _approval(pair, assumed={"unable_to_monitor_glucose"})
    assert wrong(statuses, answered, silenced) == "silence settles unable_to_monitor_glucose"
    needed = next(one for one in drawn(statuses, EACH) if one.reference in one.worked.contested)
    assert wrong(statuses, needed, _approval(needed)).startswith("stated plainly")


def _approval(pair: Pair, evidence: Iterable[str] = (), assumed: Iterable[str] = ()) -> Said:
    count = 1 + max(pair.worked.items)
    return Said(("approve",) * count, (frozenset(evidence),) * count, (frozenset(assumed),) * count)


def _of(kind: str) -> list[Damage]:
    return [one for one in TABLE if one.kind == kind]


def _judge(tally: Tally) -> None:
    """Print the line, and fail with every wrong pair."""
    print(table([tally]))
    if tally.wrong:
        pytest.fail(f"{tally.kind}: {len(tally.wrong)} of {tally.pairs} pairs are wrong\n" + "\n".join(tally.wrong))
    assert tally.pairs > 0
    assert tally.told > 0
