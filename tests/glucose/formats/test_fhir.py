from typing import Any

import pytest

from priorauth.errors import LogRefused
from priorauth.glucose.stream import Flag, Log, read_resources
from tests.glucose.logs import fixture, flagged, left_out, lines, local_times, stream, utc_times, values

MG = {"code": "mg/dL", "system": "http://unitsofmeasure.org"}


def observation(code: str = "99504-3", at: str = "2024-05-02T10:15:00Z", **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": 120, **MG},
        **more,
    }


def sampled(data: str, *, start: str = "2024-05-02T00:00:00Z", **more: Any) -> dict[str, Any]:
    samples = {"origin": {"value": 0, **MG}, "period": 300_000, "dimensions": 1, "data": data, **more}
    found = observation(at="", effectivePeriod={"start": start}, valueSampledData=samples)
    return {key: value for key, value in found.items() if key not in {"effectiveDateTime", "valueQuantity"}}


def read(*resources: object) -> Log:
    return read_resources(resources, "Bundle/1")


def test_a_bundle_of_the_cgm_guide_is_read_and_its_summary_left_alone() -> None:
    log = fixture("fhir_cgm_bundle.json")
    assert values(log, "cgm") == [120, 118, 121, 39]
    assert flagged(stream(log, "cgm"), Flag.LOW) == [39]
    assert log.counts == {"no-value": 1, "withdrawn": 1}
    assert log.patients == ("Patient/patientExample",)


def test_capillary_readings_are_the_meters_with_their_meals_and_laboratory_ones_are_nobodys() -> None:
    meter = stream(fixture("fhir_cgm_bundle.json"), "meter")
    assert meter.glucose.tolist() == [131, 180, 98]
    assert flagged(meter, Flag.BEFORE_MEAL) == [131]
    assert flagged(meter, Flag.AFTER_MEAL) == [180]
    assert flagged(meter, Flag.FASTING) == [98]
    assert local_times(meter)[0] == "2024-05-02 07:00"


def test_sampled_data_is_decoded_sample_by_sample() -> None:
    log = fixture("fhir_sampled_data.json")
    cgm = stream(log, "cgm")
    assert cgm.glucose.tolist() == [100, 104, 39, 401, 180, 181, 91, 92, 93, 54, 70, 250]
    assert (flagged(cgm, Flag.LOW), flagged(cgm, Flag.HIGH)) == ([39], [401])
    assert local_times(cgm)[3:5] == ["2024-05-02 00:20", "2024-05-02 00:25"]  # the error at 00:15 left a gap
    assert log.counts == {"no-value": 1, "withdrawn": 1}


def test_a_row_is_the_place_of_the_resource() -> None:
    assert stream(read({"resourceType": "Patient"}, None, observation()), "cgm").place(0) == ("Bundle/1", 3)


def test_resources_without_glucose_are_a_log_without_streams() -> None:
    assert read({"resourceType": "Patient"}, observation("4548-4")).streams == ()


def test_a_preliminary_reading_counts_until_a_final_one_replaces_it() -> None:
    early = observation(status="preliminary", valueQuantity={"value": 100, **MG})
    assert values(read(early), "cgm") == [100]
    log = read(early, observation(valueQuantity={"value": 110, **MG}))
    assert (values(log, "cgm"), log.counts) == ([110], {"withdrawn": 1})


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered"])
def test_a_withdrawn_reading_does_not_count(status: str) -> None:
    log = read(observation(status=status), observation(at="2024-05-02T10:20:00Z"))
    assert (len(stream(log, "cgm")), log.counts) == (1, {"withdrawn": 1})


@pytest.mark.parametrize(
    ("quantity", "expected", "flag"),
    [
        ({"value": 40, "comparator": "<", **MG}, 39, Flag.LOW),
        ({"value": 400, "comparator": ">", **MG}, 401, Flag.HIGH),
        ({"value": 20, "comparator": "<", **MG}, 20, Flag.LOW),
        ({"value": 600, "comparator": ">", **MG}, 600, Flag.HIGH),
        ({"value": 3.9, "code": "mmol/L"}, 70, Flag(0)),
        ({"value": 3.9, "unit": "mmol/l"}, 70, Flag(0)),
    ],
)
def test_a_quantity_is_read_as_it_stands(quantity: dict[str, object], expected: int, flag: Flag) -> None:
    cgm = stream(read(observation(valueQuantity=quantity)), "cgm")
    assert (cgm.glucose.tolist(), Flag(int(cgm.flags[0]))) == ([expected], flag)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"valueQuantity": {"value": 120}}, "unit-unknown"),
        ({"valueQuantity": {"value": 1.2, "code": "g/L"}}, "unit-unknown"),
        ({"valueQuantity": {**MG}}, "no-value"),
        ({"valueQuantity": None, "dataAbsentReason": {}}, "no-value"),
        ({"valueQuantity": {"value": [1], **MG}}, "no-value"),
        ({"valueQuantity": {"value": 9000, **MG}}, "out-of-range"),
        ({"effectiveDateTime": "2024-05-02"}, "unreadable-time"),
        ({"effectiveDateTime": None}, "unreadable-time"),
    ],
)
def test_what_is_no_reading_is_counted_with_its_reason(more: dict[str, Any], reason: str) -> None:
    log = read(observation(**more))
    assert (log.streams, log.counts) == ((), {reason: 1})


def test_a_value_said_in_a_word_is_flagged() -> None:
    log = read(observation(valueQuantity=None, valueString="High"))
    assert flagged(stream(log, "cgm"), Flag.HIGH) == [401]


def test_control_solution_is_counted() -> None:
    control = observation()
    control["code"] = {"coding": [{"system": "urn:iso:std:iso:11073:10101", "code": "160208"}]}
    assert read(control).counts == {"control-solution": 1}


def test_two_patients_are_refused() -> None:
    with pytest.raises(LogRefused, match="Bundle/1, row 2: a second patient"):
        read(observation(), observation(subject={"reference": "Patient/2"}))


def test_samples_are_scaled_exactly() -> None:
    log = read(sampled("39 100", origin={"value": 0, "code": "mmol/L"}, factor=0.1))
    assert values(log, "cgm") == [70, 180]


def test_samples_of_r5_state_their_interval() -> None:
    log = read(sampled("100 101", period=None, interval=15, intervalUnit="min"))
    assert utc_times(stream(log, "cgm")) == ["2024-05-02 00:00", "2024-05-02 00:15"]


def test_seconds_of_the_start_carry_into_the_minutes_of_the_samples() -> None:
    log = read(sampled("100 101", start="2024-05-02T00:00:40Z", period=90_000))
    assert utc_times(stream(log, "cgm")) == ["2024-05-02 00:00", "2024-05-02 00:02"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"period": 0}, "unreadable-time"),
        ({"period": 1e300}, "unreadable-time"),
        ({"start": "2024-05-02"}, "unreadable-time"),
        ({"start": "2024-05-02T99:00:00Z"}, "unreadable-time"),
        ({"dimensions": 2}, "unit-unknown"),
        ({"origin": {"value": 0}}, "unit-unknown"),
        ({"factor": "x"}, "unreadable-value"),
    ],
)
def test_samples_that_cannot_be_placed_or_read_are_counted(more: dict[str, Any], reason: str) -> None:
    assert read(sampled("100 101", **more)).counts == {reason: 2}


def test_times_without_a_zone_cannot_stand_beside_times_with_one() -> None:
    log = read(observation(), observation(at="2024-05-02T11:00:00"))
    assert (utc_times(stream(log, "cgm")), log.counts) == (["2024-05-02 10:15"], {"unreadable-time": 1})


@pytest.mark.parametrize(
    "junk", [{"code": 7}, {"component": [7, {"code": []}]}, {"device": "x"}, {"status": ["final"]}]
)
def test_fields_of_a_wrong_kind_cost_nothing_else(junk: dict[str, Any]) -> None:
    good = observation(at="2024-05-02T11:00:00Z")
    assert len(stream(read(observation(**junk), good), "cgm")) >= 1


LOINC, MDC = "http://loinc.org", "urn:iso:std:iso:11073:10101"


@pytest.mark.parametrize(
    ("system", "code", "device"),
    [
        (LOINC, "99504-3", "cgm"),
        (LOINC, "105272-9", "cgm"),
        (MDC, "160212", "cgm"),  # MDC_CONC_GLU_ISF
        (LOINC, "41653-7", "meter"),
        (LOINC, "14743-9", "meter"),
        (LOINC, "2340-8", "meter"),
        (MDC, "160184", "meter"),  # MDC_CONC_GLU_CAPILLARY_WHOLEBLOOD
        (MDC, "160188", "meter"),  # MDC_CONC_GLU_CAPILLARY_PLASMA
        (LOINC, "2339-0", None),  # of any blood
        (LOINC, "2345-7", None),  # of serum
        (LOINC, "1558-6", None),  # fasting, of serum
        (LOINC, "97507-8", None),  # a mean
        (MDC, "99504-3", None),
        ("", "99504-3", None),
    ],
)
def test_a_code_says_what_measured(system: str, code: str, device: str | None) -> None:
    made = observation()
    made["code"] = {"coding": [{"system": system, "code": code}]}
    assert [found.device for found in read(made).streams] == ([device] if device else [])


@pytest.mark.parametrize(
    ("status", "counts"),
    [
        ("final", True),
        ("amended", True),
        ("corrected", True),
        ("preliminary", True),
        ("unknown", True),
        ("registered", False),
        ("cancelled", False),
        ("entered-in-error", False),
    ],
)
def test_a_status_says_whether_a_reading_counts(status: str, counts: bool) -> None:  # noqa: FBT001  (a table of it)
    log = read(observation(status=status))
    assert (len(log.streams), log.counts) == ((1, {}) if counts else (0, {"withdrawn": 1}))


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "unknown", "registered"])
def test_a_preliminary_reading_gives_way_to_a_settled_one(status: str) -> None:
    log = read(observation(status="preliminary"), observation(status=status, valueQuantity={"value": 110, **MG}))
    gives_way = status in {"final", "amended", "corrected"}
    assert (120 in values(log, "cgm")) is not gives_way


@pytest.mark.parametrize(
    "other",
    [
        {"effectiveDateTime": "2024-05-02T10:16:00Z"},
        {"device": {"reference": "Device/2"}},
        {"code": {"coding": [{"system": LOINC, "code": "41653-7"}]}},
    ],
)
def test_a_preliminary_reading_stands_beside_a_settled_one_of_something_else(other: dict[str, Any]) -> None:
    log = read(observation(status="preliminary"), observation(valueQuantity={"value": 110, **MG}, **other))
    assert log.counts == ({"second-device": 1} if "device" in other else {})


@pytest.mark.parametrize(
    ("comparator", "expected", "flag"),
    [
        ("<", 99, Flag.LOW),
        ("<=", 100, Flag.LOW),
        (">", 101, Flag.HIGH),
        (">=", 100, Flag.HIGH),
        ("~", 100, Flag(0)),
        (None, 100, Flag(0)),
    ],
)
def test_a_comparator_says_on_which_side_a_value_is_open(comparator: str | None, expected: int, flag: Flag) -> None:
    found = stream(read(observation(valueQuantity={"value": 100, "comparator": comparator, **MG})), "cgm")
    assert (found.glucose.tolist(), Flag(int(found.flags[0]))) == ([expected], flag)


@pytest.mark.parametrize(
    ("more", "millis"),
    [
        ({"period": 60_000}, 60_000),
        ({"period": 86_400_000}, 86_400_000),
        ({"period": 86_400_001}, None),
        ({"period": -60_000}, None),
        ({"period": None, "interval": 60_000, "intervalUnit": "ms"}, 60_000),
        ({"period": None, "interval": 300, "intervalUnit": "s"}, 300_000),
        ({"period": None, "interval": 5, "intervalUnit": "min"}, 300_000),
        ({"period": None, "interval": 1, "intervalUnit": "h"}, 3_600_000),
        ({"period": None, "interval": 1, "intervalUnit": "d"}, None),
        ({"period": None, "interval": 5}, None),
        ({"period": None}, None),
    ],
)
def test_samples_stand_a_period_apart(more: dict[str, Any], millis: int | None) -> None:
    log = read(sampled("100 101", **more))
    if millis is None:
        assert log.counts == {"unreadable-time": 2}
    else:
        first, second = stream(log, "cgm").minutes.tolist()
        assert second - first == millis // 60_000


@pytest.mark.parametrize(
    ("start", "local", "offset"),
    [
        ("2024-05-02T10:15:00Z", "2024-05-02 10:15", 0),
        ("2024-05-02T10:15:30+05:45", "2024-05-02 10:15", 345),
        ("2024-05-02T10:15-04:00", "2024-05-02 10:15", -240),
        ("2024-05-02T10:15", "2024-05-02 10:15", 0),
        ("2024-05-02 10:15:00Z", None, 0),
        ("2024-05-02", None, 0),
        ("2024-05", None, 0),
        ("", None, 0),
    ],
)
def test_samples_begin_at_a_full_moment(start: str, local: str | None, offset: int) -> None:
    log = read(sampled("100", start=start))
    if local is None:
        assert log.counts == {"unreadable-time": 1}
    else:
        found = stream(log, "cgm")
        assert (local_times(found), found.offsets.tolist()) == ([local], [offset])
        assert found.zoneless is (len(start) == 16)


def test_samples_carry_what_the_device_said_and_where_they_stand() -> None:
    log = read({}, sampled("L U E 100 x 9000", origin={"value": 10, **MG}, factor=2))
    assert lines(log, "cgm") == [
        (2, "2024-05-02 00:00", 39, "LOW"),
        (2, "2024-05-02 00:05", 401, "HIGH"),
        (2, "2024-05-02 00:15", 210, ""),
    ]
    assert left_out(log) == [(2, "no-value"), (2, "unreadable-value"), (2, "out-of-range")]


def test_samples_of_two_devices_that_say_the_same_are_one() -> None:
    second = {**sampled("100 101"), "device": {"reference": "Device/2"}}
    assert read(sampled("100 101"), second).counts == {"duplicate": 2, "backwards": 1}


@pytest.mark.parametrize(
    ("effective", "read_as"),
    [
        ({"effectiveDateTime": "2024-05-02T10:15:00Z"}, "2024-05-02 10:15"),
        ({"effectiveDateTime": None, "effectiveInstant": "2024-05-02T10:16:00Z"}, "2024-05-02 10:16"),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2024-05-02T10:17:00Z"}}, "2024-05-02 10:17"),
        ({"effectiveInstant": "2024-05-02T10:16:00Z"}, "2024-05-02 10:15"),
    ],
)
def test_a_reading_is_of_the_moment_or_the_start_of_the_period(effective: dict[str, Any], read_as: str) -> None:
    assert local_times(stream(read(observation(**effective)), "cgm")) == [read_as]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Low", (39, "LOW")), ("HI", (401, "HIGH")), ("120", "no-value"), ("soon", "unreadable-value"), ("", "no-value")],
)
def test_a_word_for_a_value_is_known_or_counted(value: str, expected: tuple[int, str] | str) -> None:
    log = read(observation(valueQuantity=None, valueString=value))
    if isinstance(expected, str):
        assert log.counts == {expected: 1}
    else:
        assert [line[2:] for line in lines(log, "cgm")] == [expected]


def test_one_patient_may_be_named_once_and_twice_and_not_at_all() -> None:
    nobody = observation(at="2024-05-02T10:20:00Z", subject={})
    assert read(observation(), nobody).patients == ("Patient/1",)
    assert read(nobody).patients == ()


def test_too_many_samples_are_refused() -> None:
    with pytest.raises(LogRefused, match="row 2: more than 2000000 samples"):
        read(sampled("1 " * 2_000_000, origin={}), sampled("1"))
