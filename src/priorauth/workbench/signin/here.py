"""Who is here: the session that a request bears."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from priorauth.server.service import Service, reading
from priorauth.workbench.signin import cookies, sessions
from priorauth.workbench.signin.sessions import Session

_BY_ITSELF: Final = ("cors", "same-origin", "no-cors")
"""How a browser says that a script asks, or a picture is loaded, and nobody opened a page."""


def here(request: Request, *, touch: bool | None = None) -> Session | None:
    """Return the session that a request bears; None where it bears none, or one that is over.

    ``touch``: she did something herself, and her session lasts on. Left out: she did, but where a script only looks.
    """
    service: Service = request.app.state.service
    token = cookies.read(request, cookies.SESSION)
    store = service.stores.get(sessions.tenant_of(token) or "") if token is not None else None
    if token is None or store is None:
        return None
    with reading():
        return sessions.found(store, token, service.clock(), touch=_herself(request) if touch is None else touch)


def _herself(request: Request) -> bool:
    return request.method != "GET" or request.headers.get("sec-fetch-mode") not in _BY_ITSELF
