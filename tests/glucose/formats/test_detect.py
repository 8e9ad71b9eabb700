import json

import pytest

from tests.glucose.logs import DATA, FIXTURES, count, read, refusal, values
from tests.glucose.writers import EXPORTS


@pytest.mark.parametrize("name", FIXTURES)
def test_a_log_is_known_by_its_content_whatever_its_name(name: str) -> None:
    data = (DATA / name).read_bytes()
    plain_name = read(data, "download.tmp")
    assert (count(plain_name, "cgm"), count(plain_name, "meter")) == FIXTURES[name]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Clarity_Export_synthetic.csv", "clarity"),
        ("FreeStyle_Libre_3_synthetic.csv", "libreview"),
        ("carelink_comma.csv", "carelink"),
        ("glooko_bg.csv", "glooko"),
        ("nightscout_entries.csv", "nightscout"),
        ("tidepool.json", "tidepool"),
        ("fhir_sampled_data.json", "fhir"),
        ("plain_meter.csv", "plain"),
    ],
)
def test_each_log_says_in_which_format_it_was(name: str, form: str) -> None:
    assert {found.format for found in read((DATA / name).read_bytes()).streams} == {form}


def test_a_file_that_looks_like_two_formats_is_refused_with_both_names() -> None:
    clarity, carelink = (
        (DATA / "clarity_german_mmol.csv").read_text("utf-8-sig"),
        (DATA / "carelink_comma.csv").read_text(),
    )
    assert refusal(clarity + carelink) == (
        "log: looks like both Dexcom Clarity and Medtronic CareLink; expected one format in a file"
    )


def test_entries_of_two_formats_in_one_array_are_refused_with_both_names() -> None:
    mixed = json.dumps([{"type": "sgv", "sgv": 120, "date": 0}, {"type": "cbg", "value": 5.5, "units": "mmol/L"}])
    assert "looks like both Nightscout and Tidepool" in refusal(mixed)


@pytest.mark.parametrize(
    "text", ["Dear doctor,\nplease find", "a,b\n1,2\n", "[]", "[1, 2]", "{}", '{"a": 1}', '[{"type": "note"}]']
)
def test_what_no_format_recognises_is_refused_with_the_formats_that_are(text: str) -> None:
    said = refusal(text)
    assert said.startswith("log: format not recognised; expected an export of Dexcom Clarity, LibreView")
    assert "\n" not in said


def test_resources_one_per_line_are_read() -> None:
    bundle = json.loads((DATA / "fhir_cgm_bundle.json").read_text())
    lines = "\n".join(json.dumps(entry["resource"]) for entry in bundle["entry"])
    assert count(read(lines), "cgm") == 4


def test_a_list_of_resources_and_a_single_one_are_read() -> None:
    bundle = json.loads((DATA / "fhir_cgm_bundle.json").read_text())
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert count(read(json.dumps(resources)), "meter") == 3
    assert values(read(json.dumps(resources[1])), "cgm") == [120]


def test_columns_that_the_sender_names_go_before_recognition() -> None:
    log = read((DATA / "plain_sensor.csv").read_bytes(), columns="time=1,glucose=2,unit=mmol/L,device=meter")
    assert values(log, "meter") == [130, 135, 142]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", ["glooko_bg.csv", "clarity_german_mmol.csv", "tidepool.json"])
def test_the_encoding_of_a_log_changes_nothing(name: str, encoding: str) -> None:
    text = (DATA / name).read_text("utf-8-sig")
    again, once = read(text.encode(encoding)), read((DATA / name).read_bytes())
    for left, right in zip(once.streams, again.streams, strict=True):
        assert left.minutes.tolist() == right.minutes.tolist()
        assert left.glucose.tolist() == right.glucose.tolist()


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_without_a_single_reading_is_refused(name: str) -> None:
    said = refusal(EXPORTS[name].write([]) or " ")
    assert any(word in said for word in ("no readings", "not recognised", "empty"))


RESOURCE = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "99504-3"}]},
    "effectiveDateTime": "2024-05-02T10:15:00Z",
    "valueQuantity": {"value": 120, "code": "mg/dL"},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RESOURCE),
        json.dumps([RESOURCE]),
        json.dumps([RESOURCE, None, 7]),
        json.dumps({"resourceType": "Bundle", "entry": [7, {"resource": RESOURCE}, {}]}),
        json.dumps(RESOURCE) + "\n" + json.dumps({"resourceType": "Patient"}) + "\n",
    ],
)
def test_a_resource_is_found_however_resources_are_put_together(text: str) -> None:
    assert values(read(text), "cgm") == [120]


def test_a_bundle_without_entries_has_no_readings() -> None:
    assert "no readings" in refusal('{"resourceType": "Bundle"}')
    assert "no readings" in refusal('{"resourceType": "Bundle", "entry": {}}')


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ({"type": "sgv", "sgv": 120, "date": 0}, "Nightscout"),
        ({"type": "mbg", "mbg": 120, "date": 0}, "Nightscout"),
        ({"type": "cal", "date": 0}, "Nightscout"),
        ({"sgv": 120}, "Nightscout"),
        ({"mbg": 120}, "Nightscout"),
        ({"type": "cbg"}, "Tidepool"),
        ({"type": "smbg"}, "Tidepool"),
        ({"resourceType": "Patient"}, "FHIR"),
    ],
)
def test_each_kind_of_entry_names_its_format(entry: dict[str, object], title: str) -> None:
    others = {"Nightscout": {"sgv": 120}, "Tidepool": {"type": "cbg"}, "FHIR": {"resourceType": "Patient"}}
    for name, other in others.items():
        if name != title:
            said = refusal(json.dumps([entry, other]))
            assert all(each in said.partition("looks like both ")[2] for each in (name, title))
