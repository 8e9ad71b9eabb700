"""Documents: sent as forms, kept as they came, given back so that no browser runs what stands in them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from priorauth.ledger import read_papers
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.read_papers import DocumentRead
from priorauth.ledger.whole import Document
from priorauth.server import reads
from priorauth.server.api import acts, bodies, shapes
from priorauth.server.api.shapes import CaseNumber, Key, Number
from priorauth.server.problem import Problem
from priorauth.server.service import reading
from priorauth.server.who import Asking

made = APIRouter()
Files = tuple[File, ...]
KINDS: Final = ("paper", "resources", "glucose-log")
"""What a part of a form may be named: a paper for people, FHIR resources, a log of a meter or sensor."""
MOST_FILES: Final = 20
SANDBOX: Final = "sandbox; default-src 'none'"
BUNDLE: Final = "bundle"
FILES: Final[dict[str, Any]] = {kind: {"type": "string", "format": "binary"} for kind in KINDS}
_MEDIA: Final = re.compile(r"[a-z]{1,30}/[a-z0-9.+-]{1,60}")
_UNSAFE: Final = re.compile(r"[^\w.() -]", re.ASCII)
_FORM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "One file; the name of its part says its kind.",
    "properties": FILES,
    "minProperties": 1,
    "maxProperties": 1,
}


def is_form(request: Request) -> bool:
    """Whether a request is a form with files."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


async def bundle_of(request: Request) -> tuple[bytes, Files]:
    """Return the Bundle of a form and the files beside it; raises Problem."""
    found = [one async for one in _parts(request)]
    bundles = [file for name, file in found if name == BUNDLE]
    if len(bundles) != 1:
        raise Problem("invalid", f"expected one part that is named {BUNDLE}")
    return bundles[0].content, tuple(file for name, file in found if name != BUNDLE)


async def _parts(request: Request) -> AsyncIterator[tuple[str, File]]:
    """Yield the parts of a form by name, each as a file; raises Problem for a part of another name."""
    async with request.form(max_files=MOST_FILES + 1, max_fields=MOST_FILES + 1) as form:
        for name, part in form.multi_items():
            if name not in (BUNDLE, *KINDS):
                raise Problem("invalid", f"expected parts that are named {BUNDLE}, {', '.join(KINDS)}")
            if isinstance(part, UploadFile):
                yield name, _file(name, await part.read(), part.filename or name, part.content_type or "")
            else:
                yield name, _file(name, part.encode(), name, "")


def _file(kind: str, content: bytes, title: str, media: str) -> File:
    if not title.isprintable():
        raise Problem("invalid", "the name of a file: expected letters that can be printed")
    media = media.partition(";")[0].strip().lower()
    if kind == "resources":
        bodies.checked(content)
        media = "application/fhir+json"
    known = media if _MEDIA.fullmatch(media) else "application/octet-stream"
    return File(title=title, media=known, content=content, kind=kind)


@made.get(
    "/cases/{case}/documents",
    operation_id="documents",
    summary="List the documents of a case, with what was read in each, and what people said of that.",
    tags=["documents"],
    responses=shapes.answers("the documents", 403, 404),
)
def listed(request: Request, caller: Asking, case: CaseNumber) -> Response:
    """Return what each document is, when it came, whether it was filed in error, and what was read in it."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what="documents"), caller.who)
    with reading():
        found = reads.case(caller.store, caller.who, case)
        read = {one.document: one for one in read_papers.readings(caller.store, caller.who, case)}
    listed = [{**msgspec.to_builtins(one), "reading": _reading(read[one.number])} for one in found.documents]
    return shapes.as_json({"documents": listed})


def _reading(found: DocumentRead) -> dict[str, Any]:
    """Return what was read in a document, without what is said of the document itself."""
    plain: dict[str, Any] = msgspec.to_builtins(found)
    head = {name: value for name, value in (plain["findings"] or {}).items() if name not in ("facts", "left")}
    return {**{name: plain[name] for name in ("status", "why", "reader", "read_at", "proposals")}, "findings": head}


@made.get(
    "/cases/{case}/documents/{number}/text",
    operation_id="document-text",
    summary="Return the text that was read in a document, word by word with its places, for who reads it otherwise.",
    tags=["documents"],
    responses=shapes.answers("the pages", 403, 404),
)
def text(request: Request, caller: Asking, case: CaseNumber, number: Number) -> Response:
    """Return the text of a document; that it was opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what=f"document {number}"), caller.who)
    with reading():
        found = read_papers.text(caller.store, caller.who, case, number)
    if found is None:
        raise Problem("not-found", f"case {case}: no text was read in document {number}")
    return shapes.as_json(found)


@made.post(
    "/cases/{case}/documents",
    status_code=201,
    operation_id="file-document",
    summary="File a document; its kind is the name of its part: paper, resources, glucose-log.",
    tags=["documents"],
    responses=shapes.answers("filed", *shapes.WRITES, status=201, schema="Done"),
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def filed(
    request: Request,
    caller: Asking,
    case: CaseNumber,
    key: Key = None,
    dated: Annotated[date | None, Query(description="The day that it bears.")] = None,
) -> Response:
    """Keep a document. What can be read makes a new run; what cannot is kept as a paper, and that is said."""
    acts.noted(request, case=case, act="file-document")
    if not is_form(request):
        raise Problem("media", "expected Content-Type: multipart/form-data")
    files = [file async for name, file in _parts(request) if name != BUNDLE]
    if len(files) != 1:
        raise Problem("invalid", "expected one file")
    one = files[0]
    file = File(title=one.title, media=one.media, content=one.content, kind=one.kind, dated=dated)
    found = await acts.do(caller, FileDocument(case=case, file=file, key=shapes.own_key(caller.who, key)))
    return shapes.done(found, 201, Location=f"{request.url.path}/{found.more['document']}")


@made.get(
    "/cases/{case}/documents/{number}",
    operation_id="document",
    summary="Return a document as it came, to be saved and not shown.",
    tags=["documents"],
    responses={
        200: {"description": "the bytes", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
        **shapes.problems(403, 404),
    },
)
def document(request: Request, caller: Asking, case: CaseNumber, number: Number) -> Response:
    """Return a document's bytes; that it was opened is recorded."""
    acts.noted(request, case=case)
    caller.service.do(Read(case=case, what=f"document {number}"), caller.who)
    with reading():
        whole = reads.case(caller.store, caller.who, case)
        found = next((one for one in whole.documents if one.number == number), None)
        if found is None:
            raise Problem("not-found", f"case {case} has no document {number}")
        content = reads.content(caller.store, caller.who, found.sha256)
    return handed_out(found, content)


def handed_out(found: Document, content: bytes) -> Response:
    """Return a document's bytes to be saved under its name, so that no browser runs what stands in them."""
    plain = _UNSAFE.sub("_", found.name) or "document"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    media = found.media if _MEDIA.fullmatch(found.media) else "application/octet-stream"
    return Response(
        content,
        headers={"Content-Disposition": disposition, "Content-Security-Policy": SANDBOX, "Content-Type": media},
    )
