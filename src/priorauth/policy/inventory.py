"""The inventory: every rule of the payers' texts by outline id, and where each version of a policy accounts for it.

A rule is accounted for exactly once: as the ``id`` of a criterion, in an ``also``, or under ``not encoded`` with a
reason. Columns of ``inventory.csv``: policy (the payer's folder, or payer/policy where the payer has several), id,
class, title (in our own words), facts. Classes: D data, F form or answer, H human judgment, P procedure or document, S
scope or definition; the first is the usual way.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from priorauth.errors import Fault, PolicyFaults
from priorauth.policy.catalog import SHIPPED, Catalog, prefix
from priorauth.policy.tree import Policy, walk
from priorauth.values.files import FileFault, read
from priorauth.values.strict_yaml import MAX_BYTES

How = Literal["id", "also", "not encoded"]
NAME = "inventory.csv"
MAY_BE_LEFT_OUT = ("S", "P")
"""First letters of the classes whose rules may be left out of a version: there is nothing of the patient in them."""
_COLUMNS = ["policy", "id", "class", "title", "facts"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a payer's text."""

    text: str
    """The payer whose text it is, or the policy (``payer/policy``) where the payer has several texts."""
    id: str
    kind: str
    title: str
    facts: tuple[str, ...]
    home: Path
    """The folder of policies whose inventory this is; policies of other folders are not held to it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version accounts for a rule: how, in which line of its file, and why it is left out."""

    id: str
    how: How
    line: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One version against the inventory of its text: where each rule stands, and what is wrong."""

    policy: Policy
    newest: bool
    rules: Mapping[str, Rule]
    places: Mapping[str, Place]
    unaccounted: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    wrongly_left_out: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every rule is accounted for exactly once."""
        return not (self.unaccounted or self.twice or self.unknown or self.wrongly_left_out)


def load(path: Path = SHIPPED / NAME) -> tuple[Rule, ...]:
    """Load an inventory; raises PolicyFaults."""
    try:
        text = read(path, MAX_BYTES).decode()
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except FileFault as fault:
        raise PolicyFaults.at_line(str(path), 1, fault.problem) from None
    except UnicodeDecodeError:
        raise PolicyFaults.at_line(str(path), 1, "cannot be read: expected UTF-8 text") from None
    except csv.Error as fault:
        raise PolicyFaults.at_line(str(path), 1, f"cannot be read: {fault}") from None
    if not rows or rows[0] != _COLUMNS:
        raise PolicyFaults.at_line(str(path), 1, f"expected the columns {', '.join(_COLUMNS)}")
    faults = [
        Fault.at_line(str(path), line, f"expected {len(_COLUMNS)} columns")
        for line, row in enumerate(rows, 1)
        if len(row) != len(_COLUMNS)
    ]
    PolicyFaults.raise_if(faults)
    return tuple(
        Rule(text, id_, kind, title, tuple(facts.split()), path.parent) for text, id_, kind, title, facts in rows[1:]
    )


def of_catalog(catalog: Catalog) -> tuple[Rule, ...]:
    """Return the rules of every folder of a catalog that has an inventory."""
    return tuple(rule for folder in catalog.folders if (folder / NAME).is_file() for rule in load(folder / NAME))


def of(policy: str, rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return the rules of a policy's text by id: those under its own name, else those under its payer's."""
    found: dict[str, dict[str, Rule]] = {}
    for rule in rules:
        found.setdefault(rule.text, {})[rule.id] = rule
    return found.get(policy) or found.get(policy.partition("/")[0], {})


def places(policy: Policy) -> Iterator[Place]:
    """Yield every place at which a version accounts for a rule, its own or one of a policy that it imports."""

    def own(names: Iterable[str], how: How, line: int) -> Iterator[Place]:
        for name in names:
            yield Place(name, how, line)

    for root in policy.roots():
        for node in walk(root):
            yield from own((node.id,) if node.id else (), "id", node.line)
            yield from own(node.also, "also", node.line)
    for route in (*policy.elsewhere, *policy.other_criteria, *policy.notes):
        yield from own((route.id,) if route.id else (), "id", route.line)
        yield from own(route.also, "also", route.line)
    for pathway in policy.pathways:
        yield from own(pathway.also, "also", pathway.line)
    for rule in policy.not_encoded:
        yield Place(rule.id, "not encoded", rule.line, rule.reason)


def account(policy: Policy, rules: Mapping[str, Rule], *, newest: bool, imported: Iterable[str] = ()) -> Account:
    """Hold one version against the rules of its text by id.

    An older version may leave out a rule of any class, since a rule that came later is listed there as not encoded; the
    newest only rules of the classes S and P. ``imported`` are the prefixes of policies that may be imported: their ids
    are accounted for by their own files.
    """
    found: dict[str, Place] = {}
    twice: list[str] = []
    others = tuple(imported)
    for place in places(policy):
        if place.id not in rules and place.id.startswith(others):
            continue
        if place.id in found:
            twice.append(place.id)
        found.setdefault(place.id, place)
    left_out = [
        place.id
        for place in found.values()
        if place.how == "not encoded" and place.id in rules and not rules[place.id].kind.startswith(MAY_BE_LEFT_OUT)
    ]
    return Account(
        policy,
        newest,
        rules,
        found,
        unaccounted=tuple(name for name in rules if name not in found),
        twice=tuple(dict.fromkeys(twice)),
        unknown=tuple(name for name in found if name not in rules),
        wrongly_left_out=tuple(left_out) if newest else (),
    )


def accounts(catalog: Catalog, rules: Iterable[Rule]) -> tuple[Account, ...]:
    """Hold every version of every policy that has an inventory against it, newest version first in each policy."""
    by_home: dict[Path, list[Rule]] = {}
    for rule in rules:
        by_home.setdefault(rule.home, []).append(rule)
    prefixes = tuple(prefix(policy) for policy in catalog.files)
    found = []
    for name, files in catalog.files.items():
        mine = of(name, by_home.get(files[-1][1].parent.parent.parent, ()))
        if mine:
            versions = catalog.versions(name)
            found += [
                account(policy, mine, newest=policy is versions[-1], imported=prefixes) for policy in reversed(versions)
            ]
    return tuple(found)
