"""Where the resources of a source go: to their member, to what all share, to the rejects. Bundles are taken apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec

from priorauth.errors import InputRefused
from priorauth.fhir.limits import MAX_ENTRIES, checked
from priorauth.fhir.references import tail
from priorauth.population.ingest import deleted, heads
from priorauth.population.ingest.bases import NO_SERVER, base_of, label_of_urn
from priorauth.population.ingest.heads import NOBODY, READ, SHARED, Document, Entry, Head, Item, Keys, Request
from priorauth.population.ingest.instants import UNKNOWN, instant
from priorauth.population.ingest.rejects import Place
from priorauth.population.ingest.shard import Shard

AT_ONCE: Final = 4_000
"""Lines decoded in one go; where one of them is broken, that many are decoded one by one."""
_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Router:
    """Routes the resources of source number ``source`` into a shard; ``place`` says what their places count."""

    shard: Shard
    source: int
    place: Place
    keys: Keys = field(default_factory=Keys)

    def many(self, resources: list[bytes], places: list[int]) -> None:
        """Route many resources: decoded together, and one by one only where that fails."""
        try:
            found = heads.HEADS.decode(b"[" + b",".join(resources) + b"]")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            found = []
        if len(found) != len(resources):
            for resource, at in zip(resources, places, strict=True):
                self.one(resource, at)
            return
        kinds = [head.resourceType for head in found]
        whose = [(head.subject or head.patient or head.beneficiary or NOBODY).reference for head in found]
        if set(kinds) <= _OF_MEMBERS and (keys := self.keys.of_all(whose)) is not None:
            self.shard.read.update(Counter(kinds))
            self.shard.take_all(keys, self.source, places, resources, self.keys.servers(whose))
            return
        for head, resource, at in zip(found, resources, places, strict=True):
            self.route(head, resource, at)

    def one(self, resource: bytes, at: int) -> None:
        """Route one resource, or say why not; an empty line is nothing."""
        if not resource.strip():
            return
        head = heads.decoded(heads.HEAD, resource)
        if isinstance(head, Head):
            self.route(head, resource, at)
            return
        typed = heads.decoded(heads.TYPED, resource)
        if isinstance(typed, heads.Typed) and typed.resourceType and typed.resourceType not in READ:
            self.shard.unread[typed.resourceType[:_NAME]] += 1
        else:
            self.reject(at, str(head))

    def reject(self, at: int, reason: str, resource: str = "") -> None:
        """Say that something is not used."""
        self.shard.reject(self.source, at, self.place, reason, resource)

    def route(self, head: Head, resource: bytes, at: int) -> None:
        """Send a resource where it belongs."""
        kind = head.resourceType
        if kind == "Bundle":
            self._nested(resource, at)
        elif not kind:
            self.reject(at, "expected a FHIR resource, with a resourceType")
        elif kind not in READ:
            self.shard.unread[kind[:_NAME]] += 1
        elif kind in SHARED:
            self.shard.read[kind] += 1
            self.shard.share(self.source, at, self.place, "", resource)
        else:
            self._to_member(head, resource, at)

    def _to_member(self, head: Head, resource: bytes, at: int) -> None:
        kind = head.resourceType
        if kind == "Patient" and not head.id:
            self.reject(at, "expected an id", "Patient")
            return
        reference = f"Patient/{head.id}" if kind == "Patient" else head.whose
        key = self.keys.of(reference)
        if key is None:
            said = "expected a reference to a Patient by its id" if reference else "names no patient"
            self.reject(at, said, f"{kind}/{head.id[:_NAME]}")
            return
        self.shard.read[kind] += 1
        self.shard.take(key, self.source, at, resource, server=self.keys.server(reference))

    def _nested(self, resource: bytes, at: int) -> None:
        """Route a Bundle that stands among other resources, within the limits of any Bundle."""
        try:
            found = heads.decoded(heads.DOCUMENT, checked(bytes(resource), "Bundle"))
        except InputRefused as refused:
            found = refused.faults[0].within
        if isinstance(found, Document):
            self.bundle(found, at)
        else:
            self.reject(at, str(found), "Bundle")

    def delete(self, at: int, url: str, when: int) -> None:
        """Take note of a deletion; of what is not read there is nothing to note."""
        kind, _, ident = tail(url).partition("/")
        if not ident or "?" in url:
            self.reject(at, "expected the deletion of one resource by type and id")
        elif kind in READ:
            self.shard.deleted.append((deleted.key(kind, ident), self.keys.server(url), when, self.source))

    def bundle(self, found: Document, at: int | None) -> None:
        """Route the entries of a Bundle; ``at`` is its own place, None where each entry has one."""
        if len(found.entry) > MAX_ENTRIES:
            self.reject(at or 0, f"expected at most {MAX_ENTRIES:,} entries, found {len(found.entry):,}", "Bundle")
            return
        decoded: list[tuple[int, Item, Head]] = []
        for turn, entry in enumerate(found.entry):
            place = turn if at is None else at
            if entry.request and self._deletes(entry, place, found):
                continue
            if not entry.resource:
                continue
            head = heads.decoded(heads.HEAD, entry.resource)
            if not isinstance(head, Head):
                self.one(bytes(entry.resource), place)
                continue
            if not head.id:
                head.id = entry.fullUrl.rpartition(":")[2].rpartition("/")[2]
            decoded.append((place, entry, head))
        people = _People({}, {})
        for _, entry, head in decoded:
            if head.resourceType == "Patient":
                people.urls.setdefault(f"Patient/{head.id}", set()).add(entry.fullUrl)
                people.names[entry.fullUrl or f"Patient/{head.id}"] = f"Patient/{head.id}"
        for place, entry, head in decoded:
            self._entry(place, entry, head, people)

    def _deletes(self, entry: Item, at: int, found: Document) -> bool:
        """Whether an entry is a deletion, and take note of it."""
        request = heads.decoded(heads.REQUEST, entry.request)
        if not isinstance(request, Request) or request.method.upper() != "DELETE":
            return False
        said = heads.decoded(heads.TEXT, found.timestamp) if found.timestamp else ""
        when = UNKNOWN if not isinstance(said, str) else instant(said)
        self.delete(at, request.url, when)
        return True

    def _entry(self, at: int, entry: Item, head: Head, people: _People) -> None:
        """Route one entry. What belongs to nobody goes with the patient of its Bundle, where there is only one."""
        kind = head.resourceType
        if kind in SHARED:
            whose = next(iter(people.urls)) if len(people.urls) == 1 else ""
        else:
            whose = f"Patient/{head.id}" if kind == "Patient" else head.whose
        name = people.names.get(whose, whose)
        key = self.keys.of(name) if kind in READ and (kind != "Patient" or head.id) else None
        if key is not None:
            self.shard.read[kind] += 1
            stored = msgspec.json.encode(Entry(entry.fullUrl, entry.resource))
            server = self._server(kind, whose, entry.fullUrl, people.urls.get(name, set()))
            self.shard.take(key, self.source, at, stored, entry=True, server=server)
        elif kind in SHARED:
            self.shard.read[kind] += 1
            self.shard.share(self.source, at, self.place, entry.fullUrl, bytes(entry.resource))
        else:
            self.route(head, bytes(entry.resource), at)

    def _server(self, kind: str, whose: str, own: str, urls: set[str]) -> int:
        """Return the label of the server of an entry's patient.

        It is that of the reference, where that is absolute; a relative one means the server of the entry itself, else
        the patient of the Bundle (``urls``: the fullUrls of patients of that id).
        """
        patient = next(iter(urls)) if len(urls) == 1 else ""
        looked: tuple[str, ...] = (whose, own, patient)
        if kind in SHARED:
            looked = (patient, own)
        elif kind == "Patient":
            looked = (own, patient)
        for url in looked:
            if base_of(url):
                return self.keys.server(url)
            if url in urls and url.startswith("urn:"):
                return label_of_urn(url)
        return NO_SERVER


class _People(NamedTuple):
    """The patients of a Bundle: the fullUrls of each by ``Patient/id``, and the name of each by its fullUrl."""

    urls: dict[str, set[str]]
    names: dict[str, str]


@contextmanager
def routing(shard: Shard, source: int, place: Place) -> Iterator[Router]:
    """Route a source; which servers it names is noted at its end."""
    router = Router(shard, source, place)
    try:
        yield router
    finally:
        shard.done.named.extend((source, base) for base in router.keys.bases.values())


_OF_MEMBERS: Final = READ - SHARED - {"Patient"}
