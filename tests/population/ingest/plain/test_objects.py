"""Members of objects are found by name, and a resource is read as well after one like it as alone."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings

from priorauth.fhir.structs import Observation

pytest.importorskip("numba")

from priorauth.population.ingest.plain import objects, scan, sift
from tests.population.ingest.plain.readings import line

FORM = sift.form(Observation, scan.OBSERVATION)
TABLE = FORM.names, FORM.lengths, FORM.table


def test_a_name_has_its_number_and_one_with_an_escape_none() -> None:
    text = np.frombuffer(b"status statu \\u0073tatus", np.uint8)
    found = [objects.which(text, *ends, *TABLE) for ends in ((0, 6), (7, 12), (13, len(text)))]
    assert found == [FORM.elements.index("status"), -1, -2]


@settings(max_examples=200, deadline=None)
@given(line(), line())
def test_a_resource_after_another_has_the_same_members_as_alone(before: bytes, text: bytes) -> None:
    data = np.frombuffer(before + b"\n" + text, np.uint8)
    past, made = (np.zeros((objects.MOST_MEMBERS + 1, 4), np.int64) for _ in range(2))
    first = np.zeros((len(FORM.elements), 2), np.int64)
    begin = len(before) - len(before.lstrip())
    if objects.whole(data, begin, len(before), True, *TABLE, first, past, made) > 0:
        past, made = made, past
    else:
        past[:] = 0
    start, spans, alone = (
        len(before) + 1 + len(text) - len(text.lstrip()),
        *np.zeros((2, len(FORM.elements), 2), np.int64),
    )
    end = objects.whole(data, start, len(data), True, *TABLE, spans, past, made)
    assert end == objects.members(data, start, len(data), True, *TABLE, 0, alone)
    if end > 0:
        assert spans.tolist() == alone.tolist()


@pytest.mark.parametrize("last", ["12", "1", "true"])
def test_a_number_that_goes_on_is_not_the_one_before(last: str) -> None:
    lines = [b'{"id":1}', f'{{"id":{last}}}'.encode()]
    data, ends = np.frombuffer(b"".join(lines), np.uint8), [len(lines[0]), len(lines[0]) + len(lines[1])]
    past, made = (np.zeros((objects.MOST_MEMBERS + 1, 4), np.int64) for _ in range(2))
    objects.whole(data, 0, ends[0], True, *TABLE, np.zeros((9, 2), np.int64), past, made)
    spans = np.zeros((9, 2), np.int64)
    assert objects.whole(data, ends[0], ends[1], True, *TABLE, spans, made, past) == ends[1]
    begin, stop = spans[FORM.elements.index("id")].tolist()
    assert msgspec.json.decode(data[begin:stop].tobytes()) == msgspec.json.decode(last)


def test_a_resource_of_very_many_elements_is_not_plain() -> None:
    text = "{" + ",".join(f'"x{number}":""' for number in range(60)) + "}"
    data = np.frombuffer(text.encode(), np.uint8)
    past, made = (np.zeros((objects.MOST_MEMBERS + 1, 4), np.int64) for _ in range(2))
    assert objects.whole(data, 0, len(data), True, *TABLE, np.zeros((9, 2), np.int64), past, made) == -1
