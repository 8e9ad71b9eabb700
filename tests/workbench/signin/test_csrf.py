"""Tokens of forms, and what a browser says of where a request is from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from priorauth.workbench.signin import csrf


def _asked(**headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": [(b"host", b"pa.example:8443"), *named]})


@given(st.text(), st.text())
def test_a_token_is_of_its_secret_alone_and_does_not_show_it(one: str, other: str) -> None:
    assert csrf.same(csrf.of(one), csrf.of(other)) == (one == other)
    assert len(csrf.of(one)) == 64


@pytest.mark.parametrize("found", [None, "", "ü", 7, csrf.of("another")])
def test_nothing_else_is_the_token(found: object) -> None:
    assert not csrf.same(found, csrf.of("secret"))


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"origin": "https://pa.example:8443"}, True),
        ({"origin": "https://pa.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "null", "sec_fetch_site": "same-origin"}, True),
        ({"origin": "null", "sec_fetch_site": "cross-site"}, False),
        ({"origin": "https://evil.example", "sec_fetch_site": "same-origin"}, False),
    ],
)
def test_a_page_of_another_site_is_known_by_what_the_browser_says(headers: dict[str, str], ours: object) -> None:
    assert csrf.from_here(_asked(**headers)) is ours
