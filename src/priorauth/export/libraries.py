"""The libraries that fill in forms, as FHIR resources with CQL and ELM, and the expressions that name them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from priorauth.export.addresses import PROFILES, SDC, library, pinned
from priorauth.export.items import Json
from priorauth.export.prefill import COMMON, name_of, version_in
from priorauth.facts.vocabulary import Vocabulary, load

FOLDER: Final = Path(__file__).parent / "elm"
CQL: Final = "text/cql"
ELM: Final = "application/elm+json"
_TYPE: Final = "http://terminology.hl7.org/CodeSystem/library-type"
_PARTS: Final = {
    "measurement": {"": "value", "date": "date"},
    "condition": {"value": "value", "from": "from", "until": "until"},
    "event": {"": "value"},
    "attribute": {"": "value"},
}
"""By kind of fact: which part of its question which definition of its library fills in."""


class Library(Struct, frozen=True):
    """A library: its name, its CQL and its ELM. ``fact`` is what it fills in, "" of the one that all share."""

    name: str
    fact: str
    cql: bytes
    elm: bytes

    @property
    def version(self) -> str:
        """The version that the CQL names."""
        return version_in(self.cql.decode())

    def url(self, base: str) -> str:
        """Return its canonical address, without its version."""
        return library(self.name, base)

    def resource(self, base: str, *, pin: bool = True) -> Json:
        """Return it as a Library; what it depends on is named by version where ``pin`` says so."""
        made: Json = {
            "resourceType": "Library",
            "id": self.name,
            "url": self.url(base),
            "version": self.version,
            "name": self.name,
            "title": f"Fills in {self.fact.replace('_', ' ')}" if self.fact else "What the libraries of forms share",
            "status": "active",
            "type": {"coding": [{"system": _TYPE, "code": "logic-library"}]},
        }
        if self.fact:
            shared = shared_library()
            needed = pinned(shared.url(base), shared.version) if pin else shared.url(base)
            made["relatedArtifact"] = [{"type": "depends-on", "resource": needed}]
            made["dataRequirement"] = list(_required(self.elm))
        contents = ((CQL, self.cql), (ELM, self.elm))
        made["content"] = [{"contentType": kind, "data": base64.b64encode(data).decode()} for kind, data in contents]
        return made


def libraries(facts: Iterable[str], vocabulary: Vocabulary) -> tuple[Library, ...]:
    """Return the libraries that fill in some facts, those they depend on first; none where nothing can be filled in."""
    known = _known()
    found = [known[name] for name in dict.fromkeys(facts) if name in vocabulary and name in known]
    return (shared_library(), *found) if found else ()


def filling(facts: Iterable[str], vocabulary: Vocabulary) -> dict[str, Json]:
    """Return the extension that fills in each linkId of some facts."""
    found: dict[str, Json] = {}
    for one in libraries(facts, vocabulary):
        for part, defined in _PARTS[vocabulary[one.fact].kind].items() if one.fact else ():
            found[f"{one.fact}.{part}" if part else one.fact] = expression(one.name, defined)
    return found


def expression(name: str, defined: str) -> Json:
    """Return the extension that fills an item with a definition of a library: in CQL, and beside it in ELM."""
    elm = {"type": "ExpressionRef", "libraryName": name, "name": defined}
    other = {"language": ELM, "expression": json.dumps(elm, separators=(",", ":"))}
    return {
        "url": f"{SDC}/sdc-questionnaire-initialExpression",
        "valueExpression": {
            "extension": [{"url": f"{PROFILES}/alternativeExpression", "valueExpression": other}],
            "language": CQL,
            "expression": f'"{name}"."{defined}"',
        },
    }


def shared_library() -> Library:
    """Return the library that all others depend on."""
    return _read(COMMON, "")


@cache
def _known() -> dict[str, Library]:
    """Return the library of each fact that has one; a folder of one's own changes no shipped fact."""
    names = {path.stem for path in FOLDER.glob("*.json")}
    return {fact: _read(name_of(fact), fact) for fact in load() if name_of(fact) in names}


@cache
def _read(name: str, fact: str) -> Library:
    return Library(name, fact, (FOLDER / f"{name}.cql").read_bytes(), (FOLDER / f"{name}.json").read_bytes())


def _required(elm: bytes) -> Iterator[Json]:
    """Yield what a library asks of a chart: each kind of resource, with its codes where it names them."""
    library: Any = json.loads(elm)["library"]
    systems = {one["name"]: one["id"] for one in library.get("codeSystems", {}).get("def", ())}
    codes = [
        {"system": systems[one["codeSystem"]["name"]], "code": one["id"]}
        for one in library.get("codes", {}).get("def", ())
    ]
    kinds = dict.fromkeys(_retrieved(library["statements"]))
    for kind, by_code in kinds:
        if kind != "Patient":
            made: Json = {"type": kind}
            yield {**made, "codeFilter": [{"path": "code", "code": codes}]} if by_code and codes else made


def _retrieved(part: Any) -> Iterator[tuple[str, bool]]:  # noqa: ANN401 - ELM
    if isinstance(part, dict):
        if part.get("type") == "Retrieve":
            yield part["dataType"].rpartition("}")[2], "codes" in part
        for one in part.values():
            yield from _retrieved(one)
    elif isinstance(part, list):
        for one in part:
            yield from _retrieved(one)
