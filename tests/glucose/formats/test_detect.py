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
