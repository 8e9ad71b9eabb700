"""The scanner understands a part of JSON and of dates, and whatever it understands is what the parser says."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from priorauth.values import dates
from tests.population.ingest.plain.readings import line

pytest.importorskip("numba")

from priorauth.fhir.structs import Encounter, Observation
from priorauth.population.ingest.plain import rows, scan, sift
from tests.population.ingest.plain import records

TESTS = sift.form(Observation, scan.OBSERVATION)
VISITS = sift.form(Encounter, scan.VISIT)


def scanned(
    lines: list[bytes], form: sift.Form = TESTS
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Scan lines; gives which may be plain, the spans of elements within each line, and when it was."""
    data = np.frombuffer(b"\n".join(lines), np.uint8)
    ends = np.cumsum([len(one) + 1 for one in lines]) - 1
    starts = ends - [len(one) for one in lines]
    spans, when = np.zeros((len(lines), len(form.elements), 2), np.int64), np.zeros((len(lines), 3), np.int64)
    table = form.names, form.lengths, form.table
    kind = np.frombuffer(form.text, np.uint8)
    plain = scan.scan(data, starts, ends, True, kind, form.visit, *table, spans, when)
    return plain, np.where(spans == 0, 0, spans - starts[:, None, None]), when


def found(text: str) -> tuple[int, int, int] | None:
    """Give when a reading was, as the scanner reads the text of it."""
    data = f'{{"resourceType":"Observation","id":"a","effectiveDateTime":{text}}}'.encode()
    plain, _, when = scanned([data])
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
        assert when == (read.first, rows.NOWHEN if read.minute is None else minute, of_day)


def test_usual_dates_are_understood() -> None:
    for text in ("2026-10-02", "2026-10-02T06:41:09-05:00", "2024-02-29T00:00:00Z", "1905-12-31T23:59:59+00:00"):
        assert found(f'"{text}"') is not None


@settings(max_examples=300, deadline=None)
@given(line())
def test_a_line_that_may_be_plain_is_whole_json_with_each_element_once(text: bytes) -> None:
    plain, spans, _ = scanned([text])
    if plain[0]:
        parsed = msgspec.json.decode(text)
        for element, (begin, end) in zip(scan.OBSERVATION, spans[0].tolist(), strict=True):
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
    assert scan.NOWHEN == rows.NOWHEN


@settings(max_examples=300, deadline=None)
@given(st.lists(line() | records.line(), min_size=2, max_size=6), st.sampled_from([TESTS, VISITS]))
def test_a_line_after_others_is_what_it_is_alone(lines: list[bytes], form: sift.Form) -> None:
    plain, spans, when = scanned(lines, form)
    for turn, text in enumerate(lines):
        alone, own, at = scanned([text], form)
        assert plain[turn] == alone[0]
        if plain[turn]:
            assert spans[turn].tolist() == own[0].tolist()
            assert form.visit or when[turn].tolist() == at[0].tolist()
