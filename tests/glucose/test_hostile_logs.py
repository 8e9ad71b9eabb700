"""Any bytes give a log that holds what it promises, or one clear line; nothing else."""

import importlib.util
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.glucose.stream import LogRefused, Order, read_log_bytes, read_logs, read_resources
from tests.glucose.forms import FORMS, HELD
from tests.glucose.logs import DATA, FIXTURES, assert_canonical

NAMES = ("Muster", "Erika", "Gagarin", "P-17")
PIECES = [
    b"",
    b",",
    b";",
    b'"',
    b"\n",
    b"\r",
    b"\t",
    b"0",
    b"-",
    b":",
    b"mg/dL",
    b"mmol/L",
    b"Low",
    b"EGV",
    b"Index",
    b"---",
]
PIECES += [
    b"\xef\xbb\xbf",
    b"\xff",
    b"\0",
    b"null",
    b"[",
    b"]",
    b"{",
    b"}",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"\xc3\xa9",
]


def small(name: str) -> bytes:
    """A fixture, or its beginning, cut where it can still be read."""
    data = (DATA / name).read_bytes()
    if name == "nightscout_entries.json":
        return data[: data.index(b"}", 2000) + 1] + b"]"
    return b"".join(data.splitlines(keepends=True)[:40]) if name.endswith(".csv") else data


SMALL = {name: small(name) for name in FIXTURES}

Change = Callable[[bytes], bytes]


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["replace", "delete", "repeat", "swap", "cut", "columns", "byte"]))
    where, size = draw(st.floats(0, 1)), draw(st.integers(0, 60))
    piece, shift = draw(st.sampled_from(PIECES)), draw(st.integers(1, 8))
    byte = draw(st.integers(0, 255))

    def change(data: bytes) -> bytes:
        at = int(where * len(data))
        lines = data.splitlines(keepends=True)
        line = int(where * max(len(lines) - 1, 0))
        if kind == "replace":
            return data[:at] + piece + data[at + size % 4 :]
        if kind == "delete":
            return data[:at] + data[at + size :]
        if kind == "repeat":
            return b"".join([*lines[: line + shift], *lines[line:]])
        if kind == "swap" and len(lines) > 1:
            lines[line], lines[-1] = lines[-1], lines[line]
            return b"".join(lines)
        if kind == "cut":
            return data[:at]
        if kind == "columns":
            return b"\n".join(
                b",".join((cells := row.split(b","))[shift:] + cells[:shift]) for row in data.split(b"\n")
            )
        return data[:at] + bytes([byte]) + data[at + 1 :]

    return change


def refused_in_one_line(error: LogRefused) -> None:
    line = str(error)
    assert line.startswith("log")
    assert "\n" not in line
    assert not any(name in line for name in NAMES)


def hold(data: bytes, **said: str) -> None:
    try:
        log = read_log_bytes(data, "log", **said)  # type: ignore[arg-type]
    except LogRefused as error:
        refused_in_one_line(error)
    else:
        assert log.streams
        assert_canonical(log)


@pytest.mark.parametrize("name", FIXTURES)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(changes(), min_size=1, max_size=4),
    st.sampled_from([None, "dmy"]),
    st.sampled_from([None, "Europe/Berlin"]),
)
def test_a_damaged_log_is_read_rightly_or_refused_in_one_line(
    name: str, changed: list[Change], dates: str | None, zone: str | None
) -> None:
    data = SMALL[name]
    for change in changed:
        data = change(data)
    hold(data, **({"dates": dates} if dates else {}), **({"zone": zone} if zone else {}))


FORMED = [name for name in HELD if not name.endswith(".xlsx") or importlib.util.find_spec("openpyxl")]


@pytest.mark.parametrize("name", FORMED)
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(changes(), min_size=1, max_size=3), st.sampled_from([None, "dmy"]))
def test_a_damaged_file_of_any_format_is_read_rightly_or_refused_in_one_line(
    name: str, changed: list[Change], dates: Order | None
) -> None:
    data = (FORMS / name).read_bytes()
    for change in changed:
        data = change(data)
    try:
        logs = read_logs(data, "log", dates=dates)
    except LogRefused as error:
        refused_in_one_line(error)
        return
    for log in logs:
        assert_canonical(log)


@settings(max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_one_line(data: bytes) -> None:
    hold(data)


@settings(max_examples=100)
@given(
    st.text(alphabet='time,glucose=1239;\n "mg/dLmmol', max_size=60),
    st.text(alphabet="time=glucosunitdevrmg/dL,1239clokp", max_size=40),
)
def test_any_columns_named_for_any_table_are_read_or_refused_in_one_line(text: str, columns: str) -> None:
    hold(text.encode(), columns=columns)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["sgv", "cbg", "mmol/L", "99504-3"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "code", "coding", "status", "type", "sgv", "date", "time", "units", "value", "subject"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)

FIELDS = [
    "status",
    "code",
    "subject",
    "effectiveDateTime",
    "effectivePeriod",
    "valueQuantity",
    "valueSampledData",
    "component",
]


@settings(max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6), max_size=4))
def test_any_fields_of_an_observation_are_read_or_refused_in_one_line(fields: list[dict[str, object]]) -> None:
    good = {"coding": [{"system": "http://loinc.org", "code": "99504-3"}]}
    resources = [{"resourceType": "Observation", "code": good, **more} for more in fields]
    try:
        log = read_resources(resources, "log")
    except LogRefused as error:
        refused_in_one_line(error)
    else:
        assert_canonical(log)
