"""Papers of a case for tests: filed, and read for real, as the server reads them."""

from __future__ import annotations

import msgspec

from priorauth.documents.proposal import Patient
from priorauth.documents.read import read
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.papers import ReadDocument
from priorauth.ledger.events import Who
from priorauth.server import reads
from tests.ledger import house
from tests.workbench.house import Desk

PDF = "application/pdf"
TIFF = "image/tiff"


def filed(
    desk: Desk, case: str, content: bytes, *, name: str = "letter.pdf", media: str = PDF, who: Who = house.COORDINATOR
) -> int:
    """File a paper with a case; return its number."""
    file = File(title=name, media=media, content=content)
    return int(house.done(desk.store, FileDocument(case=case, file=file), who, desk.now).more["document"])


def is_read(desk: Desk, case: str, document: int, member: Patient | None = None) -> None:
    """Read a paper of a case, and file what it proposes."""
    whole = reads.case(desk.store, house.NURSE, case)
    one = next(each for each in whole.documents if each.number == document)
    content = reads.content(desk.store, house.NURSE, one.sha256)
    try:
        found = read(content, one.name)
    except InputRefused as fault:
        said = {"refused": fault.faults[0].message}
        house.done(desk.store, ReadDocument(case=case, document=document, reader="test", **said), now=desk.now)
        return
    act = ReadDocument(
        case=case,
        document=document,
        reader=found.reader,
        findings=understood(found, member),
        pages=msgspec.json.encode(found),
    )
    house.done(desk.store, act, now=desk.now)
