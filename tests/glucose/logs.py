"""What the tests of glucose logs share: the fixtures, and short ways to say what a stream holds."""

import datetime as dt
from pathlib import Path

import numpy as np

from priorauth.glucose.stream import Device, Flag, Log, LogRefused, Order, Stream, read_log, read_log_bytes

DATA = Path(__file__).parent.parent / "data" / "glucose"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

# Every fixture, with how many readings of the sensor and of the meter are in it.
FIXTURES = {
    "Clarity_Export_synthetic.csv": (3922, 0),
    "FreeStyle_Libre_3_synthetic.csv": (4305, 0),
    "nightscout_entries.json": (1000, 0),
    "carelink_semicolon.csv": (8, 4),
    "carelink_comma.csv": (8, 4),
    "clarity_german_mmol.csv": (5, 0),
    "libreview_mmol_us.csv": (5, 3),
    "glooko_cgm.csv": (8, 0),
    "glooko_bg.csv": (0, 6),
    "tidepool.json": (5, 4),
    "nightscout_entries.csv": (5, 0),
    "fhir_cgm_bundle.json": (4, 3),
    "fhir_sampled_data.json": (12, 0),
    "plain_meter.csv": (0, 4),
    "plain_sensor.csv": (3, 0),
}


def fixture(name: str) -> Log:
    return read_log(DATA / name)


def read(
    text: str | bytes,
    name: str = "log",
    *,
    columns: str | None = None,
    zone: str | None = None,
    dates: Order | None = None,
) -> Log:
    data = text.encode() if isinstance(text, str) else text
    return read_log_bytes(data, name, columns=columns, zone=zone, dates=dates)


def refusal(
    text: str | bytes, *, columns: str | None = None, zone: str | None = None, dates: Order | None = None
) -> str:
    """Read what must be refused, and give the line that says why."""
    try:
        read(text, columns=columns, zone=zone, dates=dates)
    except LogRefused as error:
        return str(error)
    raise AssertionError("expected the log to be refused")


def stream(log: Log, device: Device) -> Stream:
    return next(stream for stream in log.streams if stream.device == device)


def count(log: Log, device: Device) -> int:
    return sum(len(stream) for stream in log.streams if stream.device == device)


def values(log: Log, device: Device) -> list[int]:
    return [int(value) for value in stream(log, device).glucose]


def flagged(found: Stream, flag: Flag) -> list[int]:
    """Give the values that bear a flag."""
    return [int(value) for value, flags in zip(found.glucose, found.flags, strict=True) if flags & flag]


def local_times(found: Stream) -> list[str]:
    """Give the times on the patient's wall."""
    wall = found.minutes.astype(np.int64) + found.offsets
    return [f"{EPOCH + dt.timedelta(minutes=int(minute)):%Y-%m-%d %H:%M}" for minute in wall]


def utc_times(found: Stream) -> list[str]:
    return [f"{EPOCH + dt.timedelta(minutes=int(minute)):%Y-%m-%d %H:%M}" for minute in found.minutes]


def assert_canonical(log: Log) -> None:
    """Hold a log against everything that the rooms above rely on."""
    for found in log.streams:
        size = len(found.minutes)
        kinds = {"minutes": "int32", "offsets": "int16", "glucose": "int16", "flags": "uint8", "rows": "int32"}
        for name, kind in kinds.items():
            column = getattr(found, name)
            assert (column.dtype, column.shape) == (np.dtype(kind), (size,)), name
        assert size > 0
        assert found.minutes.tolist() == sorted(found.minutes.tolist())
        assert len(set(zip(found.minutes.tolist(), found.glucose.tolist(), strict=True))) == size
        assert 20 <= found.glucose.min() <= found.glucose.max() <= 600
        assert np.abs(found.offsets).max() <= 14 * 60
        assert not (found.offsets[(found.flags & Flag.ZONELESS) != 0]).any()
        assert found.rows.min() >= 1
        assert (found.flags < 128).all()
    assert len(log.rejects) <= 1000
    assert [reject.row for reject in log.rejects] == sorted(reject.row for reject in log.rejects)
    assert all(number > 0 for number in log.counts.values())
    assert all(span.from_day <= span.until_day for span in log.whole)


def lines(log: Log, device: Device) -> list[tuple[int, str, int, str]]:
    """Give the readings of a device in order of time: row, local time, mg/dL, and flags in words but ZONELESS."""
    found = stream(log, device)
    columns = (found.rows.tolist(), local_times(found), found.glucose.tolist(), found.flags.tolist())
    return [
        (row, time, glucose, " ".join(str(flag.name) for flag in Flag if flags & flag & ~Flag.ZONELESS))
        for row, time, glucose, flags in zip(*columns, strict=True)
    ]


def left_out(log: Log) -> list[tuple[int, str]]:
    """Give the rows left out, and why."""
    return [(reject.row, str(reject.reason)) for reject in log.rejects]
