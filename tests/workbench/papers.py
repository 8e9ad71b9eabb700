"""Papers of a case for tests: filed, and read for real, as the server reads them; the same paper is read once."""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec

from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Patient
from priorauth.documents.read import read
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.papers import ReadDocument
from priorauth.ledger.events import Who
from priorauth.server import reads
from tests.ledger import house
from tests.workbench import fax
from tests.workbench.house import Desk

PDF: Final = "application/pdf"
TIFF: Final = "image/tiff"
MEMBER: Final = Patient(name="Ask Synthetic", birth_date="1999-06-19")
"""The member of the example `ask`."""
LETTER: Final = """Lakeside Endocrinology
114 Harbor Road, Salem MA        Phone 555 0142

November 12, 2026

Patient: Ask Synthetic          DOB: 06/19/1999

LETTER OF MEDICAL NECESSITY

Ms. Synthetic has type 1 diabetes, diagnosed in 2008.
Her most recent hemoglobin A1c was 8.4 % on November 2, 2026.
She checks her blood glucose 6 times a day since January 5, 2026.
She has no history of diabetic ketoacidosis.
She probably can operate the pump.
Her mother has type 2 diabetes. Goal A1c is below 7.0 %.

Electronically signed by Dana Reyes, MD on 11/12/2026"""
SECOND: Final = """Patient: Ask Synthetic          DOB: 06/19/1999        page 2

She completed a diabetes education program on 08/20/2026.
If the A1c rises, consider a pump with automated delivery."""
OTHER: Final = LETTER.replace("Ask Synthetic", "Maria Gonzalez").replace("06/19/1999", "01/02/1950")
"""The same letter, of somebody else."""


@cache
def letter() -> bytes:
    """Return the letter as a PDF of two pages."""
    return fax.pdf(LETTER, SECOND)


def filed(  # noqa: PLR0913 - what is filed, and by whom
    desk: Desk, case: str, content: bytes, *, name: str = "letter.pdf", media: str = PDF, who: Who = house.COORDINATOR
) -> int:
    """File a paper with a case; return its number."""
    file = File(title=name, media=media, content=content)
    return int(house.done(desk.store, FileDocument(case=case, file=file), who, desk.now).more["document"])


@cache
def reading(content: bytes) -> Reading:
    """Return what is read of a file; raises InputRefused."""
    return read(content, "the document")


def is_read(desk: Desk, case: str, document: int, member: Patient | None = MEMBER) -> None:
    """Read a paper of a case, and file what it proposes."""
    whole = reads.case(desk.store, house.NURSE, case)
    one = next(each for each in whole.documents if each.number == document)
    try:
        found = reading(reads.content(desk.store, house.NURSE, one.sha256))
    except InputRefused as fault:
        refused = ReadDocument(case=case, document=document, reader="test", refused=fault.faults[0].message)
        house.done(desk.store, refused, now=desk.now)
        return
    act = ReadDocument(
        case=case,
        document=document,
        reader=found.reader,
        findings=understood(found, member),
        pages=msgspec.json.encode(found),
    )
    house.done(desk.store, act, now=desk.now)


def with_letter(desk: Desk, content: bytes | None = None, name: str = "ask") -> tuple[str, str]:
    """Receive an example and file a letter that is read; return the case and the address of the document."""
    case = desk.receive(name)
    number = filed(desk, case, letter() if content is None else content)
    is_read(desk, case, number)
    return case, f"/c/{case}/documents/{number}"
