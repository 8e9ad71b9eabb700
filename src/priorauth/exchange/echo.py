"""What a response echoes of its request: resources under the fullUrl they came with, and all that they refer to.

References follow FHIR's rule for Bundles (R4, "Resolving references in Bundles"): an absolute one is a fullUrl, a
relative one stands on the base of the fullUrl of what refers. Where that finds nothing, a resource of the Bundle is
known by type and id, as the record's reader knows it. An entry without a fullUrl that may stand is given a urn:uuid
drawn from its content; so is a contained resource, which becomes an entry of its own.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import msgspec
from msgspec import Raw

from priorauth.errors import Fault, InputRefused
from priorauth.fhir import bundle as record
from priorauth.fhir.limits import MAX_BYTES
from priorauth.fhir.references import id_of, tail

Json = dict[str, Any]
_NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:priorauth:response")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_UUID: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ON_SERVER: Final = re.compile(r"(?P<base>https?://\S+/)(?P<kind>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})")


def named(text: str) -> str:
    """Return a urn:uuid that is the same for the same text."""
    return uuid.uuid5(_NAMES, text).urn


class Sent:
    """A resource as it was sent; ``inside`` is the resource that contains it, None for an entry of the Bundle."""

    def __init__(self, kind: str, source: bytes | Json, sent_url: str, inside: Sent | None = None) -> None:
        """Keep it undecoded, until it is looked at."""
        self.kind, self.sent_url, self.inside, self._source = kind, sent_url, inside, source

    @cached_property
    def resource(self) -> Json:
        """Return its JSON."""
        found: Json = self._source if isinstance(self._source, dict) else msgspec.json.decode(self._source)
        return found

    @cached_property
    def full_url(self) -> str:
        """Return the fullUrl it came with, or the one it is given."""
        if (kept := _kept(self.sent_url)) is not None:
            return kept
        if self.inside is not None:
            return named(f"{self.inside.full_url}#{self.resource.get('id')}")
        return named(msgspec.json.encode(self.resource, order="sorted").decode())

    @property
    def base(self) -> str | None:
        """Return the server it stands on, up to the last slash before the type; None where it stands on none."""
        found = _ON_SERVER.fullmatch(self.full_url if self.inside is None else self.inside.full_url)
        return found["base"] if found else None


def _kept(sent_url: str) -> str | None:
    """Return a fullUrl that may stand: an absolute URL, or a urn:uuid in lower case; else None."""
    if sent_url[:9].lower() == "urn:uuid:":
        return sent_url.lower() if _UUID.fullmatch(sent_url.lower()) else None
    return sent_url if _SCHEME.fullmatch(sent_url) and not sent_url.lower().startswith("urn:oid:") else None


class _Entry(msgspec.Struct):
    fullUrl: Any = None  # noqa: N815  # FHIR's own name
    resource: Raw = Raw()


class _Bundle(msgspec.Struct):
    timestamp: Any = None
    entry: list[_Entry] = []


class _Head(msgspec.Struct):
    resourceType: str  # noqa: N815  # FHIR's own name
    id: str = ""


class SentBundle:
    """The resources of a request Bundle by fullUrl and by ``Type/id``; they are decoded as they are looked at."""

    def __init__(self, source: bytes | Mapping[str, object], name: str) -> None:
        """Parse within the limits of every reader; raises InputRefused."""
        data = record.as_json(source, name, max_bytes=MAX_BYTES)
        try:
            found = msgspec.json.decode(data, type=_Bundle)
            self._entries = list(_sent(found.entry))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise InputRefused(record.said(name, fault)) from fault
        self.timestamp = found.timestamp
        self._name = name
        self._by_url: dict[str, Sent] = {}
        self._by_name: dict[str, list[Sent]] = {}
        self._lifted: dict[tuple[str, str], Sent] = {}
        for known, sent in self._entries:
            for url in (sent.sent_url, _kept(sent.sent_url)):
                if url:
                    self._by_url.setdefault(url, sent)
            self._by_name.setdefault(known, []).append(sent)

    def claim(self, name: str) -> Sent:
        """Return the Claim of a determination; the first one where none is named."""
        for sent in self._by_name.get(name, ()) if name else self.all("Claim"):
            return sent
        raise InputRefused(Fault(self._name, None, f"{name} is not in the Bundle"))

    def all(self, *kinds: str) -> Iterator[Sent]:
        """Return the entries of some types."""
        return (sent for _, sent in self._entries if sent.kind in kinds)

    def find(self, reference: object, owner: Sent) -> Sent | None:
        """Return what a reference of ``owner`` means, None where it is not in the Bundle."""
        if not isinstance(reference, Mapping):
            return None
        literal, identifier = reference.get("reference"), reference.get("identifier")
        if isinstance(literal, str) and literal:
            return self._inside(owner, literal[1:]) if literal.startswith("#") else self._literal(literal, owner)
        if isinstance(identifier, Mapping) and identifier.get("value"):
            return self._identified(identifier, reference.get("type"))
        return None

    def _literal(self, literal: str, owner: Sent) -> Sent | None:
        plain = literal.partition("/_history/")[0]
        if (found := self._by_url.get(plain)) is not None:
            return found
        if not _SCHEME.fullmatch(plain) and (found := self._by_url.get(f"{owner.base}{plain}")) is not None:
            return found
        if plain.startswith("urn:"):
            ident = plain.rpartition(":")[2]
            return next(
                (sent for _, sent in self._entries if not sent.sent_url and sent.resource.get("id") == ident), None
            )
        held = self._by_name.get(tail(plain) or plain, [])
        elsewhere = [sent for sent in held if "://" not in sent.sent_url]
        return next(iter(elsewhere if "://" in plain else [*elsewhere, *held]), None)

    def _identified(self, identifier: Mapping[str, Any], kind: object) -> Sent | None:
        wanted = (identifier.get("system"), identifier["value"])
        for sent in self.all("Organization", "Patient", "Practitioner", "PractitionerRole", "Coverage"):
            held = sent.resource.get("identifier")
            if kind in (None, "", sent.kind) and isinstance(held, list):
                for one in held:
                    if isinstance(one, Mapping) and (one.get("system"), one.get("value")) == wanted:
                        return sent
        return None

    def _inside(self, owner: Sent, wanted: str) -> Sent | None:
        """Return a contained resource; ``#`` alone is the one that contains."""
        outer = owner.inside or owner
        if not wanted:
            return outer
        key = (outer.full_url, wanted)
        if key not in self._lifted:
            held = outer.resource.get("contained")
            for one in held if isinstance(held, list) else ():
                if isinstance(one, dict) and str(one.get("id", "")).removeprefix("#") == wanted:
                    self._lifted.setdefault(key, Sent(str(one.get("resourceType")), one, "", outer))
        return self._lifted.get(key)

    def echo(self, parties: Iterable[Sent]) -> list[Json]:
        """Return the entries of resources and of all that they refer to, each once."""
        waiting, done = list(parties), dict[str, Json]()
        for sent in waiting:  # grows as it is walked
            if sent.full_url not in done:
                done[sent.full_url] = {"fullUrl": sent.full_url, "resource": self._echoed(sent, waiting)}
        return list(done.values())

    def _echoed(self, sent: Sent, waiting: list[Sent]) -> Json:
        made: Json = self._resolving(sent.resource, sent, waiting)
        on_server = _ON_SERVER.fullmatch(sent.full_url)
        if sent.inside is not None:
            made.pop("id", None)
        elif on_server and not made.get("id"):
            made = {"resourceType": made.pop("resourceType"), "id": on_server["id"], **made}
        return made

    def _resolving(self, value: Any, owner: Sent, waiting: list[Sent]) -> Any:  # noqa: ANN401  # JSON
        """Copy JSON with references that resolve in the response."""
        if isinstance(value, list):
            return [self._resolving(part, owner, waiting) for part in value]
        if not isinstance(value, dict):
            return value
        made = {key: self._resolving(part, owner, waiting) for key, part in value.items()}
        literal = value.get("reference")
        if not isinstance(literal, str) or (literal.startswith("#") and owner.inside is None):
            return made
        target = self.find({"reference": literal}, owner)
        if target is not None:
            waiting.append(target)
            if f"{owner.base}{literal}" != target.full_url:
                made["reference"] = target.full_url
        elif owner.base is None and not _SCHEME.fullmatch(literal):
            del made["reference"]
            if not made.keys() & {"display", "identifier"}:
                made["display"] = literal
        return made


def _sent(entries: Iterable[_Entry]) -> Iterator[tuple[str, Sent]]:
    """Yield the resources of a Bundle with the name by which the record knows each."""
    for place, entry in enumerate(entries):
        try:
            head = msgspec.json.decode(entry.resource, type=_Head)
        except msgspec.ValidationError:
            continue
        url = entry.fullUrl if isinstance(entry.fullUrl, str) else ""
        yield f"{head.resourceType}/{head.id or id_of(url, place)}", Sent(head.resourceType, bytes(entry.resource), url)
