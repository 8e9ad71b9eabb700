from typing import Any

import pytest

from priorauth.errors import InputRefused
from priorauth.facts.rows import Source
from tests.record.building import Json, bundle, day, item, read, read_any, ref, yes

REVIEWER = {"resourceType": "Practitioner", "id": "r", "name": [{"given": ["Helen"], "family": "Marsh"}]}
TO_CLAIM = [ref("Claim/clm-1")]


def judged(*items: Json, **more: Any) -> Json:
    made: Json = {
        "resourceType": "QuestionnaireResponse", "id": "j-1", "status": "completed", "authored": "2026-06-20T10:00:00Z",
        "author": {"display": "Dr. Helen Marsh"}, "basedOn": TO_CLAIM,
        "item": list(items) or [item("only_for_convenience", yes(False))],
    }  # fmt: skip
    return {**made, **more}


def refused(form: Json) -> str:
    with pytest.raises(InputRefused) as caught:
        read(judgments=form)
    (fault,) = caught.value.faults
    return str(fault)


def test_a_judgment_is_a_row_of_its_own_source() -> None:
    case = read(judgments=judged())
    (row,) = case.requests[0].rows["only_for_convenience"]
    assert (row.text, row.source, row.first, row.ref) == (  # type: ignore[union-attr]  # judgments are answers
        "no", Source.JUDGMENT, day("2026-06-20"), "QuestionnaireResponse/j-1",
    )  # fmt: skip
    assert case.judged_by == "Dr. Helen Marsh"


def test_a_clinician_settles_a_criterion_and_says_why() -> None:
    why = item("settle.II.A.T.7.why", {"valueString": "recent transfusion"})
    for items in ([item("settle.II.A.T.7", yes()), why], [item("settle.II.A.T.7", {**yes(), "item": [why]})],
                  [item("settle.II.A.T.7", yes(), parts=[why])]):  # fmt: skip
        made = read(judgments=judged(*items)).requests[0].rows
        assert [row.text for row in made["settle.II.A.T.7"]] == ["yes"]  # type: ignore[union-attr]  # answers
        assert [row.text for row in made["settle.II.A.T.7.why"]] == ["recent transfusion"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("author", "called"),
    [
        ({"display": "Dr. Marsh"}, "Dr. Marsh"),
        ({"reference": "#r"}, "Helen Marsh"),
        ({"reference": "Practitioner/77"}, "Practitioner/77"),
        ({"type": "Practitioner", "identifier": {"system": "npi", "value": "1"}}, "1"),
        ({"identifier": {"system": "npi", "value": "1"}}, "npi|1"),
    ],
)
def test_a_named_clinician_may_judge(author: Json, called: str) -> None:
    assert read(judgments=judged(author=author, contained=[REVIEWER])).judged_by == called


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"author": None}, "expected an author"),
        ({"author": {}}, "names nobody"),
        ({"author": {"display": " "}}, "names nobody"),
        ({"author": {"reference": "#none"}}, "names nobody"),
        ({"author": {"reference": "#r"}, "contained": [{"resourceType": "Practitioner", "id": "r"}]}, "names nobody"),
        (
            {"author": {"reference": "Organization/payer", "display": "The payer"}},
            "expected a clinician, found Organization",
        ),
        ({"status": "in-progress"}, "expected a completed"),
        ({"status": "entered-in-error"}, "expected a completed"),
        ({"subject": ref("Patient/pat-9")}, "its subject is not Patient/pat-1"),
        ({"authored": "soon"}, "authored: expected a date"),
        ({"resourceType": "Patient"}, "resourceType"),
    ],
)
def test_what_nobody_signed_or_what_is_of_another_patient_is_refused(change: Json, said: str) -> None:
    line = refused(judged(**change))
    assert line.startswith("judgments: ")
    assert said in line


@pytest.mark.parametrize(
    "named",
    [
        [],
        [ref("Claim/other")],
        [{"identifier": {"system": "urn:other", "value": "R-1"}}],
        [ref("https://elsewhere.example.org/Claim/clm-1")],
    ],
)
def test_a_judgment_on_another_request_does_not_count_and_is_warned_of(named: list[Json]) -> None:
    found = read(judgments=judged(basedOn=named))
    assert "only_for_convenience" not in found.requests[0].rows
    assert found.judged_by is None
    assert any("names no request of the Bundle" in warning for warning in found.warnings)


def test_a_judgment_without_an_author_is_refused() -> None:
    form = judged()
    del form["author"]
    assert "a judgment is made by a named clinician" in refused(form)


@pytest.mark.parametrize(
    "change",
    [
        {"basedOn": [ref("https://ehr.example.org/fhir/Claim/clm-1")]},
        {"basedOn": [ref("Claim/clm-1/_history/2")]},
        {"basedOn": [{"identifier": {"system": "urn:example:request", "value": "R-1"}}]},
        {"basedOn": [], "extension": [{
            "url": "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/qr-context",
            "valueReference": ref("Claim/clm-1")}]},
    ],
)  # fmt: skip
def test_the_request_may_be_named_in_every_way(change: Json) -> None:
    assert "only_for_convenience" in read(judgments=judged(**change)).requests[0].rows


def test_a_judgment_counts_whatever_its_date() -> None:
    for authored in ("2020-01-01", "2030-01-01"):
        assert "only_for_convenience" in read(judgments=judged(authored=authored)).requests[0].rows
    undated = judged()
    del undated["authored"]
    assert "only_for_convenience" in read(judgments=undated).requests[0].rows


def test_a_judgment_counts_only_for_the_claim_that_it_names() -> None:
    second = {**bundle()["entry"][0]["resource"], "id": "clm-2", "identifier": [{"value": "R-2"}]}
    one, two = read(second, judgments=judged()).requests
    assert "only_for_convenience" in one.rows
    assert "only_for_convenience" not in two.rows


def test_a_fact_of_the_record_is_no_judgment() -> None:
    case = read(judgments=judged(item("motivated", yes())))
    assert "motivated" not in case.requests[0].rows
    assert case.warnings == ("QuestionnaireResponse/j-1: motivated is no judgment; ignored",)


def test_a_judgment_that_cannot_be_read_is_refused_for_silence_would_deny_it() -> None:
    with pytest.raises(InputRefused, match="judgments: only_for_convenience: expected valueBoolean"):
        read(judgments=judged(item("only_for_convenience", {"valueString": "no"})))


def test_a_judgments_file_that_is_no_json_is_refused_by_its_name() -> None:
    with pytest.raises(InputRefused, match="judgments: expected JSON"):
        read_any(bundle(), b"{")


@pytest.mark.parametrize("kind", ["Patient", "RelatedPerson", "Organization", "Device", "CareTeam"])
def test_only_a_clinician_judges(kind: str) -> None:
    named = {"reference": f"{kind}/x", "display": "Jo Doe"}
    assert f"expected a clinician, found {kind}" in refused(judged(author=named))
    assert f"expected a clinician, found {kind}" in refused(judged(author={"type": kind, "display": "Jo Doe"}))
