import io
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from priorauth.glucose.formats import apple, markup
from priorauth.glucose.formats.reading import Hints
from priorauth.glucose.stream import Flag
from tests.glucose.forms import FORMS
from tests.glucose.logs import count, fixture, flagged, lines, read, refusal, stream

HEAD = '<?xml version="1.0"?>\n<HealthData>\n'
END = "</HealthData>\n"


def record(time: str, value: object, source: str = "Dexcom G7", unit: str = "mg/dL", inside: str = "") -> str:
    tag = (
        f'<Record type="HKQuantityTypeIdentifierBloodGlucose" sourceName="{source}" unit="{unit}" '
        f'startDate="2026-03-14 {time}:00 -0400" value="{value}"'
    )
    return f"{tag}>{inside}</Record>\n" if inside else f"{tag}/>\n"


def meta(key: str, value: str) -> str:
    return f'<MetadataEntry key="{key}" value="{value}"/>'


def test_the_app_says_what_measured_and_metadata_what_was_typed() -> None:
    log = fixture("formats/apple_health.xml")
    assert count(log, "cgm") == 10
    assert lines(log, "meter") == [
        (20, "2026-03-14 07:10", 132, "BEFORE_MEAL"),
        (23, "2026-03-14 09:10", 188, "AFTER_MEAL MANUAL"),
    ]
    assert log.counts == {"device-unknown": 1}
    assert set(stream(log, "cgm").offsets.tolist()) == {-240}


def test_an_app_that_is_not_known_is_a_sensors_where_it_writes_often() -> None:
    often = "".join(record(f"0{n // 12}:{n % 12 * 5:02}", 100 + n, "New App") for n in range(12))
    assert count(read(HEAD + often + END), "cgm") == 12
    seldom = "".join(record(f"{n:02}:00", 100 + n, "New App") for n in range(12))
    assert refusal(HEAD + seldom + END) == "log: no readings (12 device-unknown); expected at least one"


def test_what_was_typed_is_a_meters_whatever_the_app() -> None:
    text = HEAD + record("07:10", 131, "Dexcom G7", inside=meta("HKWasUserEntered", "1")) + END
    assert flagged(stream(read(text), "meter"), Flag.MANUAL) == [131]


def test_records_in_comments_are_none_and_attributes_hold_what_they_please() -> None:
    text = HEAD + "<!-- " + record("06:00", 99) + "-->\n" + record("07:10", 120, "Anna's > G7 &lt;Dexcom&gt;") + END
    assert lines(read(text), "cgm") == [(5, "2026-03-14 07:10", 120, "")]


def test_a_file_that_was_cut_off_says_so() -> None:
    text = HEAD + record("07:10", 120) + record("07:15", 121)
    assert read(text).counts == {"truncated-line": 1}
    log = read(text[:-30])
    assert (count(log, "cgm"), log.counts) == (1, {"truncated-line": 1})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + '<Record type="HKQuantityTypeIdentifierBloodGlucose" value=1/>' + END, "expected well-formed XML"),
        (HEAD + "<![CDATA[" + record("07:10", 120) + "]]>" + END, "has unparsed text"),
        (HEAD + record("07:10", 120).replace("/>", ">") + record("07:15", 120) + END, "expected"),
    ],
)
def test_damage_is_refused_in_one_line(text: str, said: str) -> None:
    assert said in refusal(text)


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size, 37) if size and size > 0 else 37)


@pytest.mark.parametrize("chunk", [1, 7, 37, 300])
def test_the_pieces_in_which_a_file_is_read_change_nothing(chunk: int) -> None:
    data = (FORMS / "apple_health.xml").read_bytes()
    whole = apple.read("log", data, io.BytesIO(), Hints())
    rest: IO[bytes] = Trickle(data[chunk:])
    parted = apple.read("log", data[:chunk], rest, Hints())
    for one, two in zip(whole.readings, parted.readings, strict=True):
        assert (one.minutes.tolist(), one.glucose.tolist(), one.rows.tolist()) == (
            two.minutes.tolist(),
            two.glucose.tolist(),
            two.rows.tolist(),
        )
    assert whole.tally.counts() == parted.tally.counts()


def test_a_long_file_is_read_as_a_stream() -> None:
    other = '<Record type="HKQuantityTypeIdentifierHeartRate" unit="count/min" value="60"/>\n' * 30_000
    data = (HEAD + other + record("07:10", 120) + other + record("07:15", 121) + END).encode()
    assert len(data) > 4 * markup.PEEKED
    raw = markup.read("log", io.BytesIO(data), Hints())
    assert raw.readings[0].rows.tolist() == [30_003, 60_004]


@pytest.mark.slow
def test_a_large_export_takes_little_memory() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, str(root / "bench" / "logs.py"), "400"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    peak = float(said.rpartition("at most ")[2].split()[0])
    assert peak < 200
