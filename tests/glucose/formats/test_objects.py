import json

import pytest

from tests.glucose.logs import count, read, refusal

SGV = {"type": "sgv", "sgv": 120, "date": 1_773_446_400_000}
POINT = {
    "header": {"schema_id": {"name": "blood-glucose"}},
    "body": {
        "blood_glucose": {"value": 120, "unit": "mg/dL"},
        "effective_time_frame": {"date_time": "2026-03-14T07:10:00-05:00"},
        "specimen_source": "interstitial fluid",
    },
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([SGV]),
        json.dumps(SGV),
        json.dumps({"status": 200, "result": [SGV]}),
        json.dumps({"status": 200, "result": SGV}),
        json.dumps({"entries": [SGV]}),
        json.dumps(SGV) + "\n" + json.dumps(SGV | {"date": 1_773_446_400_000}) + "\n",
        json.dumps(POINT),
        json.dumps({"shim": "x", "body": [POINT]}),
    ],
)
def test_entries_are_found_however_they_are_wrapped(text: str) -> None:
    assert count(read(text), "cgm") == 1


def test_objects_of_two_formats_are_refused_with_both_names() -> None:
    assert "looks like both Nightscout and Open mHealth" in refusal(json.dumps([SGV, POINT]))
    assert "looks like both FHIR and Nightscout" in refusal(json.dumps([{"resourceType": "Patient"}, SGV]))


@pytest.mark.parametrize("text", ['{"a": 1}', '{"data": {"graphData": 7}}', '{"result": []}', '[{"header": 1}]'])
def test_an_object_of_no_format_is_refused(text: str) -> None:
    assert "format not recognised" in refusal(text)
