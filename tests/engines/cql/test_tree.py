"""The policies as CQL, run by a peer engine: every criterion of every case as the engine here decides it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from priorauth.decide.trial import beside, trials
from priorauth.engines.cql import coded_facts, types
from priorauth.engines.cql import parameters as cql_rows
from priorauth.engines.cql.compile import Library, library, name_of, of_trees
from priorauth.engines.cql.outcome import TAKEN
from priorauth.engines.cql.pieces import identifier
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import Decision, decide
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.notation import Notation
from priorauth.facts.rows import SETTLE, Answer, Source
from priorauth.policy.catalog import open_catalog
from priorauth.policy.roots import roots
from priorauth.policy.tree import Criterion, Policy
from priorauth.values import dates, strict_yaml
from priorauth.values.dates import Duration, Unit
from priorauth.values.strict_yaml import Mapping as Map
from tests import asking
from tests.decide.test_conformance import decided
from tests.draw import AS_OF, Draw
from tests.engines.cql.peer import Peer, translated

CATALOG = open_catalog(Path(__file__).parents[2] / "fixtures" / "policies")  # a policy of a stranger's folder too
POLICIES: dict[str, Policy] = {
    f"{name_of(policy.id)}-{dates.iso(policy.effective.first)}": policy for policy in CATALOG.all()
}
PLAIN = "Conformance"
CONFORMANCE = Path(__file__).parents[2] / "conformance"
ODD = 'it\'s "so" \\ ${x} // /* \u2265'
UNITS: tuple[Unit, ...] = ("day", "week", "month", "year")
DAYS = "\n".join(
    [
        "library Days version '1'",
        "using FHIR version '4.0.1'",
        f"include PriorAuth version '{types.VERSION}' called PA",
        'parameter "on" Integer',
        'parameter "amount" Integer',
        'parameter "later" Integer',
        "context Patient",
        *(f'define "minus {unit}": ToString(PA.Minus("on", "amount", \'{unit}\'))' for unit in UNITS),
        *(f'define "plus {unit}": ToString(PA.Plus("on", "amount", \'{unit}\'))' for unit in UNITS),
        *(f'define "reach {unit}": ToString(PA.Reach("on", "amount", \'{unit}\'))' for unit in UNITS),
        'define "years": ToString(PA.YearsBetween("on", "later"))',
        'define "birthday": ToString(years between PA.DateOf("on") and PA.DateOf("later"))',
    ]
)


@pytest.fixture(scope="module")
def exported() -> dict[str, Library]:
    return {name: library(policy, CATALOG.vocabulary, CATALOG.common) for name, policy in POLICIES.items()}


@pytest.fixture(scope="module")
def conformance() -> tuple[dict[str, Library], list[tuple[str, str, str, Case]]]:
    """Every conformance case as a tree of a library, with the verdict written by hand and the rows given.

    Files that say what silence means have a library of their own each.
    """
    trees: dict[str, list[tuple[str, Criterion]]] = {PLAIN: []}
    heard, asked = {PLAIN: CATALOG.vocabulary}, []
    for path in sorted(CONFORMANCE.glob("*.yaml")):
        top = strict_yaml.read_file(path)
        notation = Notation(str(path), CATALOG.vocabulary, CATALOG.units)
        for place, case in enumerate(top["cases"], 1):
            assert isinstance(case, Map)
            name = f"{path.stem} {place}: {case['name']}"
            as_of = dates.day(str(case.get("request", top["request"])))
            library_name = "Heard" + path.stem.title().replace("-", "") if "silence" in top else PLAIN
            heard.setdefault(library_name, asking.heard(top))
            trees.setdefault(library_name, []).append((name, decided(path, top, case).criterion))
            asked.append((library_name, name, str(case["verdict"]), Case(as_of, notation.rows(case.get("given")))))
    trees[PLAIN].append((ODD, replace(trees[PLAIN][0][1], id=None)))
    asked.append((PLAIN, ODD, *asked[0][2:]))
    return {name: of_trees(name, listed, heard[name]) for name, listed in trees.items()}, asked


@pytest.fixture(scope="module")
def peer(
    exported: dict[str, Library],
    conformance: tuple[dict[str, Library], object],
    tmp_path_factory: pytest.TempPathFactory,
) -> Peer:
    libraries = {name: made.text for name, made in exported.items()}
    libraries |= {types.NAME: types.shared(), "Days": DAYS}
    libraries |= {name: made.text for name, made in conformance[0].items()}
    libraries[coded_facts.NAME] = coded_facts.coded_facts(CATALOG.vocabulary)
    return translated(tmp_path_factory.mktemp("cql"), libraries)


# ---- the text


def test_every_criterion_of_a_policy_is_a_definition_named_by_its_outline_id(exported: dict[str, Library]) -> None:
    made = exported["MasshealthInsulinPumps-2016-01-01"]
    assert all(name == criterion.id for name, criterion in made.criteria if criterion.id)
    assert all(f"\ndefine {identifier(name)}: PA.Criterion(" in made.text for name, _ in made.criteria)


def test_every_leaf_is_a_definition_named_by_its_line(exported: dict[str, Library]) -> None:
    text = exported["MasshealthInsulinPumps-2016-01-01"].text
    line = 'define "latest hba1c within hba1c_age > 7.0 %": PA.Latest('
    assert line + '"hba1c by side", "in: within 12 months", \'>\', 70, 90)\n' in text


# ---- the peer engine


def asked(name: str, case: Case, facts: tuple[str, ...], only: str | None = None) -> dict[str, Any]:
    return {"library": name, "parameters": cql_rows.parameters(case, facts), "only": only}


def test_cql_answers_every_conformance_case_as_written_by_hand(
    peer: Peer, conformance: tuple[dict[str, Library], list[tuple[str, str, str, Case]]]
) -> None:
    made, cases = conformance
    found = peer.answers([asked(place, case, made[place].facts, name) for place, name, _, case in cases])
    said = {name: answer[name] for (_, name, _, _), answer in zip(cases, found, strict=True)}
    assert len(said) > 400
    assert said == {name: verdict for _, name, verdict, _ in cases}


def test_every_criterion_of_two_hundred_cases_comes_out_the_same(peer: Peer, exported: dict[str, Library]) -> None:
    assert agree(peer, exported, each=20, seed=11) > 20_000


@pytest.mark.slow
def test_every_criterion_of_two_thousand_cases_comes_out_the_same(peer: Peer, exported: dict[str, Library]) -> None:
    assert agree(peer, exported, each=210, seed=23) > 200_000


@pytest.mark.slow
def test_cql_decides_the_cases_beside_the_policies_as_expected(peer: Peer, exported: dict[str, Library]) -> None:
    listed = [
        (name, trial)
        for name, policy in POLICIES.items()
        if beside(policy).exists()
        for trial in trials(beside(policy), CATALOG)
    ]
    found = peer.answers([asked(name, trial.case, exported[name].facts) for name, trial in listed])
    wrong = []
    for (name, trial), answer in zip(listed, found, strict=True):
        said: dict[str, set[str]] = {}
        for defined, criterion in exported[name].criteria:
            for one in (criterion.id, *criterion.also, *POLICIES[name].paragraphs(criterion)):
                said.setdefault(str(one), set()).add(answer[defined])
        wrong += [(trial.name, one, said[one]) for one, status in trial.expect.items() if status not in said[one]]
    assert len(listed) > 200
    assert wrong == []


def agree(peer: Peer, exported: dict[str, Library], *, each: int, seed: int) -> int:
    """Hold both engines against each other over drawn cases; gives the number of verdicts compared."""
    drawn = [(name, case) for name, policy in POLICIES.items() for case in cases(policy, exported[name], each, seed)]
    found = peer.answers([asked(name, case, exported[name].facts) for name, case in drawn])
    seen: Counter[str] = Counter()
    differ = []
    for (name, case), answer in zip(drawn, found, strict=True):
        expected, pathway = statuses(POLICIES[name], exported[name], case)
        seen.update(expected.values())
        differ += [(name, one, status, answer[one]) for one, status in expected.items() if answer[one] != status]
        if pathway is not None:
            assert answer[TAKEN] == pathway
    assert differ == []
    shares = {status: count / seen.total() for status, count in seen.items()}
    assert min(shares[status] for status in ("met", "not-met", "unknown", "conflict")) > 0.02, shares
    assert shares["not-applicable"] > 0.005
    return seen.total()


def cases(policy: Policy, made: Library, count: int, seed: int) -> Iterator[Case]:
    """Draw cases of a policy; in one of five a clinician has settled some criteria by name."""
    draw, rng = Draw(policy, CATALOG.vocabulary, seed), np.random.default_rng(seed)
    ids = [criterion.id for _, criterion in made.criteria if criterion.id]
    for _ in range(count):
        case = draw.case()
        if rng.random() < 0.2:
            words = {f"{SETTLE}{one}": tuple(word(one, rng)) for one in rng.choice(ids, 3, replace=False)}
            case = Case(case.as_of, {**case.rows, **words})
        yield case


def word(criterion: str, rng: np.random.Generator) -> Iterator[Answer]:
    """Draw what a clinician said of a criterion: now and then twice, or by whom it does not count."""
    for place in range(int(rng.integers(1, 3))):
        day = AS_OF - int(rng.integers(0, 2))
        source = Source.ANSWER if rng.random() < 0.1 else Source.JUDGMENT
        text = "yes" if rng.random() < 0.5 else "no"
        yield Answer(f"{SETTLE}{criterion}", source, f"word-{place}", text, day, day)


def statuses(policy: Policy, made: Library, case: Case) -> tuple[dict[str, str], str | None]:
    """Give the status of every criterion by the name of its definition, and the pathway that `determine` takes."""
    view = View(case, CATALOG.vocabulary)
    names = {id(criterion): name for name, criterion in made.criteria}
    assert len(names) == len(made.criteria)
    expected: dict[str, str] = {
        names[id(finding.criterion)]: finding.status
        for root in roots(policy, CATALOG.common)
        for finding in evaluate(root.criterion, view, inside=root.inside, document=root.document).walk()
    }
    assert len(expected) == len(names)
    decision = decide(policy, case, CATALOG.vocabulary, CATALOG.common)
    assert all(expected[names[id(finding.criterion)]] == finding.status for finding in weighed(decision))
    return expected, decision.pathway.id if decision.pathway else None


def weighed(decision: Decision) -> Iterator[Finding]:
    """Give every finding on which a determination rests."""
    single = (decision.required, decision.individual)
    for root in (*(one for one in single if one), *decision.trees, *decision.reserved, *decision.scope):
        yield from root.walk()


# ---- days


def test_days_are_counted_as_here_in_any_time_zone(peer: Peer) -> None:
    rng = np.random.default_rng(5)
    ends = [dt.date(year, month, 1).toordinal() + step for year in (1, 1900, 2004, 2026, 9999) for month in (1, 3, 12)
            for step in (-1, 0, 27, 28, 29, 30)]  # fmt: skip
    starts = [day for day in ends if 1 <= day <= dates.LAST_DAY] + [int(day) for day in rng.integers(1, 900_000, 200)]
    given = [(day, int(rng.integers(0, 40)), min(day + int(rng.integers(0, 40_000)), dates.LAST_DAY)) for day in starts]
    found = peer.answers(
        [{"library": "Days", "parameters": {"on": a, "amount": b, "later": c}} for a, b, c in given],
        zone="America/New_York",
    )
    for (day, amount, later), answer in zip(given, found, strict=True):
        expected = {"years": dates.years_between(day, later)}
        for unit in UNITS:
            length = Duration(amount, unit)
            far = dates.plus(day, length)
            while far < dates.LAST_DAY and dates.minus(far + 1, length) <= day:
                far += 1
            expected |= {f"minus {unit}": dates.minus(day, length), f"plus {unit}": dates.plus(day, length)}
            expected[f"reach {unit}"] = far
        assert {name: int(answer[name]) for name in expected} == expected, (day, amount, later)


def test_cql_counts_a_year_for_a_leapling_a_day_earlier(peer: Peer) -> None:
    born, day = dates.day("2004-02-29"), dates.day("2022-02-28")
    parameters = {"on": born, "amount": 0, "later": day}
    (answer,) = peer.answers([{"library": "Days", "parameters": parameters}])
    assert (answer["birthday"], answer["years"]) == ("18", "17")
    assert dates.years_between(born, day) == 17
