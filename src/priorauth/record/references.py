"""What a reference means: relative, absolute, ``urn:uuid``, contained, with a version, or by business identifier."""

from __future__ import annotations

from typing import Any

import msgspec

from priorauth.record.elements import Identifier, Reference, Resource


def name_of(resource: Resource) -> str:
    """Give ``Type/id``."""
    return f"{resource.kind}/{resource.id}"


def tail(reference: str) -> str:
    """Give ``Type/id`` of a literal reference without its base and its version; "" where it has none."""
    plain = reference.partition("/_history/")[0].rstrip("/")
    parts = plain.split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 and parts[-2].isalpha() else ""


class References:
    """The resources of a Bundle by fullUrl, by ``Type/id``, by id alone and by business identifier."""

    def __init__(self, decoder: msgspec.json.Decoder[Any]) -> None:
        """Take the decoder for contained resources."""
        self._decoder = decoder
        self._by_url: dict[str, Resource] = {}
        self._by_name: dict[str, list[tuple[str, Resource]]] = {}
        self._without_url: dict[str, Resource] = {}
        self._by_identifier: dict[tuple[str, str], list[Resource]] = {}
        self._contained: dict[int, tuple[Resource, dict[str, Resource]]] = {}

    def add(self, full_url: str, resource: Resource) -> None:
        """Take in one resource."""
        if full_url:
            self._by_url.setdefault(full_url, resource)
        else:
            self._without_url.setdefault(resource.id, resource)
        self._by_name.setdefault(name_of(resource), []).append((full_url, resource))
        for identifier in identifiers(resource):
            self._by_identifier.setdefault((identifier.system, identifier.value), []).append(resource)

    def find(self, reference: Reference | None, owner: Resource | None = None) -> Resource | None:
        """Give the resource that is meant, or None; ``owner`` is the resource whose reference it is."""
        if reference is None:
            return None
        literal = reference.reference
        if literal.startswith("#"):
            return None if owner is None else self._inside(owner, literal[1:])
        if literal:
            return self._literal(literal)
        return None if reference.identifier is None else self._logical(reference.identifier, reference.type)

    def key(self, reference: Reference | None, owner: Resource | None = None) -> str | None:
        """Give a text that is the same for every way of naming the same thing, in this Bundle or outside; else None."""
        if reference is None:
            return None
        found = self.find(reference, owner)
        if found is not None and reference.reference.startswith("#"):
            own = next(iter(identifiers(found)), None)
            inside = f"{'' if owner is None else name_of(owner)}{reference.reference}"
            return inside if own is None else f"{own.system}|{own.value}"
        if found is not None:
            return name_of(found)
        if reference.reference:
            return tail(reference.reference) or reference.reference
        if reference.identifier is not None and reference.identifier.value:
            return f"{reference.identifier.system}|{reference.identifier.value}"
        return None

    def _literal(self, literal: str) -> Resource | None:
        plain = literal.partition("/_history/")[0]
        if (found := self._by_url.get(plain)) is not None:
            return found
        if plain.startswith("urn:"):
            return self._without_url.get(plain.rpartition(":")[2])
        absolute = "://" in plain
        for url, held in self._by_name.get(tail(plain) or plain, ()):
            if not absolute or "://" not in url:
                return held
        return None

    def _logical(self, identifier: Identifier, kind: str) -> Resource | None:
        held = self._by_identifier.get((identifier.system, identifier.value), ())
        return next((one for one in held if kind in ("", one.kind)), None)

    def _inside(self, owner: Resource, wanted: str) -> Resource | None:
        held = self._contained.get(id(owner))
        if held is None:
            found: dict[str, Resource] = {}
            for raw in owner.contained:
                try:
                    inner = self._decoder.decode(raw)
                except (msgspec.DecodeError, RecursionError):
                    continue
                if isinstance(inner, Resource):
                    found[inner.id.removeprefix("#")] = inner
            held = self._contained[id(owner)] = (owner, found)
        return held[1].get(wanted)


def identifiers(resource: Resource) -> list[Identifier]:
    """Give the business identifiers that have a value."""
    return [one for one in getattr(resource, "identifier", ()) if one.value]
