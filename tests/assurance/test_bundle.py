"""Rows written as a Bundle and read back are the same rows, up to what every request says of itself."""

from __future__ import annotations

import json

import pytest

from priorauth.assurance.outcome import World, world
from priorauth.assurance.witness import Witness, witness
from priorauth.facts.rows import Row
from priorauth.policy.catalog import open_catalog
from priorauth.record.read import read_bundle

CATALOG = open_catalog()
FROM_EVERY_REQUEST = {
    "coverage_in_force",
    "coverage_payer",
    "enrolled_on",
    "glucose_log_on_file",
    "infusion_drug",
    "pump_category",
    "request_channel",
    "request_form_complete",
    "request_received_on",
}


def laid(policy: str) -> World:
    return world((CATALOG.versions(policy)[-1],), CATALOG.vocabulary, CATALOG.common)


def plain(row: Row) -> tuple[object, ...]:
    names = [name for name in row.__struct_fields__ if name not in ("ref", "minute")]
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
