import pytest

from priorauth.facts.rows import Answer, Period
from priorauth.values.dates import LAST_DAY
from tests.record.building import REQUESTED, Json, concept, condition, day, device_order, ref, rows, status

RENAL = "end_stage_renal_disease"
IMPLANT = "other_programmable_implant"
SMALL = "body_too_small_for_implant"
UNABLE = "unable_to_monitor_glucose"
WORDS, HINT = "named by words", None
PACEMAKER = {"text": "Cardiac pacemaker, dual chamber"}
DIALYSIS = "snomed:302497006"


def resource(kind: str, **more: object) -> Json:
    owner = "patient" if kind in ("Device", "EpisodeOfCare") else "subject"
    return {"resourceType": kind, "id": "h-1", owner: ref("Patient/pat-1"), **more}


SPEAKS = {
    "Procedure": lambda code: resource("Procedure", status="completed", code=code),
    "Encounter by type": lambda code: resource("Encounter", status="finished", type=[code]),
    "Encounter by reason": lambda code: resource("Encounter", status="finished", reasonCode=[code]),
    "Encounter by service": lambda code: resource("Encounter", status="finished", serviceType=code),
    "ServiceRequest": lambda code: resource("ServiceRequest", status="active", intent="order", code=code),
    "DeviceRequest": lambda code: resource("DeviceRequest", status="active", intent="order", codeCodeableConcept=code),
    "Device": lambda code: resource("Device", status="active", type=code),
    "EpisodeOfCare": lambda code: resource("EpisodeOfCare", status="active", type=[code]),
    "Flag": lambda code: resource("Flag", status="active", code=code),
    "DiagnosticReport": lambda code: resource("DiagnosticReport", status="final", conclusionCode=[code]),
    "DocumentReference": lambda code: resource("DocumentReference", status="current", type=code),
}


@pytest.mark.parametrize("kind", SPEAKS)
def test_a_code_that_hints_makes_a_mention_wherever_it_stands(kind: str) -> None:
    made = SPEAKS[kind](concept(DIALYSIS))
    (row,) = rows(RENAL, made)
    assert isinstance(row, Period)
    assert (row.low, row.high, row.ref) == (0, 1, f"{made['resourceType']}/h-1")
    assert row.ground not in (None, "named by words")


@pytest.mark.parametrize("kind", SPEAKS)
def test_words_that_hint_make_a_mention_wherever_they_stand(kind: str) -> None:
    for words in ({"text": "Hemodialysis, chair 4"}, {"coding": [{"display": "On HEMODIALYSIS"}]}):
        (row,) = rows(RENAL, SPEAKS[kind](words))
        assert (row.low, row.high, row.ground) == (0, 1, "named by words")


@pytest.mark.parametrize("kind", SPEAKS)
def test_what_speaks_of_something_else_hints_at_nothing(kind: str) -> None:
    for other in (concept("snomed:1"), {"text": "Teaching"}, {"text": "dialysisless"}, {}):
        assert rows(RENAL, SPEAKS[kind](other)) == ()


def test_the_name_of_a_device_and_the_conclusion_of_a_report_hint_too() -> None:
    named = resource("Device", status="active", deviceName=[{"name": "Medtronic"}, {"name": "Neurostimulator X"}])
    assert [row.ground for row in rows(IMPLANT, named)] == ["named by words"]
    report = resource("DiagnosticReport", status="final", conclusion="Lead of the pacemaker in place.")
    assert [row.ground for row in rows(IMPLANT, report)] == ["named by words"]


def test_a_code_that_would_settle_as_a_diagnosis_only_hints_as_a_procedure() -> None:
    (row,) = rows(IMPLANT, resource("Flag", status="active", code=concept("snomed:441509002")))
    assert (row.low, row.high) == (0, 1)
    assert row.ground is not None


def test_an_order_not_to_do_something_hints_at_nothing() -> None:
    asked = SPEAKS["ServiceRequest"](concept(DIALYSIS))
    assert len(rows(RENAL, asked)) == 1
    assert rows(RENAL, {**asked, "doNotPerform": True}) == ()


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("Procedure", "not-done"), ("Encounter by type", "cancelled"), ("ServiceRequest", "revoked"),
        ("DeviceRequest", "draft"), ("Device", "inactive"), ("EpisodeOfCare", "planned"),
        ("Flag", "entered-in-error"), ("DiagnosticReport", "cancelled"), ("DocumentReference", "superseded"),
    ],
)  # fmt: skip
def test_what_is_out_hints_at_nothing(kind: str, gone: str) -> None:
    assert rows(RENAL, {**SPEAKS[kind](concept(DIALYSIS)), "status": gone}) == ()
    assert len(rows(RENAL, {**SPEAKS[kind](concept(DIALYSIS)), "status": "nobody-knows"})) == 1


def test_a_diagnosis_is_read_as_what_it_is_and_hints_by_its_words() -> None:
    (row, *rest) = rows(RENAL, condition("icd10:N18.6"))
    assert (row.low, row.high, row.ground, rest) == (1, 1, None, [])
    (row,) = rows(RENAL, {**condition("icd10:E11.22"), "code": {"text": "ESRD"}})
    assert (row.low, row.high, row.ground) == (0, 1, "named by words")
    gone = {**condition("icd10:E11.22"), "code": {"text": "ESRD"}, "verificationStatus": status("refuted")}
    assert rows(RENAL, gone) == ()


def test_a_resource_that_says_it_by_code_and_by_words_says_it_once() -> None:
    both = {**concept(DIALYSIS), "text": "hemodialysis"}
    (row,) = rows(RENAL, SPEAKS["Procedure"](both))
    assert row.ground != "named by words"
    (row,) = rows(RENAL, {**condition("icd10:N18.6"), "code": {**concept("icd10:N18.6"), "text": "ESRD"}})
    assert row.ground is None


def test_a_diagnosis_of_the_claim_itself_hints_by_its_words() -> None:
    claim = {"diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"text": "on dialysis"}}]}
    (row,) = rows(RENAL, Claim=claim)
    assert (row.low, row.high, row.ref, row.ground) == (0, 1, "Claim/clm-1", "named by words")


def test_a_hint_of_a_condition_begins_when_what_speaks_of_it_took_place() -> None:
    done = {**SPEAKS["Procedure"](concept(DIALYSIS)), "performedDateTime": "2026-02-03"}
    (row,) = rows(RENAL, done)
    assert (row.start_last, row.end_last) == (day("2026-02-03"), LAST_DAY)
    spanned = {**SPEAKS["Procedure"](concept(DIALYSIS)), "performedPeriod": {"start": "2026-02-03"}}
    assert rows(RENAL, spanned)[0].start_last == day("2026-02-03")
    visit = {**SPEAKS["Encounter by type"](concept(DIALYSIS)), "period": {"start": "2026-02-04"}}
    assert rows(RENAL, visit)[0].start_last == day("2026-02-04")
    asked = {**SPEAKS["ServiceRequest"](concept(DIALYSIS)), "authoredOn": "2026-02-05"}
    assert rows(RENAL, asked)[0].start_last == day("2026-02-05")
    assert rows(RENAL, SPEAKS["Procedure"](concept(DIALYSIS)))[0].start_last == day(REQUESTED)


def test_a_hint_at_a_statement_is_a_statement_that_says_neither_yes_nor_no() -> None:
    (row,) = rows(UNABLE, SPEAKS["Flag"]({"text": "refuses fingersticks"}))
    assert isinstance(row, Answer)
    assert (row.text, row.ground, row.last) == ("?", "named by words", day(REQUESTED))


@pytest.mark.parametrize(
    ("onset", "found"),
    [("2026-06-01", 1), ("2025-06-15", 1), ("2025-06-14", 0), ("2019-01-01", 0)],
)
def test_a_hint_with_a_number_of_days_is_forgotten_after_them(onset: str, found: int) -> None:
    over = {"abatementDateTime": onset, "clinicalStatus": status("resolved")}
    for fact in (UNABLE, SMALL):
        code = "icd10:Z91.199" if fact == UNABLE else "icd10:R64"
        assert len(rows(fact, condition(code, onset, **over))) == found
        procedure = {**SPEAKS["Procedure"](concept(code)), "performedDateTime": onset}
        assert len(rows(fact, procedure)) == found


def test_a_hint_at_a_judgment_is_a_mention_of_it() -> None:
    (row,) = rows(SMALL, SPEAKS["Flag"]({"text": "Cachexia"}))
    assert (row.text, row.ground) == ("?", "named by words")


def test_an_order_for_a_sensor_is_told_by_the_order_alone() -> None:
    (row,) = rows("cgm_use", device_order("A4239"))
    assert (row.low, row.high, row.ground) == (0, 1, "an order only")
