import json

import pytest

from priorauth.errors import InputRefused
from priorauth.fhir.bundle import Undecoded, as_json, read, whose
from priorauth.fhir.elements import Other
from priorauth.fhir.structs import Condition, Observation
from tests.record.building import bundle, condition, observation, quantity, ref


def load(source: dict[str, object]) -> object:
    return read(source, "x", max_bytes=10**6)


def test_resources_are_kept_by_type_and_observations_apart() -> None:
    record = read(bundle(condition("icd10:I10"), observation("loinc:1-1")), "x", max_bytes=10**6)
    assert [one.id for one in record.all(Condition)] == ["cond-1"]
    assert record.all(Observation) == []
    assert [one.id for one in record.observations()] == ["obs-1"]


def test_observations_of_a_large_bundle_stay_undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    record = read(bundle(observation("loinc:4548-4", quantity(7, "%"))), "x", max_bytes=10**6)
    assert all(isinstance(one, Undecoded) for one in record.readings)
    assert [one.value_quantity is not None for one in record.observations()] == [True]


def test_a_fault_in_an_undecoded_observation_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    record = read(bundle(observation("loinc:4548-4", {"value": []})), "x", max_bytes=10**6)
    with pytest.raises(InputRefused, match=r"x: Observation/obs-1: valueQuantity.value: Expected"):
        list(record.observations())


def test_a_resource_that_stands_twice_counts_once() -> None:
    record = read(bundle(condition("icd10:I10"), condition("icd10:I10")), "x", max_bytes=10**6)
    assert len(record.all(Condition)) == 1
    assert record.warnings == ["Condition/cond-1 stands more than once; the newest version counts"]


def test_one_of_the_same_version_with_other_content_is_refused() -> None:
    with pytest.raises(InputRefused, match="Condition/cond-1 stands twice with the same version and other content"):
        read(bundle(condition("icd10:I10"), condition("icd10:E10.9")), "x", max_bytes=10**6)


def test_a_resource_without_an_id_is_named_by_its_url_or_its_place() -> None:
    source = bundle()
    source["entry"].append({"fullUrl": "urn:uuid:abc", "resource": {"resourceType": "Condition"}})
    source["entry"].append({"resource": {"resourceType": "Condition"}})
    record = read(source, "x", max_bytes=10**6)
    assert [one.id for one in record.all(Condition)] == ["abc", f"entry-{len(source['entry'])}"]


def test_decimals_keep_their_digits() -> None:
    text = json.dumps(bundle(observation("loinc:4548-4", quantity(7, "%")))).replace('"value": 7,', '"value": 7.10,')
    record = read(text.encode(), "x", max_bytes=10**6)
    found = [str(one.value_quantity.value) for one in record.observations() if one.value_quantity is not None]
    assert found == ["7.10"]


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.fhir.limits.MAX_ENTRIES", 3)
    with pytest.raises(InputRefused, match="at most 3 entries, found 7"):
        load(bundle())


def test_a_mapping_of_things_that_are_no_json_is_refused() -> None:
    with pytest.raises(InputRefused, match="x: expected JSON values only"):
        as_json({"entry": object()}, "x", max_bytes=100)


def test_whose_another_resource_is_can_be_a_list_or_unreadable() -> None:
    source = bundle(
        {"resourceType": "Account", "id": "a", "subject": [ref("Patient/pat-1"), ref("Patient/pat-2")]},
        {"resourceType": "Group", "id": "g", "subject": 7},
        {"resourceType": "Goal", "id": "f"},
    )
    record = read(source, "x", max_bytes=10**6)
    found = {one.id: [each.reference for each in whose(one)] for one in record.others}
    assert found == {"a": ["Patient/pat-1", "Patient/pat-2"], "g": [], "f": []}
    assert all(isinstance(one, Other) for one in record.others)


KINDS = [
    "document",
    "message",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "history",
    "searchset",
    "subscription-notification",
    "Collection",
    "?",
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_of_any_type_but_a_collection_is_refused(kind: str) -> None:
    with pytest.raises(InputRefused, match="expected a Bundle of type collection, found"):
        load({**bundle(), "type": kind})
    assert load({**bundle(), "type": "collection"})
    assert load({key: value for key, value in bundle().items() if key != "type"})
