"""Answers as items of a form: what a case writes under `form` and `judged`."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from tests.casebook.words import NUMBER, Json, quantity

DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
QUANTITY: Final = re.compile(rf"({NUMBER}) (\S+)")
TRUTHS: Final = {"yes": True, "no": False}
TEXTS: Final = {"valueString", "valueDate", "valueDateTime"}


def answer(text: str) -> Json:
    """Return yes and no as a boolean, a day, a number, a number with a unit, and anything else as a code."""
    if text in TRUTHS:
        return {"valueBoolean": TRUTHS[text]}
    if DATE.fullmatch(text):
        return {"valueDate": text}
    if re.fullmatch(NUMBER, text):
        return {"valueDecimal": json.loads(text)}
    if found := QUANTITY.fullmatch(text):
        return {"valueQuantity": quantity(found[1], found[2])}
    return {"valueCoding": {"code": text}}


def item(link: str, value: Any) -> list[Json]:
    """Return the items of one fact."""
    if isinstance(value, str):
        made = {"valueString": value} if link.endswith(".why") else answer(value)
        return [{"linkId": link, "answer": [made]}]
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return [{"linkId": link, "answer": [answer(one) for one in value]}]
        return [made for one in value for made in item(link, one)]
    if "fhir" in value:
        return [{"linkId": link, **json.loads(value["fhir"])}]
    (first, *_) = value
    if first.startswith("value") and len(value) == 1 and first != "value":
        raw = value[first]
        typed = {"code": raw} if first == "valueCoding" else raw if first in TEXTS else json.loads(raw)
        return [{"linkId": link, "answer": [{first: typed}]}]
    if set(value) == {"value", "date"}:
        dated = {"linkId": f"{link}.date", "answer": [answer(value["date"])]}
        return [{"linkId": link, "answer": [{**answer(value["value"]), "item": [dated]}]}]
    parts = [made for part, one in value.items() for made in item(f"{link}.{part}", one)]
    return [{"linkId": link, "item": parts}]


def items(said: Json) -> list[Json]:
    """Return every item of a form, in the order in which it is written; `fact (2)` is the same fact once more."""
    return [one for link, value in said.items() for one in item(link.partition(" ")[0], value)]
