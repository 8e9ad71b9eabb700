"""The addresses of the exchange, and the way of a call: limits, who it is, the body, the work, the answer.

Each tenant has one base a version, ``/{tenant}/2.0`` and ``/{tenant}/2.2``. Whatever happens, a call is answered with
an OperationOutcome or better; of a fault the log has the place, never a word of the body.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, compile_path

from priorauth.errors import InputRefused
from priorauth.exchange import retention
from priorauth.exchange.addresses import base_of
from priorauth.exchange.call import ANYBODY, Call, Operation
from priorauth.exchange.guard import origins
from priorauth.exchange.guard.admit import Admitted, admitted
from priorauth.exchange.guard.kept import Guard, workers
from priorauth.exchange.guard.proxy import Asking, Proxy, origin
from priorauth.exchange.guard.signing import of_environment
from priorauth.exchange.operations import OPERATIONS
from priorauth.exchange.plan import VERSIONS, Plan, Version, plan_of, settings_of
from priorauth.exchange.subscriptions import notify
from priorauth.exchange.wire import FHIR, Fault, answer, issue, media_of, outcome, parsed
from priorauth.ledger.store import Store
from priorauth.server import logs
from priorauth.server.problem import Problem
from priorauth.server.service import Service

_WITH_BODY: Final = frozenset({"POST", "PUT"})
_CODES: Final[Mapping[int, str]] = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 413: "too-long",
    405: "not-supported", 408: "timeout", 415: "not-supported", 422: "processing", 428: "required", 429: "throttled",
    503: "transient",
}  # fmt: skip
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OURS: Final = re.compile(rf"/[^/]+/({'|'.join(map(re.escape, VERSIONS))})/(fhir|cds-services)(/|$)")
_RETRY: Final = {"Retry-After": "2"}


def begin(service: Service, environment: Mapping[str, str]) -> None:
    """Give a service what the exchange needs while it runs; raises LedgerRefused where the environment is wrong."""
    service.kept[Guard] = Guard(of_environment(environment))
    service.rounds.extend((*workers(), retention.WORKER))
    service.ways.update(notify.ways())
    service.refuse = refusal


def routes(operations: Sequence[Operation] = OPERATIONS) -> list[BaseRoute]:
    """Return the addresses of every operation, in each version that it is served in."""
    found: list[BaseRoute] = []
    before: dict[str, list[Operation]] = {}
    for one in operations:
        for version in VERSIONS if one.kind != "oauth" else (None,):
            below = "" if version is None else f"/{version}"
            path = f"/{{tenant}}{below}{one.path}"
            found.append(Route(path, _endpoint(one, version), methods=[one.method], name=one.name or one.path))
            before.setdefault(path, []).append(one)
    asked = [Route(path, _preflight(some), methods=["OPTIONS"], name="preflight") for path, some in before.items()]
    nowhere = [
        Route(f"/{{tenant}}/{version}/{part}", _nowhere(before), methods=_METHODS, name="nowhere")
        for version in VERSIONS
        for part in ("fhir", "fhir/{rest:path}", "cds-services", "cds-services/{rest:path}")
    ]
    return [*found, *asked, *nowhere]


def refusal(path: str, problem: Problem) -> Response | None:
    """Return what is said at addresses of ours where a request is refused before it is read; None at others."""
    if _OURS.match(path) is None:
        return None
    return _outcome(problem.status, problem.detail, problem.headers)


def _outcome(status: int, said: str, headers: Mapping[str, str] | None = None) -> Response:
    return answer(outcome(issue("error", _CODES.get(status, "processing"), said)), status, headers)


def _nowhere(before: Mapping[str, Sequence[Operation]]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers at addresses below a version at which nothing is served."""
    known = [(compile_path(path)[0], {one.method for one in some}) for path, some in before.items()]

    async def served(request: Request) -> Response:
        methods = {one for path, some in known if path.match(request.url.path) for one in some}
        if methods:
            return _outcome(405, "the address is not asked in this way", {"Allow": ", ".join(sorted(methods))})
        return _outcome(404, "nothing is served at this address")

    return served


def _preflight(operations: Sequence[Operation]) -> Callable[[Request], Awaitable[Response]]:
    async def served(request: Request) -> Response:
        service: Service = request.app.state.service
        store = service.stores.get(tenant := request.path_params["tenant"])
        settings: Mapping[str, Any] = {} if store is None else await run_in_threadpool(settings_of, store, tenant)
        told_to_all = all(one.scope == ANYBODY for one in operations)
        try:
            plan = _plan(service, settings, tenant)
        except Fault as fault:
            return fault.answer()
        return origins.preflight(request, plan, {one.method for one in operations}, told_to_all=told_to_all)

    return served


def _endpoint(operation: Operation, version: Version | None) -> Callable[[Request], Awaitable[Response]]:
    async def served(request: Request) -> Response:
        found = await answered(request)
        plan: Plan = request.scope["state"].get("plan", Plan())
        said = origins.headers(request.headers.get("origin"), plan, told_to_all=operation.scope == ANYBODY)
        found.headers.update(said)
        return found

    async def answered(request: Request) -> Response:
        service: Service = request.app.state.service
        try:
            entered = await run_in_threadpool(_let_in, request, service, operation, version)
            raw = await request.body() if operation.method in _WITH_BODY else b""
            return await run_in_threadpool(_done, entered, request, operation, raw)
        except Fault as fault:
            return fault.answer()
        except Problem as problem:
            return _outcome(problem.status, problem.detail, problem.headers)
        except HTTPException as cut:  # the body is too large, or too slow
            return _outcome(cut.status_code, cut.detail, cut.headers)
        except InputRefused as refused:
            return Fault(400, "invalid", str(refused)).answer()
        except (DBAPIError, PoolTimeout):
            said = "the database is busy or away: send it again"
            return answer(outcome(issue("fatal", "transient", said)), 503, _RETRY)
        except Exception as fault:  # noqa: BLE001 - the last handler: an outcome, and nothing of the body
            named = str(request.scope["state"]["request"])
            logs.fault(service.log, "fault", fault, request=named)
            return answer(outcome(issue("fatal", "exception", f"a fault of the server; request {named}")), 500)

    return served


class _Entered(NamedTuple):
    """A call that was let in, before anything of its body was looked at."""

    service: Service
    store: Store
    tenant: str
    version: Version | None
    settings: Mapping[str, Any]
    plan: Plan
    who: Admitted


def _let_in(request: Request, service: Service, operation: Operation, version: Version | None) -> _Entered:
    tenant = request.path_params["tenant"]
    store = service.stores.get(tenant)
    if store is None:
        raise Fault(404, "not-found", "no plan of that name is served here")
    settings = settings_of(store, tenant)
    plan = request.scope["state"]["plan"] = _plan(service, settings, tenant)
    if version is not None and version not in plan.versions:
        raise Fault(404, "not-found", "the plan is not served in this version")
    said: dict[str, Any] = request.scope.get("state", {}).get("said", {})
    said.update(tenant=tenant, version=version, operation=operation.name or operation.path)
    who = admitted(request, service, tenant, plan, operation)
    said["client"] = who.client
    if version is not None and version not in who.partner.versions:
        raise Fault(403, "forbidden", "this version is not agreed with the partner")
    return _Entered(service, store, tenant, version, settings, plan, who)


def _plan(service: Service, settings: Mapping[str, Any], tenant: str) -> Plan:
    """Return what settings say of the exchange; raises Fault where they cannot be read: the fault is the plan's own."""
    try:
        return plan_of(settings)
    except InputRefused as refused:
        service.log.error("settings", tenant=tenant, wrong=str(refused))  # noqa: TRY400 - settings hold nothing of a member
        said = "the settings of this plan cannot be read; its log says why"
        raise Fault(500, "exception", said, severity="fatal") from None


def _done(entered: _Entered, request: Request, operation: Operation, raw: bytes) -> Response:
    service, store, tenant, version, settings, plan, who = entered
    said: dict[str, Any] = request.scope.get("state", {}).get("said", {})
    body = {}
    if operation.method in _WITH_BODY and operation.kind != "oauth":
        media_of(request)
        body = parsed(raw, most_bytes=plan.most_bytes)
    told = operation.handler(
        Call(
            service=service,
            store=store,
            tenant=tenant,
            plan=plan,
            version=version or VERSIONS[-1],
            client=who.client,
            partner=who.partner,
            base=base_of(request, plan, tenant, version),
            now=service.clock(),
            request=str(request.scope["state"]["request"]),
            settings=settings,
            body=body,
            raw=raw,
            path={name: value for name, value in request.path_params.items() if name != "tenant"},
            query=dict(request.query_params),
            headers=dict(request.headers),
            certificate=who.certificate,
            origin=origin(Asking.of(request), Proxy.of(plan)),
        )
    )
    if told.client is not None:
        said["client"] = told.client
    return answer(told.body, told.status, told.headers, told.media)


__all__ = ["FHIR", "routes", "settings_of"]
