"""Small readers of what a server sends: whatever it is, they give lists and objects, or nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

Json = dict[str, Any]
_DAVINCI: Final = "http://hl7.org/fhir/us"
CRD: Final = f"{_DAVINCI}/davinci-crd/StructureDefinition"
DTR: Final = f"{_DAVINCI}/davinci-dtr/StructureDefinition"
PAS: Final = f"{_DAVINCI}/davinci-pas/StructureDefinition"
COVERAGE: Final = f"{CRD}/ext-coverage-information"


def objects(value: object, *names: str) -> list[Json]:
    """Return the objects of a list that stands at a path of names; lists on the way are gone through."""
    found = [value]
    for name in names:
        found = [below for one in found if isinstance(one, dict) for below in _each(one.get(name))]
    return [one for one in found if isinstance(one, dict)]


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def texts(value: object, *names: str) -> list[str]:
    """Return the texts at a path of names."""
    *path, last = names
    return [one for held in objects(value, *path) for one in _each(held.get(last)) if isinstance(one, str)]


def text(value: object, *names: str) -> str:
    """Return the first text at a path of names; nothing where there is none."""
    return next(iter(texts(value, *names)), "")


def extensions(value: object, url: str) -> list[Json]:
    """Return the extensions of an object that bear an address, or the last part of one."""
    return [one for one in objects(value, "extension") if one.get("url") == url]


def held(extension: object) -> object:
    """Return the value of an extension, of whichever type; None where it has none."""
    if not isinstance(extension, dict):
        return None
    return next((value for name, value in extension.items() if name.startswith("value")), None)


def parts(extension: object, url: str) -> list[object]:
    """Return the values of the extensions within an extension."""
    return [held(one) for one in extensions(extension, url)]


def resources(bundle: object, kind: str | None = None) -> list[Json]:
    """Return the resources of a Bundle, or those of one kind."""
    found = objects(bundle, "entry", "resource")
    return found if kind is None else [one for one in found if one.get("resourceType") == kind]


def references(value: object) -> Iterator[str]:
    """Yield every reference within a value."""
    match value:
        case dict():
            if isinstance(found := value.get("reference"), str):
                yield found
            for one in value.values():
                yield from references(one)
        case list():
            for one in value:
                yield from references(one)


def unresolved(bundle: object) -> list[str]:
    """Return the references within a Bundle that lead to no entry of it and to nothing contained."""
    known: set[str] = set()
    for entry in objects(bundle, "entry"):
        resource = entry.get("resource")
        known |= {text(entry, "fullUrl")}
        if isinstance(resource, dict):
            known |= {f"{resource.get('resourceType')}/{resource.get('id')}"}
    found = []
    for one in resources(bundle):
        own = {f"#{text(inner, 'id')}" for inner in objects(one, "contained")} | {"#"}
        for said in references(one):
            bare = "/".join(said.split("/")[-2:])
            if said not in known and said not in own and bare not in known:
                found.append(said)
    return list(dict.fromkeys(found))


def without(resource: Json, url: str) -> Json:
    """Return a copy of a resource without the extensions of an address."""
    made = copy.deepcopy(resource)
    kept = [one for one in made.get("extension", []) if not (isinstance(one, dict) and one.get("url") == url)]
    made.pop("extension", None)
    return {**made, "extension": kept} if kept else made
