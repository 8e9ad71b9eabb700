"""The page to which a one-time link leads: a person sets her password, or goes on to add a passkey."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from priorauth.ledger.work import Refusal
from priorauth.server.service import Service, reading
from priorauth.workbench import render
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import cookies, csrf, entry, links, passwords
from priorauth.workbench.signin.sent import ours

_GONE: Final = 410


def opened(request: Request) -> Response:
    """Show what the link is for; opening it does not use it up, for a program that looks at mail opens links too."""
    return _shown(request, request.query_params.get("token", ""), Form())


def used(request: Request, form: Form) -> Response:
    """Use the link up, and let her in."""
    service: Service = request.app.state.service
    token, now = form.said("token"), service.clock()
    store = service.stores.get(links.tenant_of(token) or "")
    if store is None:
        return _shown(request, token, form)
    if not ours(request, form.said(csrf.FIELD)):
        form.wrong["new-password"] = "This page had become too old. Try again."
        return _shown(request, token, form, 403)
    password = None if form.said("with") == "passkey" else form.said("new-password")
    if password is not None and password != form.said("again-password"):
        form.wrong["again-password"] = "The two are not the same. Type the password twice."
        return _shown(request, token, form, 422)
    try:
        with reading():
            she = links.use(store, token, password, now)
    except Refusal as refusal:
        form.wrong["new-password"] = str(refusal)
        return _shown(request, token, form, 422)
    of = entry.served(service).get(links.tenant_of(token) or "")
    if she is None or of is None:
        return _shown(request, token, form)
    return entry.let_in(request, of, she.person, "/me" if password is None else "/", how="link")


def _shown(request: Request, token: str, form: Form, status: int = 200) -> Response:
    service: Service = request.app.state.service
    store = service.stores.get(links.tenant_of(token) or "")
    with reading():
        she = None if store is None else links.whose(store, token, service.clock())
    secret = cookies.form_secret(request)
    answer = render.plain(
        "sign-in-link.html",
        _GONE if she is None else status,
        csrf=csrf.of(secret),
        she=she,
        token=token,
        form=Form(wrong=form.wrong),
        shortest=passwords.SHORTEST,
        open_to_all=service.open,
    )
    cookies.put(request, answer, cookies.FORM, secret, lax=True)
    return answer
