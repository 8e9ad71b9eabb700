"""Words of a chart: each line gives the resource it says, and a line that says nothing is refused."""

from __future__ import annotations

import pytest

from tests.casebook.words import WordsFault, patched, spoken


def test_a_result_has_its_code_value_unit_hour_and_limit() -> None:
    (made,) = spoken("c", "c-peptide 0.60 ng/mL on 2026-10-01 low 0.5").values()
    assert made["code"]["coding"] == [{"system": "http://loinc.org", "code": "13037-7"}]
    assert made["valueQuantity"]["value"] == 0.6
    assert made["effectiveDateTime"] == "2026-10-01T08:15:00-05:00"
    assert made["referenceRange"][0]["low"]["value"] == 0.5


def test_a_result_may_have_a_bare_date_a_comparator_and_a_status() -> None:
    (made,) = spoken("a", "hba1c > 14 % dated 2026-10 (preliminary)").values()
    assert (made["effectiveDateTime"], made["status"]) == ("2026-10", "preliminary")
    assert made["valueQuantity"]["comparator"] == ">"


def test_readings_of_days_go_back_one_by_one() -> None:
    made = spoken(
        "m", "meter 90+260 x2 80+250 mg/dL daily back from 2026-06-15 at 11:50-04:00+18:20-04:00 tagged mdc:1"
    )
    assert [(key, one["valueQuantity"]["value"], one["effectiveDateTime"][:16]) for key, one in made.items()] == [
        ("m-0-0", 90, "2026-06-15T11:50"), ("m-0-1", 260, "2026-06-15T18:20"),
        ("m-1-0", 90, "2026-06-14T11:50"), ("m-1-1", 260, "2026-06-14T18:20"),
        ("m-2-0", 80, "2026-06-13T11:50"), ("m-2-1", 250, "2026-06-13T18:20"),
    ]  # fmt: skip


def test_a_log_swings_about_its_values() -> None:
    made = spoken("smbg", "log of 31 days to 2026-11-20 at 06:40 168, 18:20 171")
    assert list(made)[:3] == ["smbg-1120-1", "smbg-1120-2", "smbg-1119-1"]
    assert len(made) == 62
    assert {abs(one["valueQuantity"]["value"] - 168) for one in made.values()} <= set(range(15))


def test_a_condition_says_where_it_stands() -> None:
    (made,) = spoken("d", 'condition icd9:250.01 "Diabetes" since 2001 (inactive, refuted)').values()
    assert made["clinicalStatus"]["coding"][0]["code"] == "inactive"
    assert made["verificationStatus"]["coding"][0]["code"] == "refuted"
    assert made["code"]["coding"][0]["system"] == "http://hl7.org/fhir/sid/icd-9-cm"


def test_a_stay_without_a_reason_has_none() -> None:
    with_reason, without = (spoken("s", f"stay 2025-09-02 to 2025-09-05{tail}")["s"] for tail in (" for E10.10", ""))
    assert "reasonCode" in with_reason
    assert "reasonCode" not in without


@pytest.mark.parametrize("line", ["hba1c 8.4 on 2026-10-06", "note", "visits on 2026-04-14,2026-07-08", "high hba1c"])
def test_a_line_that_is_none_of_the_words_is_refused(line: str) -> None:
    with pytest.raises(WordsFault, match="expected words of a chart"):
        spoken("x", line)


def test_json_is_merged_and_null_takes_away() -> None:
    assert patched({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"c": None, "e": 4}, "d": None}) == {"a": {"b": 1, "e": 4}}
