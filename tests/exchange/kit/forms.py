"""The forms that the DTR suite asks for, and a person who fills an adaptive one, group by group."""

from __future__ import annotations

import copy
from typing import Any, Final

from tests.exchange.kit import hooks, tester
from tests.exchange.kit.tester import Json

ADAPTIVE: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
MOST: Final = 80
"""After so many groups a form does not end."""
_UNIT: Final = "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption"


def asked(context: str | None = None) -> Json:
    """Return the kit's Parameters: a pump, or the context of a hook, is in the order's place."""
    made: Json = copy.deepcopy(tester.inputs("dtr", "2.0.1")["initial_static_questionnaire_request"])
    for one in made["parameter"]:
        if one["name"] == "order":
            one["resource"] = {**hooks.pump(), "meta": one["resource"]["meta"]}
        if one["name"] == "coverage":
            cover = one["resource"]
            payer = {"resourceType": "Organization", "id": "payer", "active": True, "name": "A Plan"}
            payer["identifier"] = [{"system": "urn:priorauth:payer", "value": "masshealth"}]
            cover["contained"] = [payer]
            cover["payor"] = [{"reference": "#payer"}]
    if context is not None:
        kept = [one for one in made["parameter"] if one["name"] != "order"]
        made["parameter"] = [*kept, {"name": "context", "valueString": context}]
    return made


def is_adaptive(form: Json) -> bool:
    return any(one["url"] == ADAPTIVE for one in form.get("extension", []))


def answered(response: Json) -> Json:
    """Return a response with each open question of its contained form answered with the first thing that fits."""
    made: Json = copy.deepcopy(response)
    form = next(one for one in made["contained"] if one["resourceType"] == "Questionnaire")
    made["item"] = _answers(form.get("item", []), {one["linkId"]: one for one in made.get("item", [])})
    return made


def _answers(items: list[Json], given: dict[str, Json]) -> list[Json]:
    found = []
    for item in items:
        old = given.get(item["linkId"], {})
        if item["type"] == "display":
            continue
        one: Json = {"linkId": item["linkId"], **{key: old[key] for key in ("text", "answer") if key in old}}
        if item["type"] != "group" and "answer" not in one and not item.get("enableWhen"):
            one["answer"] = [_value(item)]
        below = [*old.get("item", []), *(each for answer in old.get("answer", []) for each in answer.get("item", []))]
        inside = _answers(item.get("item", []), {each["linkId"]: each for each in below})
        if inside and item["type"] == "group":
            one["item"] = inside
        elif inside and "answer" in one:
            one["answer"] = [{**one["answer"][0], "item": inside}, *one["answer"][1:]]
        if len(one) > 1:
            found.append(one)
    return found


def _value(item: Json) -> Json:
    if item.get("answerOption"):
        option = item["answerOption"][0]
        return {key: value for key, value in option.items() if key.startswith("value")}
    units = [one["valueCoding"] for one in item.get("extension", []) if one["url"] == _UNIT]
    quantity: Json = {"value": 5, **({"unit": units[0].get("display", units[0]["code"]), **units[0]} if units else {})}
    quantity.pop("display", None)
    values: dict[str, Any] = {
        "boolean": ("valueBoolean", True),
        "decimal": ("valueDecimal", 5),
        "integer": ("valueInteger", 5),
        "date": ("valueDate", tester.DAY),
        "dateTime": ("valueDateTime", f"{tester.DAY}T09:00:00-05:00"),
        "quantity": ("valueQuantity", quantity),
    }
    name, value = values.get(item["type"], ("valueString", "stated"))
    return {name: value}
