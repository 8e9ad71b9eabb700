import json

from tests.glucose.forms import FORMS
from tests.glucose.logs import count, left_out, lines, read, stream


def point(utc: str, wall: str, glucose: object, **more: object) -> dict[str, object]:
    return {"FactoryTimestamp": utc, "Timestamp": wall, "type": 0, "ValueInMgPerDl": glucose, **more}


def answer(*points: dict[str, object]) -> str:
    return json.dumps({"status": 0, "data": {"connection": {}, "graphData": points}})


def test_the_graph_is_read_and_the_measurement_beside_it_is_not() -> None:
    log = read((FORMS / "librelinkup.json").read_bytes())
    assert count(log, "cgm") == 10
    assert set(stream(log, "cgm").offsets.tolist()) == {-240}


def test_the_month_stands_first_and_the_two_stamps_tell_the_zone() -> None:
    log = read(answer(point("3/4/2026 1:15:00 AM", "3/3/2026 8:15:00 PM", 120)))
    assert lines(log, "cgm") == [(1, "2026-03-03 20:15", 120, "")]
    assert stream(log, "cgm").offsets.tolist() == [-300]


def test_what_the_service_says_of_the_ends_of_its_range_is_kept() -> None:
    log = read(
        answer(
            point("3/4/2026 1:00:00 AM", "3/4/2026 1:00:00 AM", 39, isLow=True),
            point("3/4/2026 1:15:00 AM", "3/4/2026 1:15:00 AM", 60, isLow=True),
            point("3/4/2026 1:30:00 AM", "3/4/2026 1:30:00 AM", 500, isHigh=True),
            point("3/4/2026 1:45:00 AM", "3/4/2026 1:45:00 AM", None),
            point("no time", "3/4/2026 2:00:00 AM", 99),
            point("3/4/2026 2:15:00 AM", "3/4/2026 2:15:00 AM", 99) | {"type": 1},
        )
    )
    assert [(value, flags) for _, _, value, flags in lines(log, "cgm")] == [(39, "LOW"), (60, ""), (500, "HIGH")]
    assert left_out(log) == [(4, "no-value"), (5, "unreadable-time"), (6, "scan")]
