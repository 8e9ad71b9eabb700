"""The files that a Bundle holds: attachments of its documents, reports, answers and claim, as bytes with their names.

Their base64 stands in the attachment itself or in a Binary of the same Bundle; nothing is fetched. What the Bundle says
of a resource holds for its files: one that was withdrawn is not read, and another patient's is refused with the case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Raw, Struct, field

from priorauth.documents.apart import MOST_BYTES
from priorauth.documents.proposal import Patient
from priorauth.fhir import bundle
from priorauth.fhir.bundle import Record
from priorauth.fhir.elements import Resource
from priorauth.fhir.forms import DocumentReference, Item, QuestionnaireResponse
from priorauth.fhir.limits import MAX_BYTES
from priorauth.fhir.references import id_of, name_of, server_of, tail
from priorauth.fhir.structs import Claim, DiagnosticReport
from priorauth.record.claims import asked
from priorauth.values import dates

MOST: Final = 50
"""How many files of a Bundle are read."""
MOST_IN_ALL: Final = 100_000_000
_MARK: Final = (b'"data"', b'"Binary"')
_DAY: Final = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_LONGEST: Final = 200


class Paper(Struct, frozen=True, kw_only=True):
    """A file in a Bundle. ``document``: the resource that holds it, ``DocumentReference/x``; of several, its place too.

    ``dated`` is the ISO date (or partial date) that the resource gives, ``media`` the type that it claims to be.
    """

    document: str
    title: str
    content: bytes
    sha256: str
    dated: str | None = None
    media: str = ""


class Held(Struct, frozen=True, kw_only=True):
    """The files of a Bundle in the order in which they stand, whose they should be, and a line for each that is left.

    ``member`` is the patient of the request as documents name one: name and birth date.
    """

    papers: tuple[Paper, ...]
    member: Patient = Patient()
    warnings: tuple[str, ...] = ()


def held(source: bytes | Mapping[str, object], name: str = "bundle") -> Held:
    """Return the files that a Bundle holds; raises InputRefused where it is no request that can be read.

    A Bundle without any is not parsed.
    """
    if isinstance(source, bytes) and not may_hold(source):
        return Held(papers=())
    data = bundle.as_json(source, name, max_bytes=MAX_BYTES)
    if not may_hold(data):
        return Held(papers=())
    record = bundle.read(data, name, max_bytes=MAX_BYTES)
    patient, claims = asked(record, draft=True)
    entries = _Entries(data)
    found = _Found()
    for one in _attached(record, [claim.claim for claim in claims], entries):
        _take(one, entries, found)
    if found.elsewhere:
        more = f" and {len(found.elsewhere) - 1} more" if len(found.elsewhere) > 1 else ""
        said = "its file is not in the Bundle, and nothing is fetched; not read"
        found.warnings.append(f"{found.elsewhere[0]}{more}: {said}")
    return Held(papers=tuple(found.papers), member=_member(entries.raw(patient)), warnings=tuple(found.warnings))


def member(source: bytes | Mapping[str, object], name: str = "bundle") -> Patient:
    """Return the patient of a request as documents name one; raises InputRefused where it cannot be read."""
    data = bundle.as_json(source, name, max_bytes=MAX_BYTES)
    patient, _ = asked(bundle.read(data, name, max_bytes=MAX_BYTES), draft=True)
    return _member(_Entries(data).raw(patient))


def may_hold(data: bytes) -> bool:
    """Whether a Bundle may hold a file at all, as far as a look at its bytes tells."""
    return any(mark in data for mark in _MARK)


# ---- the Bundle as it is written


class _Entry(Struct, rename="camel"):
    full_url: Any = ""
    resource: Raw = Raw()


class _Bundle(Struct):
    entry: list[_Entry] = []


class _Head(Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""


class _Written(NamedTuple):
    """A resource as it is written, with its fullUrl."""

    full_url: str
    raw: Raw


_KINDS: Final = {"Binary", "Claim", "DiagnosticReport", "DocumentReference", "Patient", "QuestionnaireResponse"}


class _Entries:
    """The resources of a Bundle that hold files, by type and id, as they are written."""

    def __init__(self, data: bytes) -> None:
        """Take a Bundle that was read before."""
        self.by_name: dict[str, list[_Written]] = {}
        self.by_url: dict[str, _Written] = {}
        for place, one in enumerate(msgspec.json.decode(data, type=_Bundle).entry):
            head = _decoded(one.resource, _Head) if one.resource else None
            if head is None or head.resource_type not in _KINDS:
                continue
            url = one.full_url if isinstance(one.full_url, str) else ""
            written = _Written(url, one.resource)
            self.by_name.setdefault(f"{head.resource_type}/{head.id or id_of(url, place)}", []).append(written)
            if url:
                self.by_url.setdefault(url, written)

    def written(self, resource: Resource) -> _Written | None:
        """Return a resource as it is written: of several of its name the one that counts."""
        listed = self.by_name.get(name_of(resource), [])
        if len(listed) > 1:
            listed = [one for one in listed if _same(one.raw, resource)]
        return listed[0] if listed else None

    def raw(self, resource: Resource) -> dict[str, Any]:
        """Return the elements of a resource; none where it cannot be told which is meant."""
        one = self.written(resource)
        found = None if one is None else _decoded(one.raw, dict)
        return {} if found is None else found

    def binary(self, url: str, owner: _Written | None) -> dict[str, Any] | None:
        """Return the Binary that an address names: contained, by its fullUrl, or of the same server; None for none."""
        if url.startswith("#"):
            inside = {} if owner is None else _decoded(owner.raw, dict) or {}
            return next((one for one in _dicts(inside.get("contained")) if _is_binary(one, url[1:])), None)
        plain = url.partition("/_history/")[0]
        server = "" if owner is None else server_of(owner.full_url)
        one = self.by_url.get(plain) or (self.by_url.get(f"{server}/{plain}") if server else None)
        if one is None:
            listed = self.by_name.get(tail(plain), [])
            away = "://" in plain or bool(server)
            listed = [each for each in listed if not (away and "://" in each.full_url)]
            one = listed[0] if len(listed) == 1 else None
        found = None if one is None else _decoded(one.raw, dict)
        return found if found is not None and found.get("resourceType") == "Binary" else None


def _same(raw: Raw, resource: Resource) -> bool:
    found = _decoded(raw, type(resource))
    return found is not None and msgspec.structs.replace(found, id=resource.id) == resource


def _is_binary(one: Mapping[str, Any], ident: str) -> bool:
    return one.get("resourceType") == "Binary" and str(one.get("id", "")).removeprefix("#") == ident


def _decoded(raw: Raw, kind: Any) -> Any:  # noqa: ANN401 - the type that is asked for
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


# ---- what is attached


class _Attached(NamedTuple):
    """An attachment: who holds it, as it is written, what it says of itself, and what its owner is called and dated."""

    document: str
    owner: _Written | None
    attachment: dict[str, Any]
    title: str
    dated: str | None


class _Found(Struct):
    """What was found so far."""

    papers: list[Paper] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    size: int = 0
    seen: set[str] = field(default_factory=set)


def _attached(record: Record, claims: Iterable[Claim], entries: _Entries) -> Iterator[_Attached]:
    for paper in record.all(DocumentReference):
        said = entries.raw(paper)
        listed = [one.get("attachment") for one in _dicts(said.get("content"))]
        called = _text(said.get("description")) or _called(said.get("type"))
        yield from _of(paper, entries, listed, called, _day(said.get("date")))
    for report in record.all(DiagnosticReport):
        said = entries.raw(report)
        dated = _day(said.get("effectiveDateTime")) or _day(said.get("issued"))
        yield from _of(report, entries, said.get("presentedForm"), _called(said.get("code")), dated)
    for form in record.all(QuestionnaireResponse):
        listed = [_decoded(raw, dict) for raw in _answered(form.item)]
        yield from _of(form, entries, listed, "", _day(form.authored))
    for claim in claims:
        infos = _dicts(entries.raw(claim).get("supportingInfo"))
        listed = [info.get("valueAttachment") for info in infos]
        for info in infos:
            pointed = info.get("valueReference")
            url = pointed.get("reference") if isinstance(pointed, dict) else None
            if isinstance(url, str) and entries.binary(url, entries.written(claim)) is not None:
                listed.append({"url": url})
        yield from _of(claim, entries, listed, "", _day(claim.created))


def _answered(items: Iterable[Item]) -> Iterator[Raw]:
    """Yield the attachments of a form, wherever they stand."""
    for item in items:
        for answer in item.answer:
            if answer.value_attachment:
                yield answer.value_attachment
            yield from _answered(answer.item)
        yield from _answered(item.item)


def _of(resource: Resource, entries: _Entries, attached: object, called: str, dated: str | None) -> Iterator[_Attached]:
    listed = [one for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    name, owner = name_of(resource), entries.written(resource)
    for place, one in enumerate(listed, 1):
        document = name if len(listed) == 1 else f"{name} file {place}"
        title = _text(one.get("title")) or called or document
        yield _Attached(document, owner, one, title, _day(one.get("creation")) or dated)


def _take(one: _Attached, entries: _Entries, found: _Found) -> None:
    """Take a file, or say in a line why it is left."""
    data, media = one.attachment.get("data"), _text(one.attachment.get("contentType"))
    url = _text(one.attachment.get("url"))
    if data is None and url:
        binary = entries.binary(url, one.owner)
        if binary is None:
            found.elsewhere.append(one.document)
            return
        data, media = binary.get("data"), _text(binary.get("contentType")) or media
    if data is None:
        return
    if len(found.papers) >= MOST:
        found.warnings.append(f"{one.document}: not read; of one Bundle {MOST} files are")
        return
    content = _content(data)
    if isinstance(content, str):
        found.warnings.append(f"{one.document}: {content}; not read")
        return
    if (fault := _differs(content, one.attachment)) is not None:
        found.warnings.append(f"{one.document}: {fault}; not read")
        return
    found.size += len(content)
    if found.size > MOST_IN_ALL:
        found.warnings.append(f"{one.document}: not read; the files of one Bundle are at most {MOST_IN_ALL:,} bytes")
        return
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 in found.seen:
        return
    found.seen.add(sha256)
    found.papers.append(
        Paper(document=one.document, title=one.title, content=content, sha256=sha256, dated=one.dated, media=media)
    )


def _content(data: object) -> bytes | str:
    """Return the bytes of base64, or what is wrong with it."""
    if not isinstance(data, str) or not data.strip():
        return "expected base64 under data"
    if len(data) * 3 // 4 > MOST_BYTES + 2:
        return f"expected at most {MOST_BYTES:,} bytes"
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return "its data is no base64"


def _differs(content: bytes, attachment: Mapping[str, Any]) -> str | None:
    """Return whether a file is not the one that its attachment tells of: FHIR gives its size and its SHA-1."""
    size, told = attachment.get("size"), attachment.get("hash")
    if isinstance(size, int) and size != len(content):
        return f"expected {size:,} bytes as its size says, found {len(content):,}"
    if isinstance(told, str) and told:
        made = hashlib.sha1(content, usedforsecurity=False)
        if told.strip() not in (base64.b64encode(made.digest()).decode(), made.hexdigest()):
            return "its bytes are not those of its hash"
    return None


# ---- names and days


def _member(patient: Mapping[str, Any]) -> Patient:
    """Return the patient of the request as documents name one."""
    named = sorted(_dicts(patient.get("name")), key=lambda one: one.get("use") not in ("official", None))
    called = next((name for one in named if (name := _whole(one))), None)
    return Patient(name=called, birth_date=_day(patient.get("birthDate")))


def _whole(name: Mapping[str, Any]) -> str | None:
    given = name.get("given")
    parts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    family = _text(name.get("family"))
    return " ".join([*parts, family]).strip() if family and parts else _text(name.get("text")) or None


def _text(value: object) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _called(concept: object) -> str:
    """Return the words of a CodeableConcept."""
    if not isinstance(concept, dict):
        return ""
    shown = (_text(one.get("display")) for one in _dicts(concept.get("coding")))
    return _text(concept.get("text")) or next((one for one in shown if one), "")


def _day(value: object) -> str | None:
    """Return the day of a date or time as it is written; None where it is none."""
    found = _DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return found[0] if dates.read(found[0]).believed else None
    except ValueError:
        return None
