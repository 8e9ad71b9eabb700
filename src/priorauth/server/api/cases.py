"""Cases: received, listed page by page, read one by one with their events and clocks; and the worklists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from priorauth.ledger import worklist
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.intake import Channel, Receive
from priorauth.server import reads
from priorauth.server.api import acts, bodies, documents, shapes
from priorauth.server.api.shapes import After, CaseNumber, Key, Most
from priorauth.server.problem import Problem
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
_PARTS: Final = (
    *("items", "clocks", "submissions", "documents", "words", "decisions", "approvals", "notices", "calls"),
)
"""What a case has beside its head, its runs and its events."""
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
    summary="List cases, the newest first, page by page.",
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
    with reading():
        return shapes.as_json(reads.listed(caller.store, caller.who, asked, after=after, most=most))


@made.get(
    "/worklists",
    operation_id="list-worklists",
    summary="Say which worklists there are, how long each is, and what is overdue in it.",
    tags=["worklists"],
    responses=shapes.answers("the worklists", 403, 404),
)
def worklists(caller: Asking) -> Response:
    """Return the names of the worklists, and how each stands against the clock."""
    with reading():
        found = {
            name: worklist.counts(caller.store, caller.who, _wanted(caller, name), caller.service.clock())
            for name in reads.WORKLISTS
        }
    return shapes.as_json({"worklists": [{"name": name, **msgspec.to_builtins(of)} for name, of in found.items()]})


def _wanted(caller: Caller, name: str) -> worklist.Wanted:
    if name == reads.MINE:
        return worklist.Wanted(owner=caller.who.person or "")
    return worklist.Wanted(to_confirm=True) if name == reads.TO_CONFIRM else worklist.Wanted(queue=name)


@made.get(
    "/worklists/{name}",
    operation_id="worklist",
    summary="List the open cases of a worklist, the first to be decided first.",
    tags=["worklists"],
    responses=shapes.answers("a page", 403, 404, schema="Page"),
)
def worked(
    caller: Asking, name: Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")], after: After = None, most: Most = 50
) -> Response:
    """Return a page of a worklist; cases that were put off are left out."""
    if name not in reads.WORKLISTS:
        raise Problem("not-found", f"expected one of {', '.join(reads.WORKLISTS)}")
    begins = reads.place(after)
    with reading():
        found = worklist.queue(
            caller.store, caller.who, _wanted(caller, name), caller.service.clock(), after=begins, most=most
        )
    further = None if found.next is None else reads.cursor(found.next.due_at, found.next.case)
    rows = [
        {**msgspec.to_builtins(one, builtin_types=(datetime,)), "says": reads.says(one.state)} for one in found.lines
    ]
    return shapes.as_json({"rows": rows, "next": further})


@made.get(
    "/cases/{case}",
    operation_id="case",
    summary="Return one case whole: items, documents, words, decisions, approvals, calls.",
    tags=["cases"],
    responses=shapes.answers("the case, its version as ETag", 403, 404),
)
def one(request: Request, caller: Asking, case: CaseNumber) -> Response:
    """Return a case; that it was opened is recorded. Its runs and events are at addresses of their own."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what="case"), caller.who)
    with reading():
        found = reads.case(caller.store, caller.who, case)
    parts = {name: getattr(found, name) for name in _PARTS}
    plain = {"case": case, **msgspec.structs.asdict(found.head), "says": reads.says(found.head.state), **parts}
    plain.pop("case_no")
    return shapes.as_json(plain, version=found.head.version)


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
    with reading():
        found = [one for one in reads.case(caller.store, caller.who, case).events if one.number > after]
    further = str(found[most - 1].number) if len(found) > most else None
    return shapes.as_json({"rows": found[:most], "next": further})


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
    with reading():
        found = reads.case(caller.store, caller.who, case)
    head = found.head
    return shapes.as_json(
        {
            "case": case,
            "due_at": head.due_at,
            "binds": head.due_rule,
            "climbs_at": head.climbs_at,
            "clocks": found.clocks,
        }
    )
