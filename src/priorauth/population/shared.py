"""What belongs to no member: organizations, clinicians, medications. A record gets those that it refers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from priorauth.population import heads
from priorauth.population.heads import SHARED, Entry
from priorauth.record import bundle
from priorauth.record.elements import Reference, Resource
from priorauth.record.references import tail
from priorauth.record.structs import PractitionerRole

_NAMED: Final = re.compile(rb'["/]((?:%s)/[A-Za-z0-9.\-]{1,64})["/]' % "|".join(sorted(SHARED)).encode())
_URN: Final = re.compile(rb'"(urn:[^"\\]{1,200})"')


class Shared:
    """Shared resources by ``Type/id`` and by fullUrl; of two with the same name the first counts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Decode them; what cannot be decoded is in ``broken``, by name, with the reason."""
        self._held: dict[bytes, tuple[str, Any]] = {}
        self._roles: dict[str, list[bytes]] = {}
        self._urns = False
        self.broken: list[tuple[str, str]] = []
        decoder = bundle.decoder()
        for entry in entries:
            resource = heads.decoded(decoder, entry.resource)
            if isinstance(resource, Resource):
                self._keep(entry.fullUrl, resource)
            else:
                self.broken.append((entry.fullUrl, str(resource)))

    def _keep(self, url: str, resource: Resource) -> None:
        if not resource.id:
            resource.id = tail(url).rpartition("/")[2] or url.rpartition(":")[2]
        name = f"{resource.kind}/{resource.id}".encode()
        if name not in self._held:
            self._held[name] = (url, resource)
            if isinstance(resource, PractitionerRole) and resource.practitioner is not None:
                self._roles.setdefault(tail(resource.practitioner.reference), []).append(name)
        if url.startswith("urn:"):
            self._urns = True
            self._held.setdefault(url.encode(), (url, resource))

    def of(self, texts: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
        """Give what some resources refer to, with its fullUrl, and what that refers to in turn."""
        if not self._held:
            return
        patterns = (_NAMED, _URN) if self._urns else (_NAMED,)
        waiting = {name for text in texts for pattern in patterns for name in pattern.findall(text)}
        given: set[int] = set()
        seen: set[bytes] = set()
        while waiting:
            name = min(waiting)
            waiting.discard(name)
            seen.add(name)
            held = self._held.get(name)
            if held is None or id(held[1]) in given:
                continue
            given.add(id(held[1]))
            yield held
            waiting |= set(self._onward(name, held[1])) - seen

    def _onward(self, name: bytes, resource: Any) -> Iterator[bytes]:  # noqa: ANN401  # any resource
        yield from self._roles.get(name.decode(), ())
        for element in ("practitioner", "organization"):
            reference: Reference | None = getattr(resource, element, None)
            if reference is not None:
                yield (tail(reference.reference) or reference.reference).encode()
