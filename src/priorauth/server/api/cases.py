"""Cases: received, listed page by page, read one by one with their events and clocks; and the worklists."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.intake import Channel, Receive
from priorauth.server import reads, seen
from priorauth.server.api import acts, bodies, documents, shapes
from priorauth.server.api.shapes import After, CaseNumber, Key, Most
from priorauth.server.service import reading
from priorauth.server.who import Asking, Caller

made = APIRouter()
Word = Annotated[str | None, Query(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
_FHIR: Final[dict[str, Any]] = {"schema": {"type": "object", "description": "A FHIR R4 Bundle with a Claim."}}
_FORM: Final[dict[str, Any]] = {
    "schema": {
        "type": "object",
        "required": [documents.BUNDLE],
        "properties": {documents.BUNDLE: {"type": "string", "format": "binary"}, **documents.FILES},
    }
}
_BODY: Final = {"application/fhir+json": _FHIR, "application/json": _FHIR, "multipart/form-data": _FORM}


@made.post(
    "/cases",
    status_code=201,
    operation_id="receive",
    summary="Send a request: a FHIR Bundle with a Claim, alone or in a form with files.",
    tags=["cases"],
    responses=shapes.answers("received", *shapes.WRITES, status=201, schema="Done"),
    openapi_extra={"requestBody": {"required": True, "content": _BODY}},
)
async def receive(request: Request, caller: Asking, key: Key = None, channel: Channel = "api") -> Response:
    """Keep the request, run it, start its clocks. What is answered is on disk."""
    acts.noted(request, act="receive")
    files: documents.Files = ()
    if documents.is_form(request):
        bundle, files = await documents.bundle_of(request)
    else:
        bundle = await acts.body_of(request)
    bodies.checked(bundle)
    act = Receive(bundle=bundle, files=files, channel=channel, key=shapes.own_key(caller.who, key))
    found = await acts.do(caller, act)
    acts.noted(request, case=str(found.case))
    return shapes.done(found, 201, Location=f"{request.url.path}/{found.case}")


@made.get(
    "/cases",
    operation_id="list-cases",
    summary="List cases, the newest first or by the day on which they are due, page by page.",
    tags=["cases"],
    responses=shapes.answers("a page", 403, 404, schema="Page"),
)
def listed(  # noqa: PLR0913, PLR0917 - each is a filter
    caller: Asking,
    state: Word = None,
    queue: Word = None,
    payer: Word = None,
    policy: Word = None,
    kind: Word = None,
    priority: Word = None,
    owner: Word = None,
    organisation: Word = None,
    open: Annotated[bool | None, Query(description="Open ones, or closed ones.")] = None,  # noqa: A002 - its name outside
    overdue: Annotated[bool, Query(description="Only those whose clock ran out.")] = False,  # noqa: FBT002 - as above
    received_from: date | None = None,
    received_until: date | None = None,
    order: Literal["received", "due"] = "received",
    after: After = None,
    most: Most = 50,
) -> Response:
    """Return a page of cases, without the members' names."""
    asked = reads.Asked(
        state=state,
        queue=queue,
        payer=payer,
        policy=policy,
        kind=kind,
        priority=priority,
        owner=owner,
        organisation=organisation,
        open=True if overdue and open is None else open,
        due_before=caller.service.clock() if overdue else None,
        received_from=received_from,
        received_until=received_until,
    )
    return _page(caller, asked, order, after, most)


def _page(caller: Caller, asked: reads.Asked, order: reads.Order, after: str | None, most: int) -> Response:
    reads.sees(caller.who)
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        found = reads.listed(connection, caller.who, asked, order=order, after=after, most=most)
    return shapes.as_json({"rows": [seen.case(caller.who, row) for row in found.rows], "next": found.next})


@made.get(
    "/worklists",
    operation_id="list-worklists",
    summary="Say which worklists there are, how long each is, and what is overdue in it.",
    tags=["worklists"],
    responses=shapes.answers("the worklists", 403, 404),
)
def worklists(caller: Asking) -> Response:
    """Return the names and lengths of the worklists."""
    reads.sees(caller.who)
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        return shapes.as_json({"worklists": reads.worklists(connection, caller.who, caller.service.clock())})


@made.get(
    "/worklists/{name}",
    operation_id="worklist",
    summary="List the open cases of a worklist, the first to be decided first.",
    tags=["worklists"],
    responses=shapes.answers("a page", 403, 404, schema="Page"),
)
def worklist(
    caller: Asking, name: Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")], after: After = None, most: Most = 50
) -> Response:
    """Return a page of a worklist."""
    return _page(caller, reads.worklist(caller.who, name), "due", after, most)


@made.get(
    "/cases/{case}",
    operation_id="case",
    summary="Return one case whole: items, documents, words, decisions, approvals, calls.",
    tags=["cases"],
    responses=shapes.answers("the case, its version as ETag", 403, 404),
)
def one(request: Request, caller: Asking, case: CaseNumber) -> Response:
    """Return a case; that it was opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what="case"), caller.who)
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        found = reads.whole(connection, caller.who, case)
    return shapes.as_json(seen.case(caller.who, found), version=found["version"])


@made.get(
    "/cases/{case}/events",
    operation_id="events",
    summary="Return what happened to a case, from the first event on.",
    tags=["cases"],
    responses=shapes.answers("a page", 403, 404, schema="Page"),
)
def events(
    request: Request,
    caller: Asking,
    case: CaseNumber,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="What `next` of the page before said.")] = 0,
    most: Most = 100,
) -> Response:
    """Return a page of events; that they were opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what="events"), caller.who)
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        found = reads.events(connection, caller.who, case, after=after, most=most)
    return shapes.as_json({"rows": seen.events(caller.who, found.rows), "next": found.next})


@made.get(
    "/cases/{case}/clocks",
    operation_id="clocks",
    summary="Say which clocks of a case run, when each is due, and which of them binds.",
    tags=["cases"],
    responses=shapes.answers("the clocks", 403, 404),
)
def clocks(request: Request, caller: Asking, case: CaseNumber) -> Response:
    """Return the clocks of a case; they say nothing of its member."""
    acts.noted(request, case=case)
    reads.sees(caller.who)
    with reading(), caller.store.reading(caller.who.tenant) as connection:
        return shapes.as_json(reads.clocks(connection, caller.who, case))
