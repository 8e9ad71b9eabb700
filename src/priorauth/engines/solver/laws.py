"""Laws of the facts: what holds for every patient, whatever a policy asks. Loaded from ``policies/laws.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from priorauth.errors import PolicyFaults
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping as Map

PATH = Path(__file__).parents[2] / "policies" / "laws.yaml"
_KEYS = {
    "known",
    "fixed",
    "product",
    "implies",
    "told_with",
    "part_of",
    "shown_by",
    "months_of",
    "log",
    "most_a_day",
    "days_before_request",
    "grown",
    "number",
}


@dataclass(frozen=True, slots=True)
class Laws:
    """All laws; the keys are explained in the file. Days are counted back from the request, ``grown`` in years."""

    known: frozenset[str]
    fixed: Mapping[str, str]
    drug: str
    drug_products: frozenset[str]
    implies: tuple[tuple[str, str], ...]
    told_with: tuple[tuple[str, str], ...]
    part_of: tuple[tuple[str, str], ...]
    shown_by: Mapping[str, str]
    months_of: Mapping[str, str]
    log: tuple[str, str]
    """The document that enough days of meter readings are, and the named number of days."""
    most_a_day: Mapping[str, int]
    before: Mapping[str, int]
    grown: int
    number: Mapping[str, int]

    def most(self, fact: str) -> int:
        """Return how many rows of a fact one day can hold."""
        return self.most_a_day.get(fact, self.most_a_day["others"])

    def days_before(self, anchor: str) -> int:
        """Return how many days before the request an anchor lies."""
        return self.before.get(anchor, self.before["others"])

    def plain_number(self, fact: str) -> int:
        """Return the number of a row that no policy tests."""
        return self.number.get(fact, self.number["others"])


@cache
def load(path: Path = PATH) -> Laws:
    """Load the laws; raises PolicyFaults with the line of the first fault."""
    top = strict_yaml.read_file(path)
    if unknown := sorted(set(top) - _KEYS):
        raise PolicyFaults.at_line(str(path), top.key_lines[unknown[0]], f"no law is named {unknown[0]!r}")
    if missing := sorted(_KEYS - set(top)):
        raise PolicyFaults.at_line(str(path), 1, f"expected `{missing[0]}:`")
    try:
        return _laws(top)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise PolicyFaults.at_line(str(path), 1, f"cannot be read: {fault}") from None


def _laws(top: Map) -> Laws:
    def pairs(key: str, other: str) -> tuple[tuple[str, str], ...]:
        return tuple((str(row["fact"]), str(row[other])) for row in cast("list[Map]", top[key]))

    def numbers(key: str) -> dict[str, int]:
        return {name: int(str(value)) for name, value in cast("Map", top[key]).items()}

    drug = cast("Map", cast("Map", top["product"])["infusion_drug"])
    return Laws(
        known=frozenset(str(name) for name in cast("Map", top["known"])["facts"]),
        fixed={name: str(cast("Map", row)["is"]) for name, row in cast("Map", top["fixed"]).items()},
        drug=str(drug["is"]),
        drug_products=frozenset(str(code) for code in drug["products"]),
        implies=pairs("implies", "so"),
        told_with=pairs("told_with", "of"),
        part_of=pairs("part_of", "of"),
        shown_by=dict(pairs("shown_by", "test")),
        log=(str(cast("Map", top["log"])["fact"]), str(cast("Map", top["log"])["days"])),
        months_of=dict(pairs("months_of", "of")),
        most_a_day=numbers("most_a_day"),
        before=numbers("days_before_request"),
        grown=int(str(top["grown"])),
        number=numbers("number"),
    )
