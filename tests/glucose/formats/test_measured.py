from priorauth.glucose.formats.amount import Unit
from priorauth.glucose.formats.measured import Measured
from priorauth.glucose.formats.reading import Flag, Hints
from priorauth.glucose.formats.tags import CONTROL


def test_readings_of_both_devices_are_gathered_with_what_is_known_of_them() -> None:
    found = Measured("log")
    found.take(2, "cgm", "2026-03-14 07:10", "120", Unit.MG, maker="a")
    found.take(3, "meter", ("14.03.2026", "7:11 PM"), "6,7", Unit.MMOL, flags=int(Flag.FASTING))
    found.take(4, "meter", "2026-03-14 08:00", "", Unit.MG)
    found.take(5, "meter", "2026-03-14 08:00", "99", Unit.MG, flags=CONTROL)
    found.take(6, "meter", "2026-03-14 08:00", "99", None)
    raw = found.raw("form", Hints())
    sensor, meter = raw.readings
    assert (sensor.glucose.tolist(), sensor.rows.tolist()) == ([120], [2])
    assert (meter.glucose.tolist(), meter.flags.tolist(), meter.minutes.tolist()[0] % 1440) == (
        [121],
        [8],
        19 * 60 + 11,
    )
    assert raw.unit == "mg/dL, mmol/L"
    assert raw.tally.counts() == {"test-without-value": 1, "unit-unknown": 1, "control-solution": 1}


def test_more_readings_than_wait_at_a_time_keep_their_order() -> None:
    found = Measured("log")
    for number in range(3000):
        found.take(
            number + 1, "cgm", f"2026-03-{1 + number // 1440:02} {number // 60 % 24:02}:{number % 60:02}", 100, Unit.MG
        )
    assert found.raw("form", Hints()).readings[0].rows.tolist() == list(range(1, 3001))
