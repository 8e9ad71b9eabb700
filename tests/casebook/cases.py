"""Cases of tests/cases/own: read from their notation, built into Bundles, each as the JSON that a worked case is.

A file holds one payer's charts and cases. A case stands on a chart (`from`) and says what differs: a key written again
stands in the place of the old (with ` (last)` after its name: at the end), `none` takes it away, new keys come last.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from priorauth.values import strict_yaml
from tests.casebook.answers import items
from tests.casebook.words import PRESCRIBER, TERMS, WHO, Json, concept, moment, patched, spoken, term

OWN: Final = Path(__file__).parent.parent / "cases" / "own"
BASE: Final = "https://clinic.example.org/fhir"
PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"
REQUEST: Final = {
    "on", "product", "kind", "diagnosis", "ordered", "plan", "covered", "sex", "born", "quantity", "service", "also",
}  # fmt: skip
LAYERS: Final = {"request", "chart", "form", "judged", "patch"}
SAID: Final = {"name", "why", "expect", "from", "as_of", "policy"}
EXPECT: Final = {
    "outcome",
    "pathway",
    "status",
    "questions_include",
    "questions_exclude",
    "decide_after",
    "reasons_include",
}
NONE: Final = "none"
LAST: Final = " (last)"


class CaseFault(ValueError):
    """A case that cannot be built: names the file, the case and what was expected."""


# ---- one layer over another


def over(below: Json, above: Json) -> Json:
    """Lay what a case says over its chart."""
    made = {key: dict(below.get(key, {})) for key in LAYERS}
    for key in LAYERS & set(above):
        for name, value in above[key].items():
            bare = name.removesuffix(LAST)
            if bare != name or (value == NONE and name in made[key]):
                del made[key][bare]
            if value != NONE or bare not in below.get(key, {}):
                made[key][bare] = value
    return made


def layered(charts: Json, case: Json) -> Json:
    """Return a case with all that its charts say."""
    if unknown := set(case) - LAYERS - SAID:
        raise CaseFault(f"expected {', '.join(sorted(LAYERS | SAID))}; found {', '.join(sorted(unknown))}")
    name = case.get("from")
    if name is None:
        return over({}, case)
    if name not in charts:
        raise CaseFault(f"expected a chart ({', '.join(charts)}), found {name!r}")
    return over(layered(charts, charts[name]), case)


# ---- the Bundle


def chart(name: str, said: Json) -> list[Json]:
    """Return the resources of a chart in their order."""
    found: dict[str, Json] = {}
    for key, value in said.items():
        if value == NONE:
            del found[key]
        elif isinstance(value, str):
            found.update(spoken(key, value))
        elif "form" in value:
            found[key] = answered(key, value["form"], value["at"], value.get("by"), value.get("status", "completed"))
        elif "fhir" in value:
            found[key] = json.loads(value["fhir"])
        else:
            (made,) = spoken(key, value["is"]).values()
            found[key] = patched(made, json.loads(value["and"]))
    return [of_member(name, one) for one in found.values()]


def of_member(name: str, value: Any) -> Any:
    """Return a resource with the member in it: the reference where it says `member`."""
    made = {
        key: {"reference": f"Patient/{name}"} if key in ("subject", "patient") and part == "member" else part
        for key, part in value.items()
    }
    return json.loads(json.dumps(made).replace("@case", name))


def answered(key: str, said: Json, at: str, by: str | None, status: str = "completed") -> Json:
    """Return a form with its answers; ``by`` is the prescriber, the supplier, or somebody's name."""
    made: Json = {"resourceType": "QuestionnaireResponse", "id": key, "status": status, "subject": "member"}
    made["authored"] = moment(at)
    if by is not None:
        made["author"] = WHO.get(by, {"display": by})
    return {**made, "item": items(said)}


def period(text: str) -> Json:
    start, _, end = text.partition(" to ")
    return {"start": start, "end": end} if end else {"start": start}


def line(place: int, product: str, kind: str | None, quantity: str, service: str | None = None) -> Json:
    """Return one item of a claim."""
    made: Json = {"sequence": place}
    if kind is not None:
        asked = {"coding": [{"system": "https://codesystem.x12.org/005010/1322", "code": kind}]}
        made["extension"] = [{"url": f"{PAS}/extension-certificationType", "valueCodeableConcept": asked}]
    made |= {"productOrService": concept(product, default="hcpcs"), "quantity": {"value": json.loads(quantity)}}
    if service is not None:
        made |= {"servicedPeriod": period(service)} if " to " in service else {"servicedDate": service}
    return made


def claim(name: str, asked: Json) -> Json:
    lines = [line(1, asked["product"], asked.get("kind"), asked.get("quantity", "1"), asked.get("service"))]
    for place, one in enumerate(asked.get("also", ()), 2):
        product, _, rest = one.partition(" x")
        count, _, kind = rest.partition(" ")
        lines.append(line(place, product, kind or None, count or "1"))
    return {
        "resourceType": "Claim", "id": f"request-{name}", "status": "active", "use": "preauthorization",
        "identifier": [{"system": "urn:example:request", "value": f"request-{name}"}],
        "type": term("claim-type", "professional"), "patient": "member", "created": asked["on"],
        "insurer": {"reference": "Organization/payer"}, "provider": {"reference": "Organization/supplier"},
        "priority": term("processpriority", "normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage"}}],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(asked["diagnosis"])}],
        "item": lines,
    }  # fmt: skip


def parties(name: str, payer: str, asked: Json) -> Iterator[Json]:
    yield {
        "resourceType": "Patient", "id": name, "birthDate": asked["born"], "gender": asked["sex"],
        "identifier": [{"system": "urn:example:member", "value": f"M-{name}"}],
    }  # fmt: skip
    known = [{"system": "urn:priorauth:payer", "value": payer}]
    yield {"resourceType": "Organization", "id": "payer", "name": payer, "identifier": known}
    yield {"resourceType": "Organization", "id": "supplier", "name": "Harbor Diabetes Supply"}
    npi = [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999992"}]
    yield {"resourceType": "Practitioner", "id": "endocrinologist", "identifier": npi}


def coverage(asked: Json) -> Json:
    plan = {"type": {"coding": [{"system": f"{TERMS}/coverage-class", "code": "plan"}]}}
    return {
        "resourceType": "Coverage", "id": "coverage", "status": "active", "beneficiary": "member",
        "payor": [{"reference": "Organization/payer"}], "period": period(asked.get("covered", "2009-01-01")),
        "class": [{**plan, "value": asked["plan"], "name": asked["plan"]}],
    }  # fmt: skip


def order(asked: Json) -> Json:
    day, _, product = asked["ordered"].partition(" ")
    return {
        "resourceType": "DeviceRequest", "id": "order", "status": "active", "intent": "order",
        "codeCodeableConcept": concept(product or asked["product"].rpartition(":")[2], default="hcpcs"),
        "subject": "member", "authoredOn": day, "requester": PRESCRIBER,
    }  # fmt: skip


def bundle(name: str, payer: str, said: Json) -> Json:
    """Return the Bundle: the claim, the parties, the chart, the coverage, the order and the form."""
    asked = said["request"]
    if unknown := set(asked) - REQUEST:
        raise CaseFault(f"expected {', '.join(sorted(REQUEST))}; found {', '.join(sorted(unknown))}")
    form = answered("form", said["form"], f"{asked['on']}T09:30-05:00", "prescriber")
    covered = coverage(asked)
    covered["beneficiary"] = {"reference": f"Patient/{name}"}
    listed = [
        claim(name, asked), *parties(name, payer, asked), *chart(name, said["chart"]), covered, order(asked), form,
    ]  # fmt: skip
    entries = []
    places = {where for one in listed for where in (one["resourceType"], f"{one['resourceType']}/{one['id']}")}
    if unknown := set(said["patch"]) - places - {"judgments"}:
        raise CaseFault(f"expected a resource of the case under `patch`, found {', '.join(sorted(unknown))}")
    for one in listed:
        place = f"{one['resourceType']}/{one['id']}"
        patch = said["patch"].get(one["resourceType"]) or said["patch"].get(place)
        made = of_member(name, patched(one, json.loads(patch)) if patch else one)
        entries.append({"fullUrl": f"{BASE}/{place}", "resource": made})
    return {
        "resourceType": "Bundle", "id": name, "type": "collection",
        "identifier": {"system": "urn:example:bundle", "value": name},
        "timestamp": f"{asked['on']}T09:45:00-05:00", "entry": entries,
    }  # fmt: skip


def judgments(name: str, said: Json, on: str | None = None) -> Json | None:
    """Return what a clinician of the payer judged, as the form that `--judgments` takes."""
    if not said["judged"]:
        return None
    at = f"{on or said['request']['on']}T14:30-05:00"
    made = answered("judgments", said["judged"], at, "Dr. Helen Marsh, medical director")
    answers = made.pop("item")
    made |= {"basedOn": [{"reference": f"Claim/request-{name}"}], "item": answers}
    patch = said["patch"].get("judgments")
    return dict(of_member(name, patched(made, json.loads(patch)) if patch else made))


# ---- files


def expected(said: Json) -> Json:
    """Return what is expected; `none` is no pathway, no day, no such criterion."""
    if unknown := set(said) - EXPECT:
        raise CaseFault(f"expected {', '.join(sorted(EXPECT))}; found {', '.join(sorted(unknown))}")
    made = {key: None if value == NONE else value for key, value in said.items()}
    if "status" in made:
        made["status"] = {name: None if value == NONE else value for name, value in said["status"].items()}
    return made


def built(file: Path) -> Iterator[tuple[str, Json]]:
    """Build the cases of one file, each with its name: that of the file, and its own."""
    top: Json = dict(strict_yaml.read_file(file))
    charts, payer = top.get("charts", {}), top["payer"]
    for key, case in top["cases"].items():
        name = f"{file.stem}-{key}"
        try:
            said = layered(charts, case)
            made = {
                "name": case["name"], "as_of": case.get("as_of"), "policy": case.get("policy"),
                "judgments": judgments(name, said, top.get("judged_on")), "expect": expected(case["expect"]),
                "why": case["why"],
                "bundle": bundle(name, payer, said),
            }  # fmt: skip
        except KeyError as fault:
            raise CaseFault(f"{file.name}, {key}: expected {fault}") from fault
        except ValueError as fault:
            raise CaseFault(f"{file.name}, {key}: {fault}") from fault
        yield name, made
