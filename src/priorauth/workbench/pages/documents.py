"""The documents of a case: given back so that no browser runs what stands in them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from priorauth.ledger.acts.calls import Read
from priorauth.server import reads
from priorauth.server.api.documents import SANDBOX
from priorauth.server.problem import Problem
from priorauth.workbench.visit import Visit, page

_UNSAFE: Final = re.compile(r"[^\w.() -]", re.ASCII)


@page("document")
def document(visit: Visit) -> Response:
    """Return a document as it came, to be saved; that it was opened is recorded."""
    case, number = visit.path("case"), visit.path("number")
    if not number.isdecimal():
        raise Problem("not-found", f"case {case} has no such document")
    visit.do(Read(case=case, what=f"document {int(number)}"))
    whole = reads.case(visit.store, visit.who, case)
    found = next((one for one in whole.documents if one.number == int(number)), None)
    if found is None:
        raise Problem("not-found", f"case {case} has no document {number}")
    plain = _UNSAFE.sub("_", found.name) or "document"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": SANDBOX}
    return Response(reads.content(visit.store, visit.who, found.sha256), media_type=found.media, headers=headers)
