"""One member: whose resources are put together, and what happens where they cannot be."""

from __future__ import annotations

from tests.exports import AS_OF, Export, facts, hba1c, lines, patient, read, rejects, table


def test_two_people_of_one_id_are_named_and_left_out_and_the_rest_is_read(export: Export) -> None:
    one = patient(identifier=[{"system": "urn:a", "value": "1"}])
    two = patient(identifier=[{"system": "urn:b", "value": "9"}], birthDate="1955-05-05")
    summary, out = read(
        export(
            a__p_ndjson=lines(one, hba1c("a1"), patient("p2")),
            b__p_ndjson=lines(two, hba1c("b1"), hba1c("b2", "Patient/p2")),
        )
    )
    found = rejects(out)
    assert [row["patient"] for row in table(out, "member")] == ["p2"]
    assert summary.members == 1
    assert {row["file"] for row in found} == {"a/p.ndjson", "b/p.ndjson"}
    assert all("two different patients" in row["reason"] for row in found)
    assert [row["resources"] for row in found if "resources" in row] == [4]


def test_the_same_patient_in_two_files_is_one_member(export: Export) -> None:
    summary, _ = read(export(a_ndjson=lines(patient(), hba1c("a1")), b_ndjson=lines(patient(), hba1c("a2"))))
    assert (summary.members, summary.rejects, summary.rows["measurement"]) == (1, 0, 2)


def test_a_refused_request_leaves_the_member_without_one(export: Export) -> None:
    claim = {
        "resourceType": "Claim", "id": "c1", "use": "preauthorization", "status": "active", "created": "2026-11-01",
        "patient": {"reference": "Patient/p1"}, "insurance": [], "item": [{"sequence": 1}],
    }  # fmt: skip
    summary, out = read(export(all_ndjson=lines(patient(), claim, hba1c("a1"))))
    (found,) = rejects(out)
    assert "expected insurance with a coverage" in found["reason"]
    assert found["line"] == 2
    assert (summary.members, summary.rows["measurement"]) == (1, 1)
    assert table(out, "member")[0]["as_of"].isoformat() == AS_OF


def test_one_poison_resource_leaves_the_others_of_its_member(export: Export) -> None:
    poison = hba1c("bad", status=["final"])
    summary, out = read(export(all_ndjson=lines(patient(), hba1c("a1"), poison, hba1c("a2"))))
    (found,) = rejects(out)
    assert (found["line"], found["resource"], found["reason"]) == (
        3,
        "Observation/bad",
        "status: Expected `str`, got `array`",
    )
    assert summary.rows["measurement"] == 2


def test_sex_and_age_make_the_same_no_of_a_member_as_of_a_request(export: Export) -> None:
    man, girl, woman = patient(gender="male"), patient("p2", birthDate="2021-01-01"), patient("p3")
    _, out = read(export(all_ndjson=lines(man, girl, woman)))
    no = {row[2] for name in ("p1", "p2") for row in facts(out, name) if row[1] == "planning_pregnancy"}
    assert no == {"record"}
    for name, found in (("p1", {"period", "answer", "whole"}), ("p2", {"period", "answer", "whole"}), ("p3", set())):
        told = {row[0] for row in facts(out, name) if row[1] in ("pregnancy", "planning_pregnancy")}
        assert told == found, name


def test_glucose_of_a_fasting_specimen_is_read_of_an_export_too(export: Export) -> None:
    fasted = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0916", "code": "F"}]}
    tube = {"resourceType": "Specimen", "id": "t", "subject": {"reference": "Patient/p1"},
            "collection": {"fastingStatusCodeableConcept": fasted}}  # fmt: skip
    glucose = hba1c(
        "g1", code={"coding": [{"system": "http://loinc.org", "code": "2345-7"}]}, specimen={"reference": "Specimen/t"},
        valueQuantity={"value": 148, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"},
    )  # fmt: skip
    _, out = read(export(a_ndjson=lines(patient(), glucose), b_ndjson=lines(tube)))
    assert [row["fact"] for row in table(out, "measurement")] == ["fasting_glucose"]
