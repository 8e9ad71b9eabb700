"""The same chart in other units, other time zones, other URIs of code systems is decided the same."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from priorauth.decide.determination import Determination
from priorauth.decide.determine import determine
from priorauth.facts.vocabulary import load as load_vocabulary
from priorauth.record.codes import SYSTEMS, compiled, system_of
from priorauth.values.units import load as load_units
from tests.casebook.kept import every

EVERY = 7
ZONES = (-600, -480, -300, -60, 0, 60, 330, 765)
TABLES, UNITS = compiled(load_vocabulary()), load_units()
HOURS = {fact for fact, table in UNITS.by_fact.items() if table is UNITS.by_fact["cgm_glucose"]}
"""Readings of which the hour on the patient's clock is read (before breakfast, at night): their zone is no spelling."""


@dataclass
class Respelled:
    """A chart written otherwise, and how many places of each kind were."""

    rng: np.random.Generator
    kinds: tuple[str, ...]
    places: Counter[str] = field(default_factory=Counter)

    def pick(self, listed: list[Any]) -> Any:
        return listed[int(self.rng.integers(len(listed)))]

    def write(self, value: Any, facts: tuple[str, ...] = ()) -> Any:
        if isinstance(value, list):
            return [self.write(one, facts) for one in value]
        if isinstance(value, dict):
            facts = facts_of(value) or facts
            made = {key: self.write(one, facts) for key, one in value.items()}
            if "unit" in self.kinds and "value" in made and ("code" in made or "unit" in made):
                self.convert(made, facts)
            return made
        if not isinstance(value, str):
            return value
        if "system" in self.kinds and (name := system_of(value)):
            return self.renamed(value, SYSTEMS[name])
        return value if "zone" not in self.kinds or HOURS & set(facts) else self.moved(value)

    def convert(self, quantity: dict[str, Any], facts: tuple[str, ...]) -> None:
        unit = quantity.get("code") or quantity["unit"]
        tables = [UNITS.by_fact.get(fact, {}) for fact in facts]
        for table in tables:
            others = [other for other in table if other != unit and "/" in other and other.strip() == other]
            if unit in table and others and all(one is table for one in tables if unit in one):
                other = self.pick(others)
                exact = table[unit].apply(Fraction(str(quantity["value"]))) - table[other].plus
                quantity["value"] = round(float(exact / table[other].times), 10)
                quantity["code"] = quantity["unit"] = other
                self.places["unit"] += 1
                return

    def moved(self, text: str) -> str:
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return text
        if moment.tzinfo is None or len(text) < len("2026-01-01T00:00Z"):
            return text
        others = [moment.astimezone(dt.timezone(dt.timedelta(minutes=zone))) for zone in ZONES]
        kept = [other for other in others if other.date() == moment.date() and other.isoformat() != moment.isoformat()]
        if not kept:
            return text
        self.places["zone"] += 1
        return str(self.pick(kept).isoformat())

    def renamed(self, uri: str, uris: tuple[str, ...]) -> str:
        others = [*uris, *(one.replace("http:", "https:") for one in uris if one.startswith("http:"))]
        made = self.pick([one for one in others if one != uri])
        self.places["system"] += 1
        return str(made)


def facts_of(value: dict[str, Any]) -> tuple[str, ...]:
    """Name the facts that an observation or an answer is of."""
    if "linkId" in value:
        return (str(value["linkId"]),)
    listed = (value.get("code") or {}).get("coding", []) if isinstance(value.get("code"), dict) else []
    hits = [TABLES.look(one.get("system", ""), one.get("code", "")) for one in listed]
    return tuple(dict.fromkeys(fact for hit in hits for fact in (*hit.facts, *hit.valued)))


def decided(file: dict[str, Any], bundle: Any) -> list[tuple[object, ...]]:
    judgments = file.get("judgments")
    found = determine(
        json.dumps(bundle).encode(), judgments=json.dumps(judgments).encode() if judgments is not None else None
    )
    return [signature(one) for one in found]


def signature(found: Determination) -> tuple[object, ...]:
    statuses = [(one.id, one.status) for root in found.criteria for one in below(root)]
    return found.outcome, statuses, sorted(question.fact for question in found.questions)


def below(part: Any) -> list[Any]:
    return [part, *(one for inner in part.parts for one in below(inner))]


@pytest.mark.parametrize("kinds", [("unit",), ("zone",), ("system",), ("unit", "zone", "system")], ids="+".join)
def test_a_chart_written_otherwise_is_decided_the_same(kinds: tuple[str, ...]) -> None:
    places: Counter[str] = Counter()
    changed = 0
    for number, kept in enumerate(every()[len(kinds) :: EVERY]):
        file = kept.load()
        other = Respelled(np.random.default_rng(number), kinds)
        bundle = other.write(file["bundle"])
        if other.places:
            assert decided(file, bundle) == decided(file, file["bundle"]), (str(kept), other.places)
            changed += 1
        places += other.places
    print(f"{changed} charts written otherwise: {dict(places)}")
    assert all(places[kind] >= 20 for kind in kinds)
    assert changed >= 20
