import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.fhir import dated
from priorauth.fhir.elements import Period
from priorauth.values import dates
from priorauth.values.dates import When

ZONES = st.sampled_from(["Z", "+00:00", "-04:00", "+05:30", "-12:00", "+14:00", ""])
PARTS = st.tuples(st.integers(1, 9999), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61))


@given(PARTS, st.integers(0, 61), ZONES)
def test_the_fast_reader_agrees_with_the_plain_one(parts: tuple[int, ...], second: int, zone: str) -> None:
    year, month, day, hour, minute = parts
    for text in (
        f"{year:04d}-{month:02d}-{day:02d}",
        f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}",
    ):
        for _ in range(2):  # the second time from memory
            try:
                expected: When | None = dates.read(text)
            except ValueError:
                expected = None
            if expected is None:
                with pytest.raises(ValueError, match="expected"):
                    dated.read(text)
            else:
                assert dated.read(text) == expected


@pytest.mark.parametrize("text", ["2026-10-21T06:41:0AZ", "2026-10-21T\u06606:41:09Z", "2026-10-21 06:41:09Z"])
def test_what_only_looks_like_a_time_is_refused(text: str) -> None:
    dated.read("2026-10-21T06:41:09Z")
    with pytest.raises(ValueError, match="expected"):
        dated.read(text)


def test_a_date_that_is_none_is_warned_of_and_read_as_not_given() -> None:
    warnings: list[str] = []
    assert dated.read_or_warn("2026-02-30", "Condition/x: onset", warnings) is None
    assert warnings == ["Condition/x: onset is no FHIR date; read as not given"]
    assert dated.read_or_warn("", "Condition/x: onset", warnings) is None
    assert len(warnings) == 1


def test_a_period_that_ends_before_it_starts_has_no_end() -> None:
    warnings: list[str] = []
    start, end = dated.start_and_end(Period(start="2026-03-01", end="2026-02-01"), "x", warnings)
    assert start is not None
    assert end is None
    assert warnings == ["x ends before it starts; its end is read as not given"]


def test_an_open_period_goes_on_until_the_last_day_asked() -> None:
    start = dated.read("2026-03-01")
    assert dated.hull(start, None, start.first + 9) == When(start.first, start.first + 9)
    assert dated.hull(start, start) == start
    assert dated.hull(None, start) is None


def test_a_period_of_one_day_has_a_start_and_an_end() -> None:
    warnings: list[str] = []
    day = dated.read("2026-03-01")
    assert dated.start_and_end(Period(start="2026-03-01", end="2026-03-01"), "x", warnings) == (day, day)
    assert warnings == []


def test_a_span_reaches_to_the_last_day_on_which_its_end_may_be() -> None:
    start, end = dated.read("2026-03-01"), dated.read("2026-05")
    assert dated.hull(start, end) == When(start.first, dates.day("2026-05-31"))
    assert dated.hull(dated.read("2026-03"), dated.read("2026-03-10")) == When(start.first, dates.day("2026-03-31"))


@pytest.mark.parametrize("text", ["0001-01-01", "1900-01-01", "1899", "9999-12-31", "2200-01-01T00:00:00Z"])
def test_a_date_that_stands_for_none_is_warned_of_and_read_as_not_given(text: str) -> None:
    warnings: list[str] = []
    assert dated.read_or_warn(text, "Observation/x: effective", warnings) is None
    assert warnings == ["Observation/x: effective lies before 1900 or after 2199; read as not given"]


@pytest.mark.parametrize("text", ["1900-01-02", "1900", "2199-12-30", "2199"])
def test_the_first_and_the_last_day_that_a_record_can_be_of_are_read(text: str) -> None:
    warnings: list[str] = []
    assert dated.read_or_warn(text, "Observation/x: effective", warnings) == dates.read(text)
    assert warnings == []
