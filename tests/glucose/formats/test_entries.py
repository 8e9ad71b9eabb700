import pytest

from priorauth.glucose.formats import entries
from priorauth.glucose.formats.text import decode
from priorauth.glucose.reject import GlucoseFileError


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
    with pytest.raises(GlucoseFileError, match="expected complete JSON"):
        entries.decode(decode("log", data))


def test_an_object_is_no_array_of_entries() -> None:
    with pytest.raises(GlucoseFileError, match="expected a JSON array"):
        entries.decode(decode("log", b'{"a": 1}'))


def test_json_in_utf16_is_read() -> None:
    [entry] = entries.decode(decode("log", '[{"sgv": 99}]'.encode("utf-16")))
    assert entry.sgv == 99


def test_fields_are_taken_as_what_they_are_or_not_at_all() -> None:
    assert [entries.whole(value) for value in (5, 5.9, True, "5", None, 1e400)] == [5, 5, None, None, None, None]
    assert [entries.words(value) for value in ("a", 5, None)] == ["a", "", ""]
    assert [entries.amount(value) for value in (5, "5", [5], True)] == [5, "5", None, None]
