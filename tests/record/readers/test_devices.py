import pytest

from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import REQUESTED, Json, concept, day, ref, rows


def device(code: str, **more: object) -> Json:
    return {"resourceType": "Device", "id": "d", "status": "active", "patient": ref("Patient/pat-1"),
            "type": concept(f"snomed:{code}"), **more}  # fmt: skip


@pytest.mark.parametrize("code", ["14106009", "72506001"])
def test_an_active_pacemaker_or_defibrillator_is_another_programmable_implant(code: str) -> None:
    (row,) = rows("other_programmable_implant", device(code))
    assert (row.start_first, row.start_last, row.end_last, row.low) == (FIRST_DAY, day(REQUESTED), LAST_DAY, 1)


def test_a_device_that_is_out_or_cannot_be_programmed_is_none() -> None:
    assert rows("other_programmable_implant", device("14106009", status="inactive")) == ()
    assert rows("other_programmable_implant", device("337414009")) == ()


def test_a_pump_among_the_devices_hints_that_one_is_in_use_and_leaves_the_kind_of_request_open() -> None:
    (row,) = rows("insulin_pump_use", device("69805005"))
    assert (row.low, row.high) == (0, 1)
    assert rows("request_kind", device("69805005")) == ()


@pytest.mark.parametrize(
    "named",
    [
        {"deviceName": [{"name": "Omnipod 5 insulin pump", "type": "user-friendly-name"}]},
        {"type": {"text": "Insulin pump"}},
        {"type": {"coding": [{"system": "urn:example:local", "code": "7", "display": "External insulin pump"}]}},
    ],
)
def test_a_pump_that_only_its_name_tells_of_hints_that_one_is_in_use(named: Json) -> None:
    local = {**device("1"), "type": {"text": "Device"}, **named}
    (row,) = rows("insulin_pump_use", local)
    assert (row.low, row.high) == (0, 1)
    assert rows("insulin_pump_use", {**device("1"), "type": {"text": "Wheelchair"}}) == ()
