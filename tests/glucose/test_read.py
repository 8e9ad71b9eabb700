"""The logs of one person as a library gives them."""

from datetime import datetime

from priorauth.glucose.read import read_glucose
from tests.glucose.logs import DATA

METER = b"time,glucose mg/dL,device\n2026-06-01 07:30,112,meter\n2026-06-01 12:05,,meter\n2026-06-02 07:10,95,meter\n"


def test_each_reading_has_the_time_on_the_wall_and_whole_milligrams() -> None:
    log = read_glucose(DATA / "plain_meter.csv")
    assert [one.device for one in log.devices] == ["meter"]
    part = log.of("meter")
    assert part is not None
    assert len(list(part.readings())) == len(part.stream.glucose)
    assert log.of("cgm") is None


def test_a_row_without_a_value_is_counted_and_a_metric_without_readings_is_unknown() -> None:
    part = read_glucose(METER).devices[0]
    assert list(part.readings()) == [(datetime(2026, 6, 1, 7, 30), 112), (datetime(2026, 6, 2, 7, 10), 95)]  # noqa: DTZ001 - the clock on the wall
    assert part.rejected == 1
    assert part.metrics["mean_mg_dl"] == 103.5


def test_the_parts_of_two_devices_stand_with_the_sensor_first() -> None:
    log = read_glucose(DATA / "plain_meter.csv", DATA / "plain_sensor.csv")
    assert [one.device for one in log.devices] == ["cgm", "meter"]
    assert len(log.as_json()["streams"]) == 2  # type: ignore[arg-type]
