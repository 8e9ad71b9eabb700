import json

import pytest

from priorauth.errors import LogRefused
from priorauth.glucose.formats import entries
from priorauth.glucose.formats.text import decode


def test_fields_that_no_format_uses_are_left_alone() -> None:
    [entry] = entries.decode(decode("log", b'[{"sgv": 120, "noise": {"a": [1, 2]}}]'))
    assert (entry.sgv, entry.mbg) == (120, None)


def test_a_wrong_thing_among_the_entries_costs_only_itself() -> None:
    found = entries.decode(decode("log", b'[{"sgv": 120}, 7, null, [], {"_userId": "x"}]'))
    assert [(entry.sgv, entry.owner) for entry in found] == [
        (120, None),
        (None, None),
        (None, None),
        (None, None),
        (None, "x"),
    ]


@pytest.mark.parametrize(
    "data", [b'[{"sgv": 120}, {"sg', b"[" * 100_000, b'[{"x": ' + b"[" * 100_000, b"[NaN]", b"[1,]"]
)
def test_json_that_is_cut_off_or_nests_too_deep_is_refused(data: bytes) -> None:
    with pytest.raises(LogRefused, match="expected complete JSON"):
        entries.decode(decode("log", data))


def test_an_object_is_no_array_of_entries() -> None:
    with pytest.raises(LogRefused, match="expected a JSON array"):
        entries.decode(decode("log", b'{"a": 1}'))


def test_json_in_utf16_is_read() -> None:
    [entry] = entries.decode(decode("log", '[{"sgv": 99}]'.encode("utf-16")))
    assert entry.sgv == 99


def test_fields_are_taken_as_what_they_are_or_not_at_all() -> None:
    assert [entries.whole(value) for value in (5, 5.9, True, "5", None, 1e400)] == [5, 5, None, None, None, None]
    assert [entries.words(value) for value in ("a", 5, None)] == ["a", "", ""]
    assert [entries.amount(value) for value in (5, "5", [5], True)] == [5, "5", None, None]


def test_a_key_that_stands_twice_is_refused() -> None:
    for read, data in ((entries.anything, b'{"a": 1, "a": 2}'), (entries.lines, b'{"a": 1}\n{"a": 1, "a": 2}\n')):
        with pytest.raises(LogRefused, match="log: expected each key once in an object, found 'a' twice"):
            read(decode("log", data))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_no_whole_number(value: float) -> None:
    assert entries.whole(value) is None


def test_every_field_is_found_under_the_name_that_its_format_gives_it() -> None:
    names = [
        *("resourceType", "type", "date", "dateString", "sgv", "mbg", "device", "utcOffset", "time", "deviceTime"),
        *("timezoneOffset", "deviceId", "subType", "units", "value", "annotations", "userId"),
    ]
    whole, piecemeal = ({name: f"{name}!" for name in names} | {"_userId": "owner!"} for _ in range(2))
    for text in (json.dumps([whole]), json.dumps([piecemeal, 7])):  # the second is read object by object
        entry = entries.decode(decode("log", text.encode()))[0]
        assert [getattr(entry, name) for name in names] == [f"{name}!" for name in names]
        assert entry.owner == "owner!"


def test_values_one_per_line_are_read_and_cut_off_ones_refused() -> None:
    assert entries.lines(decode("log", b'{"a": 1}\n\n{"a": 2}')) == [{"a": 1}, {"a": 2}]
    with pytest.raises(LogRefused, match="expected complete JSON, one value per line"):
        entries.lines(decode("log", b'{"a": 1}\n{"a"'))
