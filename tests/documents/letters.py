"""Letters as text PDFs, made here by hand; and Bundles that hold them as attachments."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]
_SIZE, _LEADING, _TOP, _LEFT = 10, 13, 760, 54


def pdf(*pages: str) -> bytes:
    """Make a PDF of pages of Latin text, a line a line."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids: list[int] = []
    for page in pages:
        shown = [f"BT /F1 {_SIZE} Tf {_LEADING} TL {_LEFT} {_TOP} Td".encode()]
        for line in page.split("\n"):
            text = line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
            shown.append(b"(" + text + b") Tj T*")
        stream = b"\n".join([*shown, b"ET"])
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids).encode()
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    made, places = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(made),
    )  # fmt: skip
    return bytes(made)


def attachment(content: bytes, **more: object) -> Json:
    """Return an attachment that holds its bytes, with size and hash."""
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()
    return {
        "contentType": "application/pdf",
        "data": base64.b64encode(content).decode(),
        "size": len(content),
        "hash": base64.b64encode(sha1).decode(),
        **more,
    }


def paper(bundle: Json, file: bytes, ident: str = "letter", **more: Any) -> Json:
    """Return a DocumentReference of the patient of a Bundle that holds a file."""
    claim = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Claim")
    return {
        "resourceType": "DocumentReference",
        "id": more.pop("id", ident),
        "status": "current",
        "type": {"text": "Letter"},
        "subject": claim["patient"],
        "date": f"{claim['created'][:10]}T09:00:00Z",
        "content": [{"attachment": attachment(file)}],
        **more,
    }


def beside(bundle: Json, *resources: Json) -> Json:
    """Return a Bundle with further resources."""
    made: Json = copy.deepcopy(bundle)
    made["entry"] += [
        {"fullUrl": f"urn:priorauth:{one['resourceType']}:{one['id']}", "resource": one} for one in resources
    ]
    return made


def signed(name: str, born: str, dated: str, lines: Sequence[str]) -> str:
    """Return the page of a letter of a practice about a patient, signed."""
    return "\n".join(
        [
            "Harbor Endocrine Associates",
            "12 Quay Street, Boston, MA",
            "",
            dated,
            "",
            f"RE: {name}    DOB: {born}",
            "Letter of Medical Necessity",
            "",
            *lines,
            "",
            "Sincerely,",
            f"Electronically signed by Ada Marsh, MD   {dated}",
        ]
    )
