"""What a partner sends after its request (CDex ``$submit-attachment``): for which request and member, and what it is.

What a file is, it is by its content, whatever is said of it: FHIR resources, a form with its answers, a log of a meter
or sensor, or a paper for people.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from priorauth.errors import InputRefused, LogRefused
from priorauth.exchange.pas.request import token
from priorauth.exchange.wire import Fault, listed
from priorauth.ledger.acts.files import PAPER, File
from priorauth.ledger.runs import FHIR, LOG_KIND

Json = dict[str, Any]
MOST: Final = 20
"""How many attachments come at once."""
MOST_FILES: Final = 50
"""How many files they may hold."""
ANSWERS: Final = "QuestionnaireResponse"
RESOURCES: Final = "resources"
_UNKNOWN: Final = "application/octet-stream"
_REFUSED: Final = frozenset({"Claim", "ClaimResponse", "OperationOutcome", "Parameters", "Subscription", "Task"})
"""What is no evidence: a request, an answer to one, and what is said between systems."""
_MAGIC: Final = (
    (b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"), (b"MM\x00*", "image/tiff"), (b"GIF8", "image/gif"),
)  # fmt: skip
_MEDIA: Final = re.compile(r"[a-z]{1,30}/[a-z0-9.+-]{1,60}")
_LONGEST: Final = 120


@dataclass(frozen=True)
class Attached:
    """What was sent: by which id it is tracked, of which member, the answers to forms, and files of all else."""

    tracking: Json
    member: Json
    answers: tuple[bytes, ...]
    files: tuple[File, ...]
    final: bool


def read(body: Json, zone: str | None) -> Attached:
    """Return what was sent; raises Fault where it cannot be worked with. ``zone`` is that of logs that name none."""
    if body.get("resourceType") != "Parameters":
        raise Fault(400, "structure", "expected Parameters", "resourceType")
    to = _one(body, "AttachTo").get("valueCode")
    if to != "preauthorization":
        raise Fault(422, "not-supported", "expected preauthorization", _at("AttachTo"))
    tracking, member = (_identifier(body, name) for name in ("TrackingId", "MemberId"))
    final = _one(body, "Final", needed=False).get("valueBoolean")
    contents = list(_contents(body))
    if len(contents) - sum(not isinstance(one, File) for one in contents) > MOST_FILES:
        raise Fault(413, "too-long", f"expected at most {MOST_FILES} files", _at("Attachment"))
    plain = [one for one in contents if not isinstance(one, File)]
    forms = [one for one in plain if one["resource"].get("resourceType") == ANSWERS]
    rest = [one for one in plain if one["resource"].get("resourceType") != ANSWERS]
    return Attached(
        tracking=tracking,
        member=member,
        answers=tuple(msgspec.json.encode(one["resource"]) for one in forms),
        files=(*_together(rest), *(_known(one, zone) for one in contents if isinstance(one, File))),
        final=final is not False,
    )


def _at(name: str) -> str:
    return f"Parameters.parameter.where(name = '{name}')"


def _one(body: Json, name: str, *, needed: bool = True) -> Json:
    """Return the one parameter of a name; raises Fault where it is not there, or there are several."""
    found = [one for one in listed(body, "parameter") if one.get("name") == name]
    if not found and not needed:
        return {}
    if len(found) != 1:
        raise Fault(400, "required", f"expected one {name}", _at(name))
    return found[0]


def _identifier(body: Json, name: str) -> Json:
    found = _one(body, name).get("valueIdentifier")
    if not isinstance(found, dict) or token(found) is None:
        raise Fault(400, "required", "expected an identifier with a value", f"{_at(name)}.valueIdentifier")
    return found


def _contents(body: Json) -> Iterator[File | Json]:
    """Yield what is attached: files, and entries with resources."""
    attached = [one for one in listed(body, "parameter") if one.get("name") == "Attachment"]
    if not attached:
        raise Fault(400, "required", "expected an Attachment", _at("Attachment"))
    if len(attached) > MOST:
        raise Fault(413, "too-long", f"expected at most {MOST} attachments", _at("Attachment"))
    for place, one in enumerate(attached):
        at = f"{_at('Attachment')}[{place}]"
        held = [part.get("resource") for part in listed(one, "part") if part.get("name") == "Content"]
        if len(held) != 1 or not isinstance(held[0], dict):
            raise Fault(400, "required", "expected one Content with a resource", f"{at}.part")
        yield from _content(held[0], f"attachment {place + 1}", at)


def _content(resource: Json, title: str, at: str) -> Iterator[File | Json]:
    """Yield what one resource brings: the bytes that it wraps, the entries of a Bundle, or itself."""
    match resource.get("resourceType"):
        case "DocumentReference":
            wrapped = [one.get("attachment") for one in listed(resource, "content")]
            if not wrapped:
                raise Fault(422, "required", "expected content with data", at)
            said = resource.get("description")
            for one in wrapped:
                about: Json = one if isinstance(one, dict) else {}
                name = next((text for text in (about.get("title"), said) if isinstance(text, str) and text), title)
                dated = _day(about.get("creation")) or _day(resource.get("date"))
                yield File(title=_printed(name), media=_media(about), content=_data(about.get("data"), at), dated=dated)
        case "Binary":
            yield File(title=title, media=_media(resource), content=_data(resource.get("data"), at))
        case "Bundle":
            for entry in listed(resource, "entry"):
                if not isinstance(held := entry.get("resource"), dict):
                    continue
                known = {"fullUrl": entry["fullUrl"]} if isinstance(entry.get("fullUrl"), str) else {}
                for one in _content(held, title, at):
                    yield one if isinstance(one, File) else {**known, **one}
        case str(kind) if kind and kind not in _REFUSED:
            yield {"resource": resource}
        case _:
            raise Fault(422, "not-supported", "expected evidence: a form, a document, clinical resources", at)


def _data(text: object, at: str) -> bytes:
    """Return what base64 says; an address is not fetched."""
    if not isinstance(text, str) or not text:
        raise Fault(422, "required", "expected data within the resource; an address is not fetched", at)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Fault(400, "value", "expected base64", at) from None


def _media(holder: Json) -> str:
    said = holder.get("contentType")
    media = said.partition(";")[0].strip().lower() if isinstance(said, str) else ""
    return media if _MEDIA.fullmatch(media) else _UNKNOWN


def _printed(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST] or "document"


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _together(entries: list[Json]) -> Iterator[File]:
    """Yield resources as one file, as they were sent together."""
    if entries:
        kept = [{name: one[name] for name in ("fullUrl", "resource") if name in one} for one in entries]
        made = {"resourceType": "Bundle", "type": "collection", "entry": kept}
        yield File(title="clinical resources", media=FHIR, content=msgspec.json.encode(made), kind=RESOURCES)


def _known(file: File, zone: str | None) -> File:
    """Return a file as what it is by its content."""
    magic = next((media for begins, media in _MAGIC if file.content.startswith(begins)), None)
    if magic is not None:
        return msgspec.structs.replace(file, media=magic, kind=PAPER)
    if _is_fhir(file.content):
        return msgspec.structs.replace(file, media=FHIR, kind=RESOURCES)
    if file.media in {media for _, media in _MAGIC}:
        return msgspec.structs.replace(file, media=_UNKNOWN, kind=PAPER)
    return msgspec.structs.replace(file, kind=LOG_KIND if _is_log(file, zone) else PAPER)


def _is_fhir(content: bytes) -> bool:
    if content.lstrip()[:1] != b"{":
        return False
    try:
        found = msgspec.json.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    kind = found.get("resourceType") if isinstance(found, dict) else None
    return isinstance(kind, str) and kind not in _REFUSED


def _is_log(file: File, zone: str | None) -> bool:
    from priorauth.glucose import logbook

    try:
        logbook.read([(file.title, file.content)], zone=zone)
    except (LogRefused, InputRefused):
        return False
    return True
