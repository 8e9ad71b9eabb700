"""The two cookies."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import Response

from priorauth.workbench.signin import cookies

VALUE = "v" * 43


def _asked(host: str = "localhost:8080", cookie: str = "", scheme: str = "http") -> Request:
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": headers})


def _put(request: Request, *, lax: bool = False) -> str:
    answer = Response()
    cookies.put(request, answer, cookies.SESSION, VALUE, lax=lax)
    return answer.headers["set-cookie"]


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
def test_on_this_machine_a_cookie_may_come_in_the_clear(host: str) -> None:
    assert _put(_asked(host)) == f"priorauth={VALUE}; HttpOnly; Path=/; SameSite=strict"
    assert cookies.read(_asked(host, f"priorauth={VALUE}"), cookies.SESSION) == VALUE


@pytest.mark.parametrize(
    ("host", "scheme"), [("pa.example", "http"), ("pa.example", "https"), ("localhost", "https"), ("[nonsense", "http")]
)
def test_for_every_other_host_it_is_of_that_host_alone_and_over_tls(host: str, scheme: str) -> None:
    said = _put(_asked(host, scheme=scheme), lax=True)
    assert said == f"__Host-priorauth={VALUE}; HttpOnly; Path=/; SameSite=lax; Secure"
    assert cookies.read(_asked(host, f"priorauth={VALUE}", scheme), cookies.SESSION) is None
    assert cookies.read(_asked(host, f"__Host-priorauth={VALUE}", scheme), cookies.SESSION) == VALUE


@pytest.mark.parametrize("value", ["", "short", "x" * 201, "é" * 50])
def test_what_cannot_be_ours_is_not_read(value: str) -> None:
    assert cookies.read(_asked(cookie=f"priorauth={value}"), cookies.SESSION) is None


def test_a_browser_is_told_to_forget() -> None:
    answer = Response()
    cookies.drop(_asked("pa.example"), answer, cookies.SESSION)
    assert answer.headers["set-cookie"].startswith('__Host-priorauth=""; ')
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]


def test_the_secret_of_forms_stays_that_of_the_browser() -> None:
    assert cookies.form_secret(_asked(cookie=f"priorauth-form={VALUE}")) == VALUE
    assert len({cookies.form_secret(_asked()) for _ in range(3)}) == 3
