"""C-CDA: the narrative of each section as a person reads it, under its title; its head says whose it is and by whom.

XML that declares a document type is refused: no C-CDA needs one, and entities are declared there.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from priorauth.documents.pages import Page
from priorauth.documents.readers.html import seen
from priorauth.documents.readers.plain import TextFault, of_text

_V3: Final = "{urn:hl7-org:v3}"
_TAGS: Final = {
    **{tag: tag for tag in ("br", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption")},
    "paragraph": "p",
    "list": "ul",
    "item": "li",
}
"""What the parts of a narrative are in HTML; others stand within a line."""
_NAMES: Final = {"n": "urn:hl7-org:v3"}


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield a C-CDA as pages; nothing is fetched, no entity is followed. Raises TextFault."""
    if b"<!DOCTYPE" in content.replace(b"\x00", b""):
        raise TextFault("the C-CDA declares a document type, which none has")
    try:
        root = ET.fromstring(content)  # noqa: S314 - without a document type there is nothing to expand
    except (ET.ParseError, ValueError):
        raise TextFault("the C-CDA is no well-formed XML") from None
    head = "\n".join(_head(root))
    sections = [_section(one) for one in root.iterfind(".//n:section", _NAMES)]
    body = "\n\n".join(one for one in sections if one.strip())
    held = root.find(".//n:nonXMLBody/n:text", _NAMES)
    if held is not None:
        media = held.get("mediaType") or "of a kind that is not said"
        yield f"the C-CDA holds a file ({media}) that was not read: send it alone"
    elif not body:
        yield "the C-CDA has no section that a person can read"
    yield from of_text(f"{head}\n\n{body}", wanted)


def _head(root: Element) -> Iterator[str]:
    """Yield what the head says: title, patient, author, who signed, and when."""
    yield _said(root, "n:title") or "C-CDA document"
    patient = root.find("n:recordTarget/n:patientRole", _NAMES)
    if patient is not None:
        name, born = (
            _name(patient.find("n:patient/n:name", _NAMES)),
            _day(patient.find("n:patient/n:birthTime", _NAMES)),
        )
        number = patient.find("n:id", _NAMES)
        parts = [f"Patient: {name}" if name else "", f"DOB: {born}" if born else ""]
        parts.append(f"MRN: {number.get('extension')}" if number is not None and number.get("extension") else "")
        yield "   ".join(part for part in parts if part)
    if made := _day(root.find("n:effectiveTime", _NAMES)):
        yield f"Date: {made}"
    author = root.find("n:author", _NAMES)
    if author is not None and (name := _name(author.find("n:assignedAuthor/n:assignedPerson/n:name", _NAMES))):
        yield f"Author: {name}"
    signed = root.find("n:legalAuthenticator", _NAMES)
    if signed is not None and (name := _name(signed.find("n:assignedEntity/n:assignedPerson/n:name", _NAMES))):
        at = _day(signed.find("n:time", _NAMES))
        yield f"Electronically signed by {name}" + (f" on {at}" if at else "")


def _section(section: Element) -> str:
    title, text = _said(section, "n:title"), section.find("n:text", _NAMES)
    told = "" if text is None else seen(f"<html><body>{''.join(_told(text))}</body></html>")
    return "\n".join([title.upper() if title else "", *[line for line in told.split("\n") if line.strip()]]).strip()


def _told(node: Element) -> Iterator[str]:
    """Yield a narrative in the words of HTML."""
    yield escape(node.text or "")
    for child in node:
        tag = "del" if child.get("revised") == "delete" else _TAGS.get(_tag(child), "span")
        span = child.get("colspan") or ""
        yield f'<{tag} colspan="{span}">' if span.isdecimal() else f"<{tag}>"
        if tag != "br":
            yield from _told(child)
            yield f"</{tag}>"
        yield escape(child.tail or "")


def _tag(node: Element) -> str:
    return str(node.tag).removeprefix(_V3)


def _said(node: Element, path: str) -> str:
    found = node.find(path, _NAMES)
    return "" if found is None else " ".join("".join(str(one) for one in found.itertext()).split())


def _name(node: Element | None) -> str:
    return "" if node is None else " ".join(" ".join(str(one) for one in node.itertext()).split())


def _day(node: Element | None) -> str:
    value = "" if node is None else (node.get("value") or "")
    return f"{value[:4]}-{value[4:6]}-{value[6:8]}" if len(value) >= 8 and value[:8].isdigit() else ""  # noqa: PLR2004 - a day
