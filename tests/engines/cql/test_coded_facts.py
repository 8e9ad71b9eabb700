"""Coded facts retrieved from FHIR by CQL itself: the same rows as are read here, from one worked bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth.engines.cql import coded_facts, types
from priorauth.engines.cql import parameters as cql_rows
from priorauth.engines.cql.compile import Library
from priorauth.engines.cql.compile import library as compiled
from priorauth.engines.cql.outcome import TAKEN
from priorauth.facts.case import Case
from priorauth.record.read import read_bundle
from priorauth.values.dates import iso
from tests.engines.cql.peer import Peer, node, translated
from tests.engines.cql.test_tree import CATALOG, statuses

POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]
BUNDLE = Path(__file__).parents[3] / "examples" / "approve.json"


@pytest.fixture(scope="module")
def library() -> Library:
    return compiled(POLICY, CATALOG.vocabulary, CATALOG.common)


@pytest.fixture(scope="module")
def peer(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Peer:
    texts = {types.NAME: types.shared(), coded_facts.NAME: coded_facts.coded_facts(CATALOG.vocabulary)}
    return translated(tmp_path_factory.mktemp("facts"), {**texts, library.name: library.text})


def read(bundle: bytes) -> Case:
    """Read a bundle, without the diagnosis of the claim: the library retrieves Conditions alone."""
    (request, *_) = read_bundle(bundle, name="bundle", vocabulary=CATALOG.vocabulary, units=CATALOG.units).requests
    rows = {
        fact: tuple(row for row in listed if fact != "diabetes" or row.ref.startswith("Condition/"))
        for fact, listed in request.rows.items()
    }
    return Case(request.requested_on, rows)


def retrieved(peer: Peer, bundle: bytes, day: int) -> dict[str, Any]:
    """Give the rows that CQL retrieves, in an order of their own."""
    found = json.loads(node("facts.mjs", str(peer.folder), str(day), given=bundle.decode()))
    return {name: ordered(rows) for name, rows in found.items()}


def expected(case: Case) -> dict[str, Any]:
    rows = cql_rows.parameters(case, ("hba1c", "diabetes"))
    return {name: ordered(rows[name]) for name in ("hba1c rows", "diabetes rows")}


def ordered(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def test_the_codes_are_those_of_the_vocabulary() -> None:
    text = coded_facts.coded_facts(CATALOG.vocabulary)
    assert "define \"hba1c codes\": {'4548-4', " in text
    assert "{'E08', 'E09', 'E10', 'E11', 'E13', 'O24'}" in text
    assert "{'E10.A'}" in text
    assert "amount.value.value * 0.09148 + 2.152" in text
    assert "$" not in text


def test_cql_retrieves_the_same_rows_from_a_worked_bundle(peer: Peer) -> None:
    bundle = BUNDLE.read_bytes()
    case = read(bundle)
    assert len(case.of("hba1c")) == 3
    assert len(case.of("diabetes")) == 2
    assert retrieved(peer, bundle, case.as_of) == expected(case)


def test_partial_dates_other_units_comparators_and_courses_are_retrieved_alike(peer: Peer) -> None:
    bundle = json.loads(BUNDLE.read_bytes())
    results = [entry["resource"] for entry in bundle["entry"] if "4548-4" in json.dumps(entry["resource"].get("code"))]
    results[0] |= {"effectiveDateTime": "2026-02", "valueQuantity": {"value": 53, "unit": "mmol/mol"}}
    results[1]["valueQuantity"] |= {"value": 14, "comparator": ">"}
    results[2] |= {"status": "amended"}
    results[2]["valueQuantity"] |= {"value": 7.05}
    first, second = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Condition"]
    first |= {"onsetDateTime": "2012", "abatementDateTime": "2020-03"}
    first["verificationStatus"]["coding"][0]["code"] = "provisional"
    second.pop("onsetDateTime")
    second |= {"recordedDate": "2024-09-17"}
    changed = json.dumps(bundle).encode()
    case = read(changed)
    assert {row.low for row in case.of("hba1c")} == {70, 140, 71}  # type: ignore[union-attr]
    assert retrieved(peer, changed, case.as_of) == expected(case)


def test_a_policy_runs_over_rows_that_cql_retrieved(peer: Peer, library: Library) -> None:
    bundle = BUNDLE.read_bytes()
    case = read(bundle)
    parameters = cql_rows.parameters(case, library.facts) | retrieved(peer, bundle, case.as_of)
    (answer,) = peer.answers([{"library": library.name, "parameters": parameters}])
    decided, pathway = statuses(POLICY, library, case)
    assert {name: answer[name] for name in decided} == decided
    assert decided["II.A.T.7"] == "met"
    assert (answer[TAKEN], iso(case.as_of)) == (pathway, "2026-11-20")
