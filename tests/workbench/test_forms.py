"""Forms: whatever is typed is read or refused in one line, and kept as it was typed; no more than a form may have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request

from priorauth.server.problem import Problem
from priorauth.workbench import forms
from priorauth.workbench.forms import Attached, Form

ZONES = st.sampled_from([ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Chatham")])
TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
NAMES = st.from_regex(r"[a-z][a-z_.-]{0,9}", fullmatch=True)
LOCAL = st.dates(date(1900, 1, 1), date(2100, 1, 1)).flatmap(
    lambda day: st.times().map(lambda hour: datetime.combine(day, hour))
)
SKIPPED = datetime.combine(date(2026, 3, 8), time(2, 30))
PLAIN = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def read(body: bytes, media: str) -> Form:
    """Read a body that comes in two pieces."""
    pieces = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> dict[str, Any]:
        more = len(pieces) > 1
        return {"type": "http.request", "body": pieces.pop(0), "more_body": more}

    headers = [(b"content-type", media.encode("latin-1"))]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "app": None}
    return asyncio.run(forms.read(Request(scope, receive)))


def refused(body: bytes, media: str) -> str:
    with pytest.raises(Problem) as found:
        read(body, media)
    return found.value.kind


@given(st.dictionaries(NAMES, st.lists(TYPED, min_size=1, max_size=3), max_size=4))
def test_what_was_typed_is_read_as_it_was_typed(typed: Mapping[str, list[str]]) -> None:
    found = read(urlencode(typed, doseq=True).encode(), PLAIN)
    assert found.fields == {name: tuple(values) for name, values in typed.items()}
    assert [found.every(name) for name in typed] == [tuple(values) for values in typed.values()]
    assert (found.said("nothing"), found.every("nothing"), found.file("nothing")) == ("", (), None)


@given(st.dictionaries(NAMES, TYPED, max_size=3), st.binary(max_size=200))
def test_what_was_attached_is_read_byte_by_byte_beside_what_was_typed(typed: dict[str, str], content: bytes) -> None:
    files = {"the-file": ("a paper.pdf", content, "application/pdf")}
    sent = httpx2.Request("POST", "http://localhost/", data=typed, files=files)
    found = read(sent.read(), sent.headers["content-type"])
    assert found.fields == {name: (value,) for name, value in typed.items()}
    assert found.file("the-file") == Attached("a paper.pdf", "application/pdf", content)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Starlette leaves half a file to the GC
@given(
    st.binary(max_size=200) | st.binary(max_size=100).map(lambda body: b"--x\r\n" + body + b"\r\n--x--\r\n"),
    st.sampled_from([PLAIN, PARTS, "multipart/form-data", f"{PARTS}; charset=utf-8", f"{PLAIN};charset=UTF-8"]),
)
@example(b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n", PARTS)
@example(b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\na', PARTS)
def test_any_bytes_are_a_form_or_are_refused(body: bytes, media: str) -> None:
    fault = ""
    found = Form()
    try:
        found = read(body, media)
    except Problem as problem:
        fault = problem.kind
    assert fault in ("", "invalid")
    for values in found.fields.values():
        for value in values:
            value.encode()  # what is read can be shown and kept


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "idna", "undefined", "utf-16", "none"])
def test_a_form_in_another_coding_than_our_pages_is_refused(charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\\ud800\r\n--x--\r\n'
    assert refused(body, f"{PARTS}; charset={charset}") == "media"


@pytest.mark.parametrize("media", ["", "application/json", "text/plain", "multipart/mixed; boundary=x", "\xff"])
def test_what_is_no_form_is_refused_as_that(media: str) -> None:
    assert refused(b"a=b", media) == "media"


@pytest.mark.parametrize(
    "body", [b"a=%00", b"a=1&" * (forms.MOST_FIELDS + 1)], ids=["the character 0", "too many fields"]
)
def test_what_no_page_of_ours_sends_is_refused(body: bytes) -> None:
    assert refused(body, PLAIN) == "invalid"


def test_a_form_has_at_most_so_many_files() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n'
    assert len(read(part * forms.MOST_FILES + b"--x--\r\n", PARTS).files["a"]) == forms.MOST_FILES
    assert refused(part * (forms.MOST_FILES + 1) + b"--x--\r\n", PARTS) == "invalid"


def test_a_field_without_a_chosen_file_has_none() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"; filename=""\r\n\r\n\r\n--x--\r\n'
    assert read(body, PARTS).file("a") is None


@given(st.text())
@example("\ud800")
def test_whatever_is_typed_is_kept_and_what_cannot_be_used_says_so(typed: str) -> None:
    form = Form({"a": (typed,)})
    found = form.text("a", "Write it.", most=20)
    assert form.said("a") == typed
    good = bool(found) and len(found) <= 20 and "a" not in form.wrong
    assert good == ("a" not in form.wrong)
    if good:
        assert found.encode()
        assert found == found.strip()
        assert not set(found) & {chr(one) for one in range(32) if chr(one) not in "\n\t"}


@pytest.mark.parametrize("typed", ["5\u00a0mg", "Ana\u2009María", "नि\u200dक", "two\r\nlines\tand more", "A1c ≥ 7,0 %"])
def test_a_text_as_people_paste_it_is_taken(typed: str) -> None:
    form = Form({"a": (typed,)})
    assert form.text("a") == typed.replace("\r\n", "\n")
    assert not form.wrong


@pytest.mark.parametrize("typed", ["a\x07b", "a\u202eb", "a\ud800", "a\ufeffb", "a\x1b[0m"])
def test_a_text_that_hides_something_is_not(typed: str) -> None:
    form = Form({"a": (typed,)})
    form.text("a")
    assert form.wrong == {"a": "Use letters that can be printed."}


def test_an_empty_text_is_asked_for_where_it_is_needed_and_only_there() -> None:
    form = Form({"a": (" \n ",), "b": ("",)})
    assert (form.text("a", "Write why."), form.text("b"), form.text("c")) == ("", "", "")
    assert form.wrong == {"a": "Write why."}


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    form = Form({"a": ("x" * 4001,)})
    form.text("a")
    assert form.wrong == {"a": "Use at most 4,000 characters; this has 4,001."}


@given(st.text(max_size=3))
@example("yes")
def test_a_choice_is_one_of_those_allowed_or_is_asked_for(typed: str) -> None:
    form = Form({"a": (typed,)})
    assert form.one_of("a", ("yes", "no"), "Choose one.") == typed
    assert ("a" in form.wrong) == (typed not in ("yes", "no"))


@given(st.text(max_size=12) | st.integers().map(str))
@example("٣")
@example(" 7 ")
@example("1" * 5000)
def test_a_whole_number_is_read_or_asked_for(typed: str) -> None:
    form = Form({"a": (typed,)})
    found = form.whole("a", "Write how many.")
    digits = typed.strip()
    assert ("a" in form.wrong) == (not (digits.isascii() and digits.isdecimal() and len(digits) <= 9))
    assert found == (0 if "a" in form.wrong else int(digits))


@given(st.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    form = Form({"a": (f" {day.isoformat()} ",)})
    assert (form.day("a", None), form.wrong) == (day, {})


@given(st.text(max_size=10) | st.from_regex(r"\d{4}-\d{2}-\d{2}", fullmatch=True))
@example("2026-02-30")
@example("\uff12\uff10\uff12\uff16-11-27")
def test_what_is_no_day_is_asked_for(typed: str) -> None:
    form = Form({"a": (typed,)})
    found = form.day("a", "Write the day.")
    assert (found is None) == (form.wrong == {"a": "Write the day."})


@given(LOCAL, ZONES)
@example(SKIPPED, ZoneInfo("America/New_York"))
def test_a_moment_is_read_in_its_zone_or_does_not_exist_there(moment: datetime, zone: ZoneInfo) -> None:
    form = Form({"a": (f"{moment:%Y-%m-%d %H:%M}",)})
    found = form.moment("a", zone, None)
    there = moment.replace(second=0, microsecond=0, tzinfo=zone)
    exists = there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == there.replace(tzinfo=None)
    assert (found == there) if exists else "skip this hour" in form.wrong["a"]


@given(st.from_regex(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", fullmatch=True) | st.text(max_size=16), ZONES)
@example("0001-01-01 00:00", ZoneInfo("Asia/Tokyo"))
@example("9999-12-31 23:59", ZoneInfo("America/New_York"))
def test_what_is_no_moment_is_asked_for(typed: str, zone: ZoneInfo) -> None:
    form = Form({"a": (typed,)})
    found = form.moment("a", zone, "Write day and hour.")
    assert (found is None) == ("a" in form.wrong)
    assert found is None or found.astimezone(UTC) is not None


def test_a_day_and_a_moment_that_are_not_needed_may_be_left_empty() -> None:
    form = Form({"a": ("",)})
    assert (form.day("a", None), form.moment("a", ZoneInfo("UTC"), None), form.wrong) == (None, None, {})
