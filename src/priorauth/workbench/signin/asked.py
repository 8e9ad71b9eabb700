"""What a browser asks: the fields of a form, where it goes on to, and whose session it bears."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from priorauth.server.problem import Problem
from priorauth.server.service import Service, reading
from priorauth.workbench.signin import cookies, csrf, sessions
from priorauth.workbench.signin.sessions import Session

SIGN_IN: Final = "/sign-in"
START: Final = "/"
_MEDIA: Final = "application/x-www-form-urlencoded"
_MOST: Final = 65_536
_FIELDS: Final = 64
_NEXT: Final = 500
Form = dict[str, str]


async def session(request: Request, *, touch: bool = True) -> Session | None:
    """Return the session that a request bears; None where it bears none. ``touch``: she did something herself."""
    service: Service = request.app.state.service
    return await run_in_threadpool(session_of, request, service, touch=touch)


def session_of(request: Request, service: Service, *, touch: bool = True) -> Session | None:
    """Return the session that a request bears, and let the log know whose it is."""
    token = cookies.read(request, cookies.SESSION)
    store = service.stores.get(sessions.tenant_of(token) or "") if token is not None else None
    if token is None or store is None:
        return None
    with reading():
        found = sessions.found(store, token, service.clock(), touch=touch)
    if found is not None:
        said = request.scope.get("state", {}).get("said", {})
        said.update(tenant=found.tenant, person=found.person, role=found.role)
    return found


async def form(request: Request) -> Form:
    """Return the fields of a plain form, the last of each name; raises Problem where it is none, or too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _MEDIA:
        raise Problem("media", f"expected {_MEDIA}")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST:
            raise Problem("too-large", f"expected at most {_MOST:,} bytes")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError:
        raise Problem("invalid", f"expected a form of at most {_FIELDS} fields in UTF-8") from None


async def signed(request: Request) -> tuple[Session, Form]:
    """Return the session and the fields of a form that was sent by a page of hers; raises Problem."""
    found = await session(request)
    if found is None:
        raise Problem("no-session", "sign in again")
    fields = await form(request)
    checked(request, fields, found.csrf)
    return found, fields


def checked(request: Request, fields: Form, expected: str) -> None:
    """See that a form was sent by a page of ours; raises Problem."""
    given = fields.get(csrf.FIELD) or request.headers.get(csrf.HEADER)
    if not csrf.from_here(request) or not csrf.same(given, expected):
        raise Problem("form", "the form is too old, or not from this site: go back, load the page again, send it again")


def onward(wanted: str | None) -> str:
    """Return where to go on to: an address of this site, else its first page."""
    if wanted is None or len(wanted) > _NEXT or not wanted.isprintable() or not wanted.isascii():
        return START
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\", SIGN_IN)) else START


def to_sign_in(request: Request) -> Response:
    """Lead somebody who has not signed in to where she does, and from there back to this page."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    wanted = onward(here) if request.method == "GET" else START
    more = "" if wanted == START else f"?next={quote(wanted, safe='')}"
    return RedirectResponse(f"{SIGN_IN}{more}", 303)
