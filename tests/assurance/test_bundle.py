"""Rows written as a Bundle and read back are the same rows, up to what every request says of itself."""

from __future__ import annotations

import json

import pytest

from priorauth.assurance.bundle import Json, bundle
from priorauth.assurance.witness import Witness, witness
from priorauth.engines.solver.outcome import World, world
from priorauth.facts.roles import roles
from priorauth.facts.rows import Answer, Event, Row, Source
from priorauth.policy.catalog import open_catalog
from priorauth.record.read import read_bundle
from priorauth.values.dates import day

CATALOG = open_catalog()
FROM_EVERY_REQUEST = {
    "coverage_in_force",
    "coverage_payer",
    "enrolled_on",
    "glucose_log_on_file",
    "infusion_drug",
    "glucose_meter_requested_together",
    "standalone_monitor_requested_together",
    "glucose_monitor_requested_together",
    "insulin_pump_requested_together",
    "prescription_dated",
    "pump_category",
    "request_channel",
    "request_form_complete",
    "request_received_on",
}


def laid(policy: str) -> World:
    return world((CATALOG.versions(policy)[-1],), CATALOG.vocabulary, CATALOG.common)


def plain(row: Row) -> tuple[object, ...]:
    names = [name for name in row.__struct_fields__ if name not in ("ref", "minute", "author")]
    return (type(row).__name__, *(getattr(row, name) for name in names))


def read_back(found: Witness, policy: str) -> dict[str, set[tuple[object, ...]]]:
    bundle, judged = found.bundle(policy.partition("/")[0], "case")
    data = json.dumps(bundle).encode()
    judgments = json.dumps(judged).encode()
    file = read_bundle(data, vocabulary=CATALOG.vocabulary, units=CATALOG.units, judgments=judgments)
    assert len(file.requests) == 1
    return {fact: {plain(row) for row in rows} for fact, rows in file.requests[0].rows.items()}


@pytest.mark.parametrize("policy", ["masshealth/insulin-pumps", "caresource/insulin-infusion-pump"])
@pytest.mark.parametrize("outcome", ["approve", "clinical-review", "request-information"])
def test_what_a_witness_has_on_file_is_what_the_reader_finds(policy: str, outcome: str) -> None:
    asked = laid(policy)
    model = asked.ask(asked.one.verdict().outcomes[outcome])  # type: ignore[index]  # one of the outcomes
    assert model is not None
    found = witness(model, asked.patient)
    seen = read_back(found, policy)
    said = {fact: {plain(row) for row in rows} for fact, rows in found.case.rows.items()}
    for fact in said.keys() - FROM_EVERY_REQUEST:
        assert seen.get(fact, set()) == said[fact], fact
    assert seen.keys() - said.keys() <= FROM_EVERY_REQUEST


def test_the_same_rows_give_the_same_bytes() -> None:
    asked = laid("husky/ambulatory-infusion-pumps")
    model = asked.ask(asked.one.verdict().approve)
    assert model is not None
    found = witness(model, asked.patient)
    one, two = (json.dumps(found.bundle("husky", "case")) for _ in range(2))
    assert one == two


AS_OF = day("2026-11-20")


def claimed(*rows: Row) -> Json:
    made, _ = bundle(rows, payer="masshealth", as_of=AS_OF, vocabulary=CATALOG.vocabulary, name="case")
    return made


@pytest.mark.parametrize(("bought", "modifier"), [("rental", "RR"), ("purchase", "NU"), (None, None)])
def test_a_rental_and_a_purchase_have_modifiers_of_their_own(bought: str | None, modifier: str | None) -> None:
    said = [Answer("product_code", Source.RECORD, "product_code", "E0784", AS_OF, AS_OF)]
    if bought:
        said.append(Answer("purchase_or_rental", Source.RECORD, "purchase_or_rental", bought, AS_OF, AS_OF))
    file = read_bundle(claimed(*said), vocabulary=CATALOG.vocabulary, units=CATALOG.units)
    assert [row.text for row in file.requests[0].rows.get("purchase_or_rental", ())] == ([bought] if bought else [])  # type: ignore[union-attr]  # an attribute
    assert f'"code": "{modifier}"' in json.dumps(claimed(*said)) or modifier is None


def test_readings_of_one_day_are_an_hour_apart() -> None:
    lows = [Event("hypoglycemia", Source.RECORD, f"low-{n}", AS_OF - 1, AS_OF - 1, None, 50, 50) for n in range(3)]
    code = Answer("product_code", Source.RECORD, "product_code", "E0784", AS_OF, AS_OF)
    text = json.dumps(claimed(code, *lows))
    assert [text.count(f'"2026-11-19T{hour}:00:00Z"') for hour in (11, 12, 13, 14, 15)] == [0, 1, 1, 1, 0]


@pytest.mark.parametrize("role", roles())
def test_a_statement_of_a_role_is_of_an_author_who_has_it(role: str) -> None:
    ends = day("2027-01-01")
    said = Answer(
        "warranty_ends_on", Source.ANSWER, "warranty", "2027-01-01", AS_OF, AS_OF, None, ends, ends, author=role
    )
    code = Answer("product_code", Source.RECORD, "product_code", "E0784", AS_OF, AS_OF)
    other = Answer("motivated", Source.ANSWER, "motivated", "yes", AS_OF, AS_OF)
    file = read_bundle(claimed(code, said, other), vocabulary=CATALOG.vocabulary, units=CATALOG.units)
    rows = file.requests[0].rows
    (found,), (beside,) = rows["warranty_ends_on"], rows["motivated"]
    assert isinstance(found, Answer)
    assert isinstance(beside, Answer)
    assert role in (found.author or "").split()
    assert beside.text == "yes"
