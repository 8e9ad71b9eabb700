"""What each small log of the fixtures holds, reading by reading, written down beside the file and kept by hand.

A line is: device, local time, offset from UTC in minutes, mg/dL, where it stands, flags. Below the readings: what was
left out and why, whose log it says it is, its unit, and the days over which it is whole.
"""

import datetime as dt
from collections.abc import Iterator

import pytest

from priorauth.glucose.stream import Flag, Log
from tests.glucose.logs import fixture, local_times


def told(log: Log) -> Iterator[str]:
    for found in log.streams:
        columns = (found.offsets, found.glucose, found.rows, found.flags)
        parts = zip(local_times(found), *(column.tolist() for column in columns), strict=True)
        for time, offset, glucose, row, flags in parts:
            words = " ".join(flag.name.casefold() for flag in Flag if flags & flag and flag.name)
            yield f"{found.device} {time} {offset:+d} {glucose} at {row} {words}".rstrip()
    yield from (f"left out {reject.row} {reject.reason}" for reject in log.rejects)
    yield f"of {', '.join(log.patients) or 'nobody'} in {log.unit}"
    for span in log.whole:
        first, last = (dt.date.fromordinal(day) for day in (span.from_day, span.until_day))
        yield f"whole {span.device} {first} to {last}"


HOLDS = {
    "carelink_semicolon.csv": """
cgm 2024-03-14 23:40 +0 70 at 25 zoneless
cgm 2024-03-14 23:45 +0 69 at 24 zoneless
cgm 2024-03-14 23:50 +0 70 at 23 zoneless
cgm 2024-03-14 23:55 +0 71 at 22 zoneless
cgm 2024-03-15 08:00 +0 138 at 21 zoneless
cgm 2024-03-15 08:05 +0 141 at 20 zoneless
cgm 2024-03-15 08:10 +0 146 at 19 zoneless
cgm 2024-03-15 08:15 +0 150 at 18 zoneless
meter 2024-03-14 22:15 +0 180 at 14 zoneless
meter 2024-03-15 08:00 +0 141 at 12 zoneless
meter 2024-03-15 12:00 +0 95 at 10 manual zoneless
meter 2024-03-15 21:30 +0 212 at 8 zoneless
left out 10 copy-of-fingerstick
left out 13 copy-of-fingerstick
of Muster Erika P-17 in mg/dL
""",
    "carelink_comma.csv": """
cgm 2024-03-14 23:40 +0 70 at 25 zoneless
cgm 2024-03-14 23:45 +0 68 at 24 zoneless
cgm 2024-03-14 23:50 +0 70 at 23 zoneless
cgm 2024-03-14 23:55 +0 70 at 22 zoneless
cgm 2024-03-15 08:00 +0 139 at 21 zoneless
cgm 2024-03-15 08:05 +0 141 at 20 zoneless
cgm 2024-03-15 08:10 +0 146 at 19 zoneless
cgm 2024-03-15 08:15 +0 150 at 18 zoneless
meter 2024-03-14 22:15 +0 180 at 14 zoneless
meter 2024-03-15 08:00 +0 141 at 12 zoneless
meter 2024-03-15 12:00 +0 95 at 10 manual zoneless
meter 2024-03-15 21:30 +0 213 at 8 zoneless
left out 10 copy-of-fingerstick
left out 13 copy-of-fingerstick
of Muster Erika P-17 in mmol/L
""",
    "clarity_german_mmol.csv": """
cgm 2024-03-31 01:50 +0 180 at 7 zoneless
cgm 2024-03-31 01:55 +0 70 at 8 zoneless
cgm 2024-03-31 03:00 +0 39 at 9 low zoneless
cgm 2024-03-31 03:05 +0 401 at 10 high zoneless
cgm 2024-03-31 03:10 +0 250 at 11 zoneless
left out 12 no-value
left out 13 copy-of-fingerstick
of Erika Muster 1990-01-01 in mmol/L
""",
    "libreview_mmol_us.csv": """
cgm 2023-12-05 23:45 +0 180 at 3 zoneless
cgm 2023-12-06 00:00 +0 178 at 4 zoneless
cgm 2023-12-06 00:15 +0 39 at 5 low zoneless
cgm 2023-12-06 00:30 +0 501 at 6 high zoneless
cgm 2023-12-06 00:45 +0 70 at 7 zoneless
meter 2023-12-04 07:00 +0 130 at 10 zoneless
meter 2023-12-05 07:00 +0 20 at 11 low zoneless
meter 2023-12-07 12:01 +0 99 at 12 zoneless
left out 8 scan
left out 9 scan
of nobody in mmol/L
whole meter 2023-12-05 to 2023-12-06
""",
    "glooko_cgm.csv": """
cgm 2024-03-14 07:35 +0 250 at 10 zoneless
cgm 2024-03-14 07:40 +0 39 at 9 low zoneless
cgm 2024-03-15 07:45 +0 52 at 8 zoneless
cgm 2024-03-15 07:50 +0 54 at 7 zoneless
cgm 2024-03-15 07:55 +0 70 at 6 zoneless
cgm 2024-03-16 08:00 +0 401 at 5 high zoneless
cgm 2024-03-16 08:05 +0 178 at 4 zoneless
cgm 2024-03-16 08:10 +0 180 at 3 zoneless
of Erika Muster in mmol/L
whole cgm 2024-03-15 to 2024-03-15
""",
    "glooko_bg.csv": """
meter 2024-03-11 06:15 +0 401 at 10 high zoneless
meter 2024-03-14 00:00 +0 90 at 9 zoneless
meter 2024-03-15 07:30 +0 122 at 7 zoneless
meter 2024-03-16 07:30 +0 131 at 5 fasting zoneless
meter 2024-03-16 12:00 +0 101 at 4 before_meal zoneless
meter 2024-03-16 21:05 +0 188 at 3 after_meal zoneless
left out 6 control-solution
left out 8 duplicate
of Erika Muster in mg/dL
whole meter 2024-03-12 to 2024-03-15
""",
    "tidepool.json": """
cgm 2024-03-10 01:55 -300 100 at 2
cgm 2024-03-10 03:00 -240 70 at 3
cgm 2024-03-10 03:05 -240 39 at 4 low
cgm 2024-03-10 03:10 -240 401 at 5 high
cgm 2024-03-10 03:15 -240 180 at 6
meter 2024-03-10 08:00 -240 141 at 7
meter 2024-03-10 12:30 -240 96 at 9
meter 2024-03-10 12:34 -240 99 at 11
meter 2024-03-10 19:00 -240 212 at 12 manual
left out 8 copy-of-fingerstick
left out 10 copy-of-fingerstick
of 1a2b3c in mmol/L
""",
    "nightscout_entries.csv": """
cgm 2026-04-05 20:25 +0 167 at 1
cgm 2026-04-05 20:30 +0 162 at 2
cgm 2026-04-05 20:40 +0 39 at 4 low
cgm 2026-04-05 20:45 +0 401 at 5 high
cgm 2026-04-05 20:50 +0 120 at 6
left out 3 error-code
of nobody in mg/dL
""",
    "fhir_cgm_bundle.json": """
cgm 2024-05-02 10:15 +0 120 at 2
cgm 2024-05-02 10:20 +0 118 at 3
cgm 2024-05-02 10:30 +0 121 at 4
cgm 2024-05-02 10:40 +0 39 at 6 low
meter 2024-05-02 07:00 -240 131 at 9 before_meal
meter 2024-05-02 21:00 -240 180 at 10 after_meal
meter 2024-05-03 06:30 -240 98 at 11 fasting
left out 5 no-value
left out 7 withdrawn
of Patient/patientExample in mg/dL, mmol/L
""",
    "fhir_sampled_data.json": """
cgm 2024-05-02 00:00 +120 100 at 1
cgm 2024-05-02 00:05 +120 104 at 1
cgm 2024-05-02 00:10 +120 39 at 1 low
cgm 2024-05-02 00:20 +120 401 at 1 high
cgm 2024-05-02 00:25 +120 180 at 1
cgm 2024-05-02 00:30 +120 181 at 1
cgm 2024-05-02 00:35 +120 91 at 3
cgm 2024-05-02 00:40 +120 92 at 3
cgm 2024-05-02 00:45 +120 93 at 3
cgm 2024-05-02 00:50 +120 54 at 4
cgm 2024-05-02 00:55 +120 70 at 4
cgm 2024-05-02 01:00 +120 250 at 4
left out 1 no-value
left out 2 withdrawn
of Patient/patientExample in mg/dL, mmol/L
""",
    "plain_meter.csv": """
meter 2024-03-25 07:10 +0 131 at 2 before_meal zoneless
meter 2024-03-25 12:05 +0 102 at 3 before_meal zoneless
meter 2024-03-25 18:30 +0 245 at 4 after_meal manual zoneless
meter 2024-03-26 07:02 +0 96 at 5 fasting zoneless
left out 6 control-solution
left out 7 no-value
of nobody in mg/dL
""",
    "plain_sensor.csv": """
cgm 2024-03-25 07:10 -240 130 at 2
cgm 2024-03-25 07:15 -240 135 at 3
cgm 2024-03-25 07:20 -240 142 at 4
of nobody in mmol/L
""",
}


@pytest.mark.parametrize("name", HOLDS)
def test_a_log_holds_what_is_written_down_beside_it(name: str) -> None:
    assert list(told(fixture(name))) == HOLDS[name].split("\n")[1:-1]
