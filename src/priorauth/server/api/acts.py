"""Every act of the ledger, each at an address of its own: on a case, and on the plan."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from priorauth.ledger.work import Act, CaseAct, Done
from priorauth.server import reads
from priorauth.server.api import bodies, shapes
from priorauth.server.api.shapes import CaseNumber, IfMatch, Key
from priorauth.server.problem import Problem
from priorauth.server.who import Asking, Caller

Endpoint = Callable[..., Awaitable[Response]]
_NUMBER: Final = re.compile(r"[0-9]{2}-[0-9]{4,10}")


@cache
def router() -> APIRouter:
    """Return the addresses of all acts; they are the same of every service, and take a while to make."""
    made = APIRouter()
    for name, act in bodies.of_cases().items():
        _add(made, f"/cases/{{case}}/acts/{name}", name, act, _on_case(name, act))
    for name, tenant_act in bodies.of_tenant().items():
        _add(made, f"/acts/{name}", name, tenant_act, _on_tenant(tenant_act))
    return made


def _add(made: APIRouter, path: str, name: str, act: type[Act], endpoint: Endpoint) -> None:
    on_case = issubclass(act, CaseAct)
    version = (428,) if on_case and name not in bodies.UNSEEN else ()
    schema = {"$ref": f"#/components/schemas/{act.__name__}Body"}
    made.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        operation_id=f"act-{name}",
        summary=" ".join((act.__doc__ or name).partition("\n\n")[0].split()),
        tags=["acts on a case" if on_case else "acts on the plan"],
        responses=shapes.answers("done", *shapes.WRITES, *version, schema="Done"),
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    )


def _on_case(name: str, act: type[CaseAct]) -> Endpoint:
    needed, exact = name not in bodies.UNSEEN, name in bodies.DECIDING

    async def done(
        request: Request, case: CaseNumber, caller: Asking, key: Key = None, if_match: IfMatch = None
    ) -> Response:
        noted(request, case=case, act=name)
        said = bodies.read(await body_of(request), act)
        version = shapes.seen_version(name, if_match, needed=needed, exact=exact)
        made = act(**said, case=case, version=version, key=shapes.own_key(caller.who, key))
        return shapes.done(await do(caller, made))

    return done


def _on_tenant(act: type[Act]) -> Endpoint:
    async def done(request: Request, caller: Asking, key: Key = None) -> Response:
        noted(request, act=act.name)
        said = bodies.read(await body_of(request), act)
        return shapes.done(await do(caller, act(**said, key=shapes.own_key(caller.who, key))))

    return done


def noted(request: Request, **said: str) -> None:
    """Say in the log which case and which act; what stands for a case and is no number of one is not written."""
    known = {name: value for name, value in said.items() if name != "case" or _NUMBER.fullmatch(value)}
    request.scope.get("state", {}).get("said", {}).update(known)


async def body_of(request: Request) -> bytes:
    """Return the body of a request that is JSON; a form of another site's page cannot send that."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in ("application/json", "application/fhir+json"):
        raise Problem("media", "expected Content-Type: application/json")
    return await request.body()


async def do(caller: Caller, act: Act) -> Done:
    """Do an act beside the loop that answers; of what has changed since, she hears what she may see."""
    try:
        return await run_in_threadpool(caller.service.do, act, caller.who)
    except Problem as fault:
        if "since" in fault.more:
            fault.more["since"] = reads.since(caller.who, fault.more["since"])
        raise
