"""What belongs to no member: organizations, clinicians, medications. A record gets those that it refers to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from priorauth.fhir import bundle
from priorauth.fhir.elements import Reference, Resource
from priorauth.fhir.references import tail
from priorauth.fhir.structs import PractitionerRole
from priorauth.population.ingest import heads
from priorauth.population.ingest.bases import NO_SERVER, base_of, label
from priorauth.population.ingest.deleted import Deletions
from priorauth.population.ingest.heads import SHARED
from priorauth.population.ingest.rejects import Reject
from priorauth.population.ingest.servers import Origin
from priorauth.population.ingest.shard import Common

_OF_A_KIND: Final = b"|".join(rb'(?<=["/](%s)/)' % kind.encode() for kind in sorted(SHARED))
_NAMED: Final = re.compile(rb'/(?:%s)([A-Za-z0-9.\-]{1,64})["/]' % _OF_A_KIND)
"""A name by its slash, since a text has few of them; one of the groups is the type, the last one the id."""
_URN: Final = re.compile(rb'"(urn:[^"\\]{1,200})"')


def mentions(text: bytes, *, urns: bool = True) -> Iterator[tuple[int, bytes]]:
    """Yield the names of what resources may refer to, as they were written, each with a place within its resource."""
    for match in _NAMED.finditer(text):
        yield match.start(), b"/".join(filter(None, match.groups()))
    if urns:
        for match in _URN.finditer(text):
            yield match.start(), match[1]


class _Held(NamedTuple):
    server: int
    url: str
    resource: Any
    text: bytes


class Shared:
    """Shared resources by ``Type/id`` and by fullUrl; of two servers' resources of one name a record gets its own's.

    All versions of a resource are given, in the order of the input: the record says which one counts.
    """

    def __init__(
        self, entries: Iterable[Common], origins: Sequence[Origin] = (), deletions: Deletions | None = None
    ) -> None:
        """Decode them; what cannot be decoded is in ``broken``; ``deleted`` counts what no longer exists."""
        self._held: dict[bytes, list[_Held]] = {}
        self._roles: dict[str, list[bytes]] = {}
        self._urns = False
        self.broken: list[Reject] = []
        self.deleted = 0
        decoder = bundle.decoder()
        for entry in sorted(entries, key=lambda entry: (entry.source, entry.at)):
            resource = heads.decoded(decoder, entry.resource)
            if not isinstance(resource, Resource):
                said = f"a resource that all share: {resource}"
                self.broken.append(Reject(entry.source, entry.at, entry.place, said, entry.url[:200]))
                continue
            if not resource.id:
                resource.id = tail(entry.url).rpartition("/")[2] or entry.url.rpartition(":")[2]
            origin = origins[entry.source] if origins else Origin()
            server = label(base_of(entry.url)) or origin.server
            if deletions and deletions.of([(resource.kind, resource.id)]):
                servers = {server, origin.server} - {NO_SERVER}
                if deletions.counts(resource.kind, resource.id, servers, entry.source, entry.resource):
                    self.deleted += 1
                    continue
            self._keep(_Held(server, entry.url, resource, bytes(entry.resource)))

    def _keep(self, one: _Held) -> None:
        resource = one.resource
        name = f"{resource.kind}/{resource.id}".encode()
        first = name not in self._held
        copies = [held for held in self._held.get(name, ()) if held.server == one.server]
        others = [held for held in self._held.get(name, ()) if held.server != one.server]
        if all(held.text != one.text or held.url != one.url for held in copies):
            self._held[name] = [*others, *copies, one]
        if first and isinstance(resource, PractitionerRole) and resource.practitioner is not None:
            self._roles.setdefault(tail(resource.practitioner.reference), []).append(name)
        if one.url.startswith("urn:"):
            self._urns = True
            self._held.setdefault(one.url.encode(), [one])

    @property
    def urns(self) -> bool:
        """Whether something is known by a ``urn:``."""
        return self._urns

    def of(
        self, texts: Iterable[bytes], servers: Collection[int] = (), names: Iterable[bytes] = ()
    ) -> Iterator[tuple[str, Any]]:
        """Yield what some resources refer to, with its fullUrl, and what that refers to in turn; ``names``: more of it.

        ``servers`` are those of the record: where a name is known of several servers, those alone are meant.
        """
        if not self._held:
            return
        waiting = {name for _, name in mentions(b"\n".join(texts), urns=self._urns)} | {*names}
        given: set[int] = set()
        seen: set[bytes] = set()
        while waiting:
            name = min(waiting)
            waiting.discard(name)
            seen.add(name)
            meant = _meant(self._held.get(name, []), servers)
            base = next((base for held in meant if (base := base_of(held.url))), "")
            for held in meant:
                if id(held.resource) in given:
                    continue
                given.add(id(held.resource))
                yield held.url or (f"{base}/{held.resource.kind}/{held.resource.id}" if base else ""), held.resource
                waiting |= set(self._onward(name, held.resource)) - seen

    def changed(self, before: Shared) -> set[bytes]:
        """Return the names that stand for something else than before, and those that lead on to one of them."""
        mine, theirs = self.written, before.written
        found = {name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)}
        leads: dict[bytes, set[bytes]] = {}
        for name, further in (*self.links(), *before.links()):
            leads.setdefault(further, set()).add(name)
        waiting = sorted(found)
        while waiting:
            new = leads.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    @property
    def written(self) -> dict[bytes, list[tuple[int, str, bytes]]]:
        """What stands for each name: the server, the fullUrl and the text of each version."""
        return {name: [(one.server, one.url, one.text) for one in held] for name, held in self._held.items()}

    def links(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield each name with a name that it leads on to."""
        for name, held in self._held.items():
            for one in held:
                yield from ((name, further) for further in self._onward(name, one.resource))

    def _onward(self, name: bytes, resource: Any) -> Iterator[bytes]:  # noqa: ANN401  # any resource
        yield from self._roles.get(name.decode(), ())
        for element in ("practitioner", "organization"):
            reference: Reference | None = getattr(resource, element, None)
            if reference is not None:
                yield (tail(reference.reference) or reference.reference).encode()


def _meant(held: list[_Held], servers: Collection[int]) -> list[_Held]:
    """Of resources of one name, give those of the record's servers; where that cannot be told, none."""
    if len(held) < 2 or len({one.server for one in held} - {NO_SERVER}) < 2:  # noqa: PLR2004  # of one server
        return held
    return [one for one in held if one.server in servers]
