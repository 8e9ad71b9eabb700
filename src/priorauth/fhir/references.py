"""What a reference means: relative, absolute, ``urn:uuid``, contained, with a version, or by business identifier."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from priorauth.fhir.elements import Identifier, Reference, Resource


def name_of(resource: Resource) -> str:
    """Return ``Type/id``."""
    return f"{resource.kind}/{resource.id}"


def tail(reference: str) -> str:
    """Return ``Type/id`` of a literal reference without its base and its version; "" where it has none."""
    plain = reference.partition("/_history/")[0].rstrip("/")
    parts = plain.split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2].isalpha() else ""


def server_of(full_url: str) -> str:
    """Return the base of the server that a fullUrl names: what stands before ``/Type/id``; "" where it names none."""
    return full_url.rsplit("/", 2)[0] if "://" in full_url else ""


def id_of(full_url: str, place: int) -> str:
    """Return the id of a resource that has none: the tail of its fullUrl, else its place (from 0) in the Bundle."""
    return full_url.rpartition(":")[2].rpartition("/")[2] or f"entry-{place + 1}"


class References:
    """The resources of a Bundle by fullUrl, by ``Type/id`` and by business identifier.

    A relative reference means the resource of the same server (R4, bundle.html, "Resolving references in Bundles"):
    one whose fullUrl is the base of the owner's with the reference after it. Where the owner, or what is referred to,
    names no server, the one resource of that name is meant. What is hidden is found only by who asks for it.
    """

    def __init__(self, decoder: msgspec.json.Decoder[Any]) -> None:
        """Take the decoder for contained resources."""
        self._decoder = decoder
        self._by_url: dict[str, Resource] = {}
        self._by_name: dict[str, list[tuple[str, Resource]]] = {}
        self._without_url: dict[str, Resource] = {}
        self._by_identifier: dict[tuple[str, str], list[Resource]] = {}
        self._contained: dict[int, tuple[Resource, dict[str, Resource]]] = {}
        self._containers: dict[int, Resource] = {}
        self._servers: dict[int, str] = {}
        self._told: dict[int, str] = {}
        self._hidden: set[int] = set()
        self._readings: set[str] = set()

    def add(self, full_url: str, resource: Resource, *, hidden: bool = False) -> None:
        """Take in one resource; ``hidden``: nothing that refers to it counts."""
        if full_url:
            self._by_url.setdefault(full_url, resource)
            self.place(server_of(full_url), resource)
        else:
            self._without_url.setdefault(resource.id, resource)
        self._by_name.setdefault(name_of(resource), []).append((full_url, resource))
        for identifier in identifiers(resource):
            self._by_identifier.setdefault(pair(identifier), []).append(resource)
        if hidden:
            self._hidden.add(id(resource))

    def hide(self, resource: Resource) -> None:
        """Let nothing that refers to a resource count."""
        self._hidden.add(id(resource))

    def also(self, full_url: str, resource: Resource) -> None:
        """Let a further fullUrl mean a resource that was taken in."""
        self._by_url.setdefault(full_url, resource)

    def place(self, server: str, resource: Resource) -> None:
        """Note the server of a resource, which its own references go by."""
        if server:
            self._servers[id(resource)] = server

    def server(self, owner: Resource) -> str:
        """Return the server that the references of a resource, or of what contains it, go by; "" where it has none."""
        return self._servers.get(id(self._containers.get(id(owner), owner)), "")

    def readings(self, heads: Iterable[tuple[str, str, Resource]]) -> None:
        """Note which readings are in the Bundle, each with its server and fullUrl; they are not kept here."""
        for server, full_url, head in heads:
            self._readings.add(head.id)
            if server:
                self._servers[id(head)] = server
            elif full_url:
                self._readings.add(full_url)

    def has_reading(self, reference: Reference) -> bool:
        """Return whether a reference is to a reading that is in the Bundle."""
        literal = reference.reference.partition("/_history/")[0]
        kind, _, name = tail(literal).partition("/")
        return literal in self._readings or (kind == "Observation" and name in self._readings)

    def find(
        self, reference: Reference | None, owner: Resource | None = None, *, hidden: bool = False
    ) -> Resource | None:
        """Return the resource that is meant, or None; ``owner`` is the resource whose reference it is.

        ``hidden``: also one that does not count.
        """
        if reference is None:
            return None
        literal = reference.reference
        if literal.startswith("#"):
            found = None if owner is None else self._inside(self._containers.get(id(owner), owner), literal[1:])
        elif literal:
            found = self._literal(literal, owner)
        else:
            found = None if reference.identifier is None else self._logical(reference.identifier, reference.type)
        return None if found is not None and id(found) in self._hidden and not hidden else found

    def key(self, reference: Reference | None, owner: Resource | None = None) -> str | None:
        """Return a text that is the same for every way of naming one thing, in this Bundle or outside; or None."""
        return None if reference is None else self._key(reference, owner, self.find(reference, owner))

    def _key(self, reference: Reference, owner: Resource | None, found: Resource | None) -> str | None:
        """As ``key``, of a reference that was found or was not."""
        if found is not None and reference.reference.startswith("#"):
            own = next(iter(identifiers(found)), None)
            inside = f"{'' if owner is None else name_of(owner)}{reference.reference}"
            return inside if own is None else "|".join(pair(own))
        if found is not None:
            return name_of(found)
        if reference.reference:
            return tail(reference.reference) or reference.reference
        if reference.identifier is not None and reference.identifier.value:
            return "|".join(pair(reference.identifier))
        return None

    def keys(self, reference: Reference | None, owner: Resource | None = None) -> set[str]:
        """Return every text by which what is meant may be known elsewhere: its name, and all of its identifiers."""
        if reference is None:
            return set()
        found = self.find(reference, owner)
        key = self._key(reference, owner, found)
        known = [] if found is None else identifiers(found)
        if reference.identifier is not None and reference.identifier.value:
            known = [*known, reference.identifier]
        return {"|".join(pair(one)) for one in known} | ({key} if key is not None else set())

    def _literal(self, literal: str, owner: Resource | None) -> Resource | None:
        plain = literal.partition("/_history/")[0]
        if (found := self._by_url.get(plain)) is not None:
            return found
        if plain.startswith("urn:"):
            return self._without_url.get(plain.rpartition(":")[2])
        held = self._by_name.get(tail(plain) or plain, [])
        if "://" in plain:
            return self._abroad(plain, [one for url, one in held if "://" not in url])
        server = "" if owner is None else self.server(owner)
        if server:
            if (found := self._by_url.get(f"{server}/{plain}")) is not None:
                return found
            held = [(url, one) for url, one in held if "://" not in url]
        return held[0][1] if len(held) == 1 else None

    def _abroad(self, literal: str, held: list[Resource]) -> Resource | None:
        """Return the resource of an absolute reference that names no fullUrl: one without a server, and of one only."""
        if len(held) != 1:
            return None
        return held[0] if self._told.setdefault(id(held[0]), server_of(literal)) == server_of(literal) else None

    def _logical(self, identifier: Identifier, kind: str) -> Resource | None:
        held = self._by_identifier.get(pair(identifier), ())
        return next((one for one in held if kind in ("", one.kind)), None)

    def _inside(self, owner: Resource, wanted: str) -> Resource | None:
        """Return what a resource contains; what is contained refers to its siblings by the same container."""
        held = self._contained.get(id(owner))
        if held is None:
            found: dict[str, Resource] = {}
            for raw in owner.contained:
                try:
                    inner = self._decoder.decode(raw)
                except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                    continue
                if isinstance(inner, Resource):
                    found[inner.id.removeprefix("#")] = inner
                    self._containers[id(inner)] = owner
            held = self._contained[id(owner)] = (owner, found)
        return held[1].get(wanted)

    def contained(self, owner: Resource) -> list[Resource]:
        """Return every resource that a resource contains and that can be read."""
        self._inside(owner, "")
        return list(self._contained[id(owner)][1].values())


_NPI: Final = "http://hl7.org/fhir/sid/us-npi"
_SAME_SYSTEM: Final = {"urn:oid:2.16.840.1.113883.4.6": _NPI, "https://hl7.org/fhir/sid/us-npi": _NPI}


def pair(identifier: Identifier) -> tuple[str, str]:
    """Return an identifier as it is compared; the system of national provider identifiers has two names."""
    system = identifier.system.strip().rstrip("/")
    return _SAME_SYSTEM.get(system, system), identifier.value.strip()


def identifiers(resource: Resource) -> list[Identifier]:
    """Return the business identifiers that have a value."""
    return [one for one in getattr(resource, "identifier", ()) if one.value]
