from priorauth.glucose.formats import detect
from priorauth.glucose.formats.reading import Flag, Hints

HEADER = "Local Time,Device Time,Timezone Offset,Value,Units,Device ID,Sub Type\n"


def test_the_title_of_the_sheet_says_what_measured_and_the_offset_where() -> None:
    rows = "2026-03-14 07:10:00,,-240,7.2715,mmol/L,M1,\n2026-03-14 09:10:00,,-240,5.5,mmol/L,P1,manual\n"
    raw = detect.read("log", (HEADER + rows).encode(), Hints(), "SMBG")
    _, meter = raw.readings
    assert (meter.glucose.tolist(), meter.flags.tolist()) == ([131, 99], [0, int(Flag.MANUAL)])
    assert (meter.offsets.tolist(), meter.zoned.tolist()) == ([-240, -240], [True, True])


def test_a_column_of_kinds_says_it_too() -> None:
    text = (
        "Tidepool Data Type,Local Time,Value,Units\ncbg,2026-03-14 07:10:00,6.7,mmol/L\nbolus,2026-03-14 07:11:00,4,U\n"
    )
    sensor, _ = detect.read("log", text.encode(), Hints()).readings
    assert (sensor.glucose.tolist(), sensor.zoned.tolist()) == ([121], [False])
