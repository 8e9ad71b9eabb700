"""Where the resources of a source go: to their member, to what all share, to the rejects. Bundles are taken apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import msgspec

from priorauth.population import heads
from priorauth.population.heads import NOBODY, READ, SHARED, Document, Entry, Head, Keys
from priorauth.population.rejects import Place
from priorauth.population.shard import Shard

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
            self.shard.take_all(keys, self.source, places, resources)
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
            found = heads.decoded(heads.DOCUMENT, resource)
            if isinstance(found, Document):
                self.bundle(found.entry, at)
            else:
                self.reject(at, str(found), "Bundle")
        elif not kind:
            self.reject(at, "expected a FHIR resource, with a resourceType")
        elif kind not in READ:
            self.shard.unread[kind[:_NAME]] += 1
        elif kind in SHARED:
            self.shard.read[kind] += 1
            self.shard.share("", resource)
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
        self.shard.take(key, self.source, at, resource)

    def bundle(self, entries: list[Entry], at: int | None) -> None:
        """Route the entries of a Bundle; ``at`` is its own place, None where each entry has one."""
        decoded: list[tuple[int, Entry, Head]] = []
        for turn, entry in enumerate(entries):
            if not entry.resource:
                continue
            place = turn if at is None else at
            head = heads.decoded(heads.HEAD, entry.resource)
            if not isinstance(head, Head):
                self.one(bytes(entry.resource), place)
                continue
            if not head.id:
                head.id = entry.fullUrl.rpartition(":")[2].rpartition("/")[2]
            decoded.append((place, entry, head))
        people = {f"Patient/{head.id}": entry.fullUrl for _, entry, head in decoded if head.resourceType == "Patient"}
        urls = {url: name for name, url in people.items() if url}
        alone = self.keys.of(next(iter(people))) if len(people) == 1 else None
        for place, entry, head in decoded:
            self._entry(place, entry, head, urls, alone)

    def _entry(self, at: int, entry: Entry, head: Head, urls: dict[str, str], alone: int | None) -> None:
        """Route one entry. What belongs to nobody goes with the patient of its Bundle, where there is only one."""
        kind = head.resourceType
        if kind in SHARED:
            key = alone
        elif kind not in READ or (kind == "Patient" and not head.id):
            key = None
        else:
            key = self.keys.of(f"Patient/{head.id}" if kind == "Patient" else urls.get(head.whose, head.whose))
        if key is not None:
            self.shard.read[kind] += 1
            self.shard.take(key, self.source, at, msgspec.json.encode(entry), entry=True)
        elif kind in SHARED:
            self.shard.read[kind] += 1
            self.shard.share(entry.fullUrl, bytes(entry.resource))
        else:
            self.route(head, bytes(entry.resource), at)


_OF_MEMBERS: Final = READ - SHARED - {"Patient"}
