"""Draws the shapes in which a request may come: fullUrls, ids, contained resources, dates, parties, several items.

Worked cases give the content, so that every outcome is drawn; their parties are completed as the PAS profiles demand,
because a response echoes them. Seeded numpy: the same seed gives the same requests.
"""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.exchange.pas_response import response
from tests.casebook.kept import every

CASES = Path(__file__).parent.parent / "cases"
BASE = "https://ehr.example.org/fhir"
HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
RARE = {"not-yet", "not-required", "other-criteria", "not-applicable"}
SHAPES: dict[str, tuple[str, ...]] = {
    "fullUrl": ("http", "urn", "none"),
    "ids": ("there", "left out"),
    "items": ("one", "two", "three"),
    "coverage": ("entry", "contained", "with its payer contained"),
    "provider": ("organization", "role", "practitioner", "contained", "outside"),
    "insurer": ("there", "left out", "by identifier"),
    "type": ("there", "left out"),
    "created": ("date", "no zone", "instant"),
    "timestamp": ("instant", "date", "left out"),
    "words": ("plain", "hostile"),
    "claim identifier": ("there", "left out"),
}
PLAIN = {key: values[0] for key, values in SHAPES.items()}
EXAMPLES = CASES.parent.parent / "examples"
HOSTILE = "Synthetic <script>alert(1)</script> \u001b[31m \u0085 &  \u202e"

Json = dict[str, Any]


@dataclass
class Drawn:
    """A request, what was decided, and its shape."""

    name: str
    bundle: Json
    found: list[Determination]
    shape: dict[str, str]


@dataclass
class Shapes:
    """Draws requests; ``mix`` counts outcomes and shapes."""

    seed: int
    mix: Counter[str] = field(default_factory=Counter)

    def draw(self, count: int) -> list[Drawn]:
        rng = np.random.default_rng(self.seed)
        worked = [one.load() for one in every()]
        worked = [one for one in worked if "bundle" in one and "outcome" in one["expect"]]
        rare = [one for one in worked if one["expect"]["outcome"] in RARE]
        common = [one for one in worked if one["expect"]["outcome"] not in RARE]
        picked = rare + [common[int(place)] for place in rng.permutation(len(common))[: count - len(rare)]]
        return [self.one(rng, f"drawn-{place:03}", case) for place, case in enumerate(picked)]

    def one(self, rng: np.random.Generator, name: str, case: Json) -> Drawn:
        shape = {key: values[int(rng.integers(len(values)))] for key, values in SHAPES.items()}
        if shape["fullUrl"] == "none":
            shape["ids"] = "there"  # nothing else would name a resource
        bundle = shaped(case["bundle"], shape)
        options = {key: case[key] for key in ("policy", "as_of") if case.get(key)}
        found = determine(bundle, **options)
        self.mix.update(one.outcome for one in found)
        self.mix.update(f"{key}: {value}" for key, value in shape.items())
        return Drawn(name, bundle, found, shape)


# ---- requests and what is answered


def example(name: str = "approve") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return found


def answer(bundle: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = response(determine(bundle), bundle)["entry"][0]["resource"]
    return found


def literals(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from literals(part)
    elif isinstance(value, list):
        for part in value:
            yield from literals(part)


def unresolved(made: dict[str, Any]) -> list[str]:
    """Give the references that FHIR's rule does not resolve in the Bundle, save those to the claim and elsewhere."""
    urls = {entry["fullUrl"] for entry in made["entry"]}
    left = []
    for entry in made["entry"]:
        base = re.match(r"(https?://.*/)[A-Z][A-Za-z]+/[^/]+$", entry["fullUrl"])
        inside = {f"#{one['id']}" for one in entry["resource"].get("contained", ())}
        resource = {key: part for key, part in entry["resource"].items() if key != "request"}
        for literal in literals(resource):
            relative = f"{base[1]}{literal}" if base else ""
            if not {literal, relative} & urls and literal not in inside and "elsewhere.example.org" not in literal:
                left.append(literal)
    return left


def resources(bundle: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def complete(bundle: Json) -> None:
    """Give the parties what the profiles demand of them."""
    for patient in resources(bundle, "Patient"):
        patient.setdefault("name", [{"family": "Synthetic"}])
        patient.setdefault("gender", "unknown")
        if born := patient.get("birthDate"):
            patient["birthDate"] = f"{born}-06-15" if len(born) == len("1980") else f"{born}-15"[: len("1980-06-15")]
        patient.setdefault("identifier", [{"system": "urn:example:member", "value": "M-1"}])
    for organization in resources(bundle, "Organization"):
        organization["active"] = True
        organization.setdefault("name", "Synthetic organization")


def shaped(original: Json, shape: dict[str, str]) -> Json:
    """Give a request the shape that was drawn."""
    bundle: Json = copy.deepcopy(original)
    complete(bundle)
    claim = resources(bundle, "Claim")[0]
    words(bundle, shape)
    items(claim, shape)
    provider(bundle, claim, shape)
    insurer(bundle, claim, shape)
    contained(bundle, claim, shape)
    day = claim["created"][:10]
    claim["created"] = {"date": day, "no zone": f"{day}T09:30:00", "instant": f"{day}T09:30:00.125-05:00"}[
        shape["created"]
    ]
    bundle["timestamp"] = {"instant": f"{day}T10:00:00-05:00", "date": day}.get(shape["timestamp"])
    for key, element, holder in (("type", "type", claim), ("claim identifier", "identifier", claim)):
        if shape[key] == "left out":
            holder.pop(element, None)
    if bundle["timestamp"] is None:
        del bundle["timestamp"]
    addressed(bundle, shape)
    return bundle


def words(bundle: Json, shape: dict[str, str]) -> None:
    if shape["words"] == "hostile":
        for patient in resources(bundle, "Patient"):
            patient["name"] = [{"family": HOSTILE, "text": "Größe 試験"}]
        for supplier in resources(bundle, "Organization")[1:]:
            supplier["alias"] = [HOSTILE]


def items(claim: Json, shape: dict[str, str]) -> None:
    """Ask for more: with sequences that have gaps, and not in their order."""
    meter = {"productOrService": {"coding": [{"system": HCPCS, "code": "E0607"}]}}
    if shape["items"] != "one":
        claim["item"].append({"sequence": 7, **meter})
    if shape["items"] == "three":
        claim["item"].insert(0, {"sequence": 12, **meter})


def provider(bundle: Json, claim: Json, shape: dict[str, str]) -> None:
    person = {"resourceType": "Practitioner", "id": "person", "name": [{"family": "Synthetic", "given": ["Doctor"]}]}
    person["identifier"] = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}]
    supplier = claim.get("provider") or {"reference": "Organization/supplier"}
    if shape["provider"] == "role":
        role = {"resourceType": "PractitionerRole", "id": "role", "active": True, "organization": dict(supplier)}
        role["practitioner"] = {"reference": "Practitioner/person"}
        role["telecom"] = [{"system": "phone", "value": "555-0100"}]
        bundle["entry"] += [{"resource": person}, {"resource": role}]
        claim["provider"] = {"reference": "PractitionerRole/role"}
    elif shape["provider"] == "practitioner":
        bundle["entry"].append({"resource": person})
        claim["provider"] = {"reference": "Practitioner/person"}
    elif shape["provider"] == "contained":
        inside = {"resourceType": "Organization", "id": "asks", "active": True, "name": "Synthetic supply"}
        claim.setdefault("contained", []).append(inside)
        claim["provider"] = {"reference": "#asks"}
    elif shape["provider"] == "outside":
        claim["provider"] = {"reference": "https://elsewhere.example.org/fhir/Organization/supply"}


def insurer(bundle: Json, claim: Json, shape: dict[str, str]) -> None:
    if shape["insurer"] == "left out":
        claim.pop("insurer", None)
    elif shape["insurer"] == "by identifier":
        payer = resources(bundle, "Organization")[0]
        if payer.get("identifier"):
            claim["insurer"] = {"identifier": dict(payer["identifier"][0])}


def contained(bundle: Json, claim: Json, shape: dict[str, str]) -> None:
    covers = resources(bundle, "Coverage")
    if len(covers) != 1 or shape["coverage"] == "entry":
        return
    cover = covers[0]
    if shape["coverage"] == "contained":
        bundle["entry"] = [entry for entry in bundle["entry"] if entry["resource"] is not cover]
        cover["id"] = "cover"
        claim.setdefault("contained", []).append(cover)
        claim["insurance"] = [{"sequence": 1, "focal": True, "coverage": {"reference": "#cover"}}]
        return
    reference = cover["payor"][0].get("reference", "")
    payers = [one for one in resources(bundle, "Organization") if reference.endswith(one.get("id", "?"))]
    if payers:
        cover["contained"] = [{**copy.deepcopy(payers[0]), "id": "payer"}]
        cover["payor"] = [{"reference": "#payer"}]


def addressed(bundle: Json, shape: dict[str, str]) -> None:
    """Give every entry its fullUrl or none, with references that lead there, and take ids away."""
    urls: dict[str, str] = {}
    for entry in bundle["entry"]:
        resource = entry["resource"]
        old, name = entry.pop("fullUrl", None), f"{resource['resourceType']}/{resource['id']}"
        new = {"http": f"{BASE}/{name}", "urn": uuid.uuid5(uuid.NAMESPACE_URL, name).urn}.get(shape["fullUrl"])
        if new is not None:
            entry["fullUrl"] = new
        for known in (old, name):
            if known is not None:
                urls[known] = new if new is not None and shape["fullUrl"] == "urn" else name
        if shape["ids"] == "left out":
            del resource["id"]
    redirect(bundle["entry"], urls)


def redirect(value: Any, urls: dict[str, str]) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            value["reference"] = urls.get(value["reference"], value["reference"])
        for part in value.values():
            redirect(part, urls)
    elif isinstance(value, list):
        for part in value:
            redirect(part, urls)
