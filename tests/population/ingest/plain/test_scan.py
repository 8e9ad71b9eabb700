"""The scanner understands a part of JSON and of dates, and whatever it understands is what the parser says."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from priorauth.values import dates
from tests.population.ingest.plain.readings import line

pytest.importorskip("numba")

from priorauth.population.ingest.plain import scan, sift


def found(text: str) -> tuple[int, int, int] | None:
    """Give when a reading was, as the scanner reads the text of it."""
    data = f'{{"resourceType":"Observation","id":"a","effectiveDateTime":{text}}}'.encode()
    spans, when = np.zeros((1, len(scan.ELEMENTS), 2), np.int64), np.zeros((1, 3), np.int64)
    names = sift._names(scan)  # noqa: SLF001  # the table that the sieve makes
    plain = scan.scan(np.frombuffer(data, np.uint8), np.array([len(data)]), True, *names, spans, when)
    day, minute, of_day = when[0].tolist()
    return (day, minute, of_day) if plain[0] else None


@settings(max_examples=400, deadline=None)
@given(
    st.from_regex(r"(19|20|21)\d\d-[01]\d-[0-3]\d(T[0-2]\d:[0-6]\d:[0-6]\d(Z|[+-][01]\d:[0-6]\d))?", fullmatch=True)
    | st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}-05:00")
)
@example("2024-02-29T23:59:59+13:59")
@example("2023-02-29")
@example("1900-02-29")
def test_a_date_that_is_understood_is_read_as_everywhere(text: str) -> None:
    when = found(f'"{text}"')
    if when is not None:
        read = dates.read(text)
        assert read.believed
        minute, of_day = (-1 if each is None else each for each in (read.minute, read.minute_of_day))
        assert when == (read.first, sift.NOWHEN if read.minute is None else minute, of_day)


def test_usual_dates_are_understood() -> None:
    for text in ("2026-10-02", "2026-10-02T06:41:09-05:00", "2024-02-29T00:00:00Z", "1905-12-31T23:59:59+00:00"):
        assert found(f'"{text}"') is not None


@settings(max_examples=300, deadline=None)
@given(line())
def test_a_line_that_may_be_plain_is_whole_json_with_each_element_once(text: bytes) -> None:
    spans, when = np.zeros((1, len(scan.ELEMENTS), 2), np.int64), np.zeros((1, 3), np.int64)
    names = sift._names(scan)  # noqa: SLF001  # the table that the sieve makes
    data = np.frombuffer(text, np.uint8)
    if scan.scan(data, np.array([len(text)]), True, *names, spans, when)[0]:
        parsed = msgspec.json.decode(text)
        for element, (begin, end) in zip(scan.ELEMENTS, spans[0].tolist(), strict=True):
            assert (element in parsed) is bool(end)
            if end:
                assert msgspec.json.decode(text[begin:end]) == parsed[element]


def test_equal_texts_have_one_number_and_different_ones_another() -> None:
    words = [b"one", b"two", b"one", b"", b"tw", b"two"]
    data = np.frombuffer(b"".join(words), np.uint8)
    ends = np.cumsum([*map(len, words)])
    spans = np.stack([ends - [*map(len, words)], ends], axis=1)
    weights = np.ones(scan.LONGEST_TEXT, np.uint32)  # every text of as many letters meets in a few slots
    first = np.zeros(scan.MOST_TEXTS, np.int64)
    numbers = scan.numbered(data, spans, weights, np.empty(scan.TEXTS, np.int64), first)
    assert numbers.tolist() == [0, 1, 0, -1, 2, 1]
    assert first[:3].tolist() == [0, 1, 4]


def test_a_text_that_is_too_long_has_no_number() -> None:
    data = np.zeros(scan.LONGEST_TEXT + 1, np.uint8)
    weights, first = np.ones(scan.LONGEST_TEXT, np.uint32), np.zeros(scan.MOST_TEXTS, np.int64)
    spans = np.array([[0, len(data)], [0, len(data) - 1]])
    assert scan.numbered(data, spans, weights, np.empty(scan.TEXTS, np.int64), first).tolist() == [-2, 0]


def test_a_minute_that_is_not_known_is_the_same_number_everywhere() -> None:
    assert scan.NOWHEN == sift.NOWHEN
