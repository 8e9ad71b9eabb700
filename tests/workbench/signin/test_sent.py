"""Small forms of somebody who may not have signed in, and where they lead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from priorauth.server.problem import Problem
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import csrf, sent


def _asked(*chunks: bytes, media: str = "application/x-www-form-urlencoded", **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    left: Iterator[bytes] = iter(chunks)

    async def receive() -> Message:
        chunk = next(left, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    kind = (b"content-type", media.encode())
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [kind, (b"host", b"localhost"), *named]}
    return Request(scope, receive)


def _read(request: Request) -> Form:
    return asyncio.run(sent.form(request))


def test_a_form_comes_in_parts_and_a_name_may_come_twice() -> None:
    found = _read(_asked(b"person=n%C3%AFna", b"&a=1&a=2&empty="))
    assert (found.said("person"), found.every("a"), found.said("empty")) == ("nïna", ("1", "2"), "")


@pytest.mark.parametrize(
    ("body", "media", "kind"),
    [
        (b"a=1", "application/json", "media"),
        (b"a=1", "multipart/form-data; boundary=x", "media"),
        (b"a=" + b"x" * 70_000, "application/x-www-form-urlencoded", "too-large"),
        (b"&".join([b"a=1"] * 65), "application/x-www-form-urlencoded", "invalid"),
        (b"a=%FF", "application/x-www-form-urlencoded", "invalid"),
        (b"a=\xff", "application/x-www-form-urlencoded", "invalid"),
        (b"a=%00", "application/x-www-form-urlencoded; charset=utf-8", "invalid"),
    ],
)
def test_what_is_no_small_form_is_refused(body: bytes, media: str, kind: str) -> None:
    with pytest.raises(Problem) as found:
        _read(_asked(body, media=media))
    assert found.value.kind == kind


def test_a_form_is_ours_if_it_bears_the_token_of_this_browsers_cookie() -> None:
    secret = "s" * 43
    good = csrf.of(secret)
    assert sent.ours(_asked(cookie=f"priorauth-form={secret}"), good)
    assert not sent.ours(_asked(cookie=f"priorauth-form={'t' * 43}"), good)
    assert not sent.ours(_asked(), good)
    assert not sent.ours(_asked(cookie="priorauth-form=short"), csrf.of("short"))
    assert not sent.ours(_asked(cookie=f"priorauth-form={secret}", sec_fetch_site="cross-site"), good)


@pytest.mark.parametrize("to", ["/", "/queue", "/c/26-0117?tab=1", "/queue?a=//b"])
def test_she_goes_on_to_where_she_wanted(to: str) -> None:
    assert sent.onward(to) == to


@pytest.mark.parametrize(
    "to",
    ["", "queue", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "/sign-in", "/sign-out", "/é"],
)
def test_she_goes_nowhere_else(to: str) -> None:
    assert sent.onward(to) == "/"


@given(st.text())
def test_wherever_she_wanted_she_stays_on_this_site(to: str) -> None:
    found = sent.onward(to)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isprintable()
