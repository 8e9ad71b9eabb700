"""The question of a fact as items of a Questionnaire: shapes, units and parts as ``record`` reads their answers.

Both forms are made of these, the static one and the adaptive one; ``filled`` are the expressions that fill an item in
from a chart, by linkId.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from priorauth.export.addresses import CORE, UCUM, code_system, pinned, value_set
from priorauth.export.asked import LOGS
from priorauth.export.conditions import listed
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.english import labels
from priorauth.values.units import Units

Json = dict[str, Any]
MANY: Final = 8
"""An attribute with more values than these takes them from a ValueSet."""
_TYPES: Final = {"date": "date", "number": "decimal", "integer": "integer"}


class Words(NamedTuple):
    """What questions are made with: the facts, their units, the base of addresses, what fills in an item by linkId."""

    vocabulary: Vocabulary
    units: Units
    base: str
    filled: Mapping[str, Json] = {}


def question(name: str, words: Words, *, required: bool = False) -> list[Json]:
    """Return the items that ask for a fact."""
    found = list(_Maker(words.vocabulary[name], words).items())
    if required:
        found[0]["required"] = True
    return found


def coding(name: str, value: str, base: str) -> Json:
    """Return a value of an attribute as a Coding."""
    said = labels().value(value)
    return {"system": code_system(name, base), "code": value, "display": said[:1].upper() + said[1:]}


def version_of(fact: Fact) -> str:
    """Return the version of the values of an attribute: other values are another version."""
    return hashlib.sha256(" ".join(fact.values).encode()).hexdigest()[:8]


class _Maker:
    """Makes the items of one fact."""

    def __init__(self, fact: Fact, words: Words) -> None:
        self.fact, self.units, self.base, self.filled = fact, words.units, words.base, words.filled

    def items(self) -> Iterator[Json]:
        name, ask = self.fact.name, self.fact.ask
        if name in LOGS:
            yield {"linkId": f"form.{name}", "text": ask, "type": "display"}
            return
        match self.fact.kind:
            case "measurement":
                made = self.item(name, ask, "quantity", repeats=True)
                made.setdefault("extension", []).extend(self.unit_options())
                yield {**made, "item": [self.item(f"{name}.date", "On which day?", "date")]}
                yield self.none("There is no such result")
            case "event":
                yield self.item(name, ask, "date", repeats=True)
                yield self.none("It never happened")
            case "regimen":
                value = self.item(f"{name}.value", self.number(), "decimal")
                value.setdefault("extension", []).append(self.unit())
                yield self.group([value, *self.span()], repeats=True)
            case "condition":
                value = self.item(f"{name}.value", "Is it so, or was it?", "boolean")
                yield self.group([value, *self.span(value["linkId"])])
            case "attribute":
                yield self.attribute()
            case _:
                yield self.item(name, ask, "boolean")

    def item(self, link: str, text: str, kind: str, *, repeats: bool = False) -> Json:
        made: Json = {"linkId": link, "text": text, "type": kind}
        if repeats:
            made["repeats"] = True
        if link in self.filled:
            made["extension"] = [self.filled[link]]
        return made

    def group(self, below: list[Json], *, repeats: bool = False) -> Json:
        made: Json = {"linkId": self.fact.name, "text": self.fact.ask, "type": "group", "item": below}
        return {**made, "repeats": True} if repeats else made

    def span(self, opened_by: str | None = None) -> list[Json]:
        """Return the days from and until which something was so."""
        days = [("from", "From which day?"), ("until", "Until which day? Empty where it is still so")]
        found = [self.item(f"{self.fact.name}.{part}", text, "date") for part, text in days]
        if opened_by is not None:
            for one in found:
                one["enableWhen"] = [{"question": opened_by, "operator": "=", "answerBoolean": True}]
        return found

    def none(self, text: str) -> Json:
        """Return the item that says that there is none, open where none is given."""
        closed = [{"question": self.fact.name, "operator": "exists", "answerBoolean": False}]
        return {**self.item(f"{self.fact.name}.none", text, "boolean"), "enableWhen": closed}

    def number(self) -> str:
        unit = self.fact.unit or ""
        return f"How many ({labels().units.get(unit, unit)})?"

    def unit(self) -> Json:
        return {"url": f"{CORE}/questionnaire-unit", "valueCoding": self.unit_coding(self.fact.unit or "1")}

    def unit_options(self) -> list[Json]:
        """Return the units in which a result may be given, its own first."""
        own = self.fact.unit or "1"
        listed_units = [own, *(unit for unit in self.units.codes.get(self.fact.name, ()) if unit != own)]
        return [
            {"url": f"{CORE}/questionnaire-unitOption", "valueCoding": self.unit_coding(unit)} for unit in listed_units
        ]

    def unit_coding(self, unit: str) -> Json:
        return {"system": UCUM, "code": unit, "display": labels().units.get(unit, unit)}

    def attribute(self) -> Json:
        name, ask, values = self.fact.name, self.fact.ask, self.fact.values
        if not listed(self.fact):
            made = self.item(name, ask, _TYPES[values[0]])
            if self.fact.unit and self.fact.unit != "1":
                made.setdefault("extension", []).append(self.unit())
            return made
        made = self.item(name, ask, "choice")
        if len(values) > MANY:
            return {**made, "answerValueSet": pinned(value_set(name, self.base), version_of(self.fact))}
        return {**made, "answerOption": [{"valueCoding": coding(name, value, self.base)} for value in values]}
