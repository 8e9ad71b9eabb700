"""Inquiries as partners send them, made of the requests that they ask about."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.ledger.house import example

Json = dict[str, Any]
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
NPI = "http://hl7.org/fhir/sid/us-npi"
ANY: Json = {
    "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "not-applicable"}]
}


def request(name: str = "approve", **claim: Any) -> Json:
    """An example as a request, with what is said of the claim."""
    made: Json = json.loads(example(name))
    made["entry"][0]["resource"].update(claim)
    return made


def inquiry(name: str = "approve", number: str | None = None, *, of: Json | None = None, **claim: Any) -> Json:
    """An inquiry about an example: by a number, or by its member alone; ``claim`` is what else it says."""
    made = copy.deepcopy(of or request(name))
    first = made["entry"][0]["resource"]
    names = (
        "resourceType",
        "status",
        "type",
        "use",
        "patient",
        "created",
        "insurer",
        "provider",
        "priority",
        "insurance",
    )
    kept = {key: first[key] for key in names}
    kept["id"] = "inquiry"
    kept["identifier"] = [{"system": "urn:example:inquiry", "value": "an-inquiry"}]
    kept["item"] = [{"sequence": 1, "productOrService": ANY}]
    if number is not None:
        kept["item"][0]["extension"] = [{"url": f"{PAS}/extension-authorizationNumber", "valueString": number}]
    made["entry"][0]["resource"] = {**kept, **claim}
    parties = ("Claim", "Patient", "Organization", "Coverage")
    made["entry"] = [one for one in made["entry"] if one["resource"]["resourceType"] in parties]
    return made


def in_team(made: Json, npi: str) -> Json:
    """The same, asked by a practitioner of the care team."""
    made = copy.deepcopy(made)
    who = {"resourceType": "Practitioner", "id": "asks", "identifier": [{"system": NPI, "value": npi}]}
    made["entry"].append({"fullUrl": "https://other.example.org/fhir/Practitioner/asks", "resource": who})
    team = [{"sequence": 1, "provider": {"reference": "https://other.example.org/fhir/Practitioner/asks"}}]
    made["entry"][0]["resource"]["careTeam"] = team
    return made


def responses(told: Json) -> list[Json]:
    """The ClaimResponses of an answer of either version."""
    bundles = [told] if told["resourceType"] == "Bundle" else [one["resource"] for one in told.get("parameter", [])]
    found = [entry["resource"] for one in bundles for entry in one["entry"]]
    return [one for one in found if one["resourceType"] == "ClaimResponse"]


def action(item: Json) -> str:
    """The review action of an item."""
    for one in item["adjudication"]:
        for extension in one.get("extension", []):
            for part in extension.get("extension", []):
                if part["url"].endswith("reviewActionCode"):
                    return str(part["valueCodeableConcept"]["coding"][0]["code"])
    return ""


def actions(told: Json) -> list[list[str]]:
    """The review actions of each ClaimResponse."""
    return [[action(item) for item in one.get("item", [])] for one in responses(told)]
