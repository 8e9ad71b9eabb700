"""The catalog: which policies there are, who their payers are, and which version is in force on which date.

A folder of policies holds, per payer, ``<payer>/payer.yaml`` and ``<payer>/<policy>/<effective-from>.yaml``; beside the
payers ``common.yaml`` with what holds under every policy, and optionally a ``vocabulary.yaml`` of further facts.
Folders outside the package are laid over the shipped one: adding a payer takes no Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import cast

from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy import document
from priorauth.policy.load import PolicyFaults, Reader, read_mapping
from priorauth.policy.tree import Criterion, Group, NamedReading, Policy
from priorauth.values import dates
from priorauth.values import units as unit_tables
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.units import Units

SHIPPED = Path(__file__).parent.parent / "policies"
MAX_IMPORTS = 4
"""How many policies may import one another in a row."""
_PAYER = {"payer", "name", "names", "identifiers", "plans", "readings"}


@dataclass(frozen=True, slots=True)
class Payer:
    """A payer: its folder, the names and identifiers it is known by, and readings that it or a plan of it sets."""

    id: str
    name: str
    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    readings: Mapping[str, str]
    plans: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All policies of one or more folders; later folders are laid over earlier ones."""

    folders: tuple[Path, ...]
    vocabulary: Vocabulary
    units: Units
    payers: Mapping[str, Payer]
    files: Mapping[str, tuple[tuple[int, Path], ...]]
    """Policy id -> its versions as (first day, file), oldest first."""
    common: tuple[Criterion, ...]
    common_sha256: str
    overrides: Mapping[str, str] = field(default_factory=dict)

    def payer_of(self, identifier: str | None, names: tuple[str, ...]) -> Payer | None:
        """Find a payer by its identifier, else by a name or a further identifier listed in its file."""
        if identifier is not None:
            return self.payers.get(identifier)
        wanted = {name.casefold() for name in names}
        for payer in self.payers.values():
            if wanted & {known.casefold() for known in (*payer.names, payer.name, *payer.identifiers)}:
                return payer
        return None

    def versions(self, policy: str, plan: str | None = None) -> tuple[Policy, ...]:
        """Load every version of a policy, oldest first; KeyError where there is none of that id."""
        return tuple(self.load(path, plan) for _, path in self.files[policy])

    def load(self, path: Path, plan: str | None = None) -> Policy:
        """Load one version with the readings of its payer, of the plan, and of this catalog."""
        payer = self.payers.get(path.parent.parent.name)
        chosen: dict[str, str] = {}
        if payer:
            chosen |= payer.readings
            chosen |= payer.plans.get(plan or "", {})
        chosen |= self.overrides
        return _load(self, path, tuple(sorted(chosen.items())))

    def in_force(self, policy: str, on: Mapping[str, int], plan: str | None = None) -> Policy | None:
        """Give the version in force; ``on`` holds the day by which each version counts: request, service, receipt."""
        for version in reversed(self.versions(policy, plan)):
            day = on[version.effective.by]
            if version.effective.first <= day and (version.effective.last is None or day <= version.effective.last):
                return version
        return None

    def of_payer(self, payer: str) -> tuple[str, ...]:
        """Name the policies of a payer."""
        return tuple(policy for policy in self.files if policy.partition("/")[0] == payer)

    def all(self) -> Iterator[Policy]:
        """Load every version of every policy."""
        for policy in self.files:
            yield from self.versions(policy)

    def with_readings(self, overrides: Mapping[str, str]) -> Catalog:
        """Give a catalog in which readings have other values; a name that no policy has is refused."""
        for name in overrides:
            if not any(name in (policy.readings or {}) for policy in self.all()):
                raise PolicyFaults([f"no policy has a reading named {name!r}"])
        return replace(self, overrides={**self.overrides, **overrides})

    def __hash__(self) -> int:
        """Two catalogs of the same folders and overrides are one."""
        return hash((self.folders, tuple(sorted(self.overrides.items()))))

    def __eq__(self, other: object) -> bool:
        """Two catalogs of the same folders and overrides are one."""
        return isinstance(other, Catalog) and (self.folders, dict(self.overrides)) == (
            other.folders,
            dict(other.overrides),
        )


@cache
def open_catalog(*folders: Path) -> Catalog:
    """Open the shipped policies with further folders laid over them; raises PolicyFaults or YamlFault."""
    everywhere = (SHIPPED, *folders)
    vocabulary = vocabularies.load()
    units = unit_tables.load()
    for folder in folders:
        if not folder.is_dir():
            raise PolicyFaults([f"{folder}: expected a folder of policies"])
        extra = folder / "vocabulary.yaml"
        if extra.exists():
            vocabulary = vocabularies.extended(vocabulary, extra)
        more = folder / "units.yaml"
        if more.exists():
            units = unit_tables.extended(units, more)
    payers: dict[str, Payer] = {}
    files: dict[str, tuple[tuple[int, Path], ...]] = {}
    for folder in everywhere:
        for path in sorted(folder.glob("*/payer.yaml")):
            payers[path.parent.name] = _payer(path)
        for place in sorted(folder.glob("*/*/")):
            if found := tuple(_dated(place)):
                files[f"{place.parent.name}/{place.name}"] = found
    common, sha256 = _common(SHIPPED / "common.yaml", vocabulary, units)
    return Catalog(everywhere, vocabulary, units, payers, dict(sorted(files.items())), common, sha256)


def _dated(place: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(place.glob("*.yaml")):
        if path.name.endswith((".cases.yaml", ".findings.yaml")):
            continue
        try:
            yield dates.day(path.stem), path
        except ValueError:
            raise PolicyFaults(
                [f"{path}: expected a file named by the first day of the version, YYYY-MM-DD.yaml"]
            ) from None


def _payer(path: Path) -> Payer:
    top, _ = read_mapping(path)
    reader = Reader(str(path), Vocabulary({}, {}, ""), Units({}))
    reader.keys(top, _PAYER, "a payer")
    if reader.faults:
        raise PolicyFaults(reader.faults)
    plans = cast("Map", top.get("plans", Map()))
    return Payer(
        path.parent.name,
        str(top.get("name", path.parent.name)),
        tuple(str(name) for name in top.get("names", ())),
        tuple(str(name) for name in top.get("identifiers", ())),
        {name: str(value) for name, value in cast("Map", top.get("readings", Map())).items()},
        {plan: {n: str(v) for n, v in cast("Map", rows).items()} for plan, rows in plans.items()},
    )


def _common(path: Path, vocabulary: Vocabulary, units: Units) -> tuple[tuple[Criterion, ...], str]:
    top, sha256 = read_mapping(path)
    reader = Reader(str(path), vocabulary, units)
    reader.keys(top, {"reserved"}, "common.yaml")
    found = reader.criteria(top.get("reserved"), "reserved")
    if reader.faults:
        raise PolicyFaults(reader.faults)
    return found, sha256


@cache
def _load(
    catalog: Catalog, path: Path, overrides: tuple[tuple[str, str], ...], importing: tuple[Path, ...] = ()
) -> Policy:
    """Load a version once for each set of readings; readings of other policies are left aside.

    ``importing`` are the files that are being loaded and import this one, outermost first.
    """
    top, _ = read_mapping(path)
    own = top.get("readings")
    names = set(own) if isinstance(own, dict) else set()
    kept = {name: value for name, value in overrides if name in names}

    pinned = [path.read_bytes()]
    borrowed: dict[str, NamedReading] = {}

    def imported(wanted: str) -> Criterion | str:
        policy, _, version = wanted.partition("@")
        found = {dates.iso(first): file for first, file in catalog.files.get(policy, ())}
        if not found:
            return f"no policy is named {policy!r}"
        file = found.get(version) if version else found[max(found)]
        if file is None:
            return f"{policy} has no version {version!r}; expected one of {', '.join(found)}"
        if file in (*importing, path):
            return f"{wanted} imports this policy: an import cannot go in a circle"
        if len(importing) >= MAX_IMPORTS:
            return f"expected at most {MAX_IMPORTS} imports one below another"
        other = _load(catalog, file, overrides, (*importing, path))
        pinned.append(file.read_bytes())
        borrowed.update(other.readings or {})
        return _under(other.pathways[0].require, prefix(policy))

    policy = document.load(path, catalog.vocabulary, catalog.units, kept, imported)
    _place(policy, path)
    digest = hashlib.sha256(b"\0".join(pinned)).hexdigest() if len(pinned) > 1 else policy.sha256
    return replace(policy, sha256=digest, readings={**borrowed, **(policy.readings or {})})


def _place(policy: Policy, path: Path) -> None:
    """Hold a policy to the place of its file: the id to its folders, the first day to its name."""
    expected = f"{path.parent.parent.name}/{path.parent.name}"
    faults = []
    if policy.id != expected:
        faults.append(f"{path}:1: expected `policy: {expected}`, as the folders say, found {policy.id}")
    if dates.iso(policy.effective.first) != path.stem:
        faults.append(f"{path}:1: expected a first day of {path.stem}, as the file's name says")
    if faults:
        raise PolicyFaults(faults)


def prefix(policy: str) -> str:
    """Give what stands before the ids of an imported policy: the first word of its name (ncd-280-14: ``NCD.``)."""
    return f"{policy.partition('/')[2].partition('-')[0].upper()}."


def _under(criterion: Criterion, before: str) -> Criterion:
    """Give a tree with something before each of its ids."""
    test = criterion.test
    if isinstance(test, Group):
        test = replace(test, parts=tuple(_under(part, before) for part in test.parts))
    return replace(
        criterion,
        id=f"{before}{criterion.id}" if criterion.id else None,
        also=tuple(f"{before}{other}" for other in criterion.also),
        guard=_under(criterion.guard, before) if criterion.guard else None,
        test=test,
    )
