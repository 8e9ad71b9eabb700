"""What is sent by somebody who may not have signed in: a small plain form, and where it goes on to."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from priorauth.server.problem import Problem
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import cookies, csrf

START: Final = "/"
SIGN_IN: Final = "/sign-in"
TO: Final = "to"
"""The field that says where she was on her way to."""
_MEDIA: Final = "application/x-www-form-urlencoded"
_MOST: Final = 65_536
_FIELDS: Final = 64
_LONGEST: Final = 500


async def body(request: Request) -> bytes:
    """Return a small body; raises Problem where it is larger."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > _MOST:
            raise Problem("too-large", f"expected at most {_MOST:,} bytes")
    return bytes(found)


async def form(request: Request) -> Form:
    """Return the fields of a plain form; raises Problem where it is none, or a large one."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA:
        raise Problem("media", "expected a form")
    sent = await body(request)
    fields: dict[str, tuple[str, ...]] = {}
    try:
        pairs = parse_qsl(sent.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        raise Problem("invalid", f"expected a form of at most {_FIELDS} fields in UTF-8") from None
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    if any("\x00" in value for _, value in pairs):
        raise Problem("invalid", "expected no character of the number 0")
    return Form(fields)


def ours(request: Request, given: str) -> bool:
    """Whether a form was sent by a page of ours to this very browser, before anybody has signed in."""
    secret = cookies.read(request, cookies.FORM)
    return secret is not None and csrf.from_here(request) and csrf.same(given, csrf.of(secret))


def onward(wanted: str) -> str:
    """Return where she goes on to: the address of this site that she wanted, else the first page."""
    if len(wanted) > _LONGEST or not wanted.isprintable() or not wanted.isascii():
        return START
    ours_ = wanted.startswith("/") and not wanted.startswith(("//", "/\\", SIGN_IN, "/sign-out"))
    return wanted if ours_ else START
