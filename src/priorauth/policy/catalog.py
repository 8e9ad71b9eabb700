"""The catalog: which policies there are, who their payers are, and which version is in force on which date.

A folder of policies holds, per payer, ``<payer>/payer.yaml`` and ``<payer>/<policy>/<effective-from>.yaml``; beside the
payers ``common.yaml`` with what holds under every policy, and optionally a ``vocabulary.yaml`` of further facts.
Folders outside the package are laid over the shipped one: adding a payer takes no Python.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.errors import Fault, InputRefused, PolicyFaults
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy import document
from priorauth.policy import payers as payer_files
from priorauth.policy import unread as unread_texts
from priorauth.policy.load import Reader, read_mapping
from priorauth.policy.payers import Payer
from priorauth.policy.tree import Criterion, Group, NamedReading, Policy, Unread
from priorauth.policy.version import Version
from priorauth.values import dates
from priorauth.values import units as unit_tables
from priorauth.values.strict_yaml import file_bytes
from priorauth.values.units import Units

SHIPPED = Path(__file__).parent.parent / "policies"
NOT_A_POLICY = (".cases.yaml", ".findings.yaml", ".trace.yaml", unread_texts.SUFFIX)
"""How the names of files end that stand beside a version and are none."""
MAX_IMPORTS = 4
"""How many policies may import one another in a row."""
_KEPT = 2_048
"""How many versions, each with its readings, are kept in memory: what-if asks for ever other ones."""


_OF = ":"
"""What parts a policy from its reading where a value is another in that policy alone."""


def reading_of(policy: str, name: str) -> str:
    """Return the name by which a reading of one policy is given another value: ``payer/policy:name``."""
    return f"{policy}{_OF}{name}"


def unknown(policy: str, catalog: Catalog) -> Fault:
    """Return the fault of a policy's id that no policy has."""
    return Fault(None, None, f"no policy is named {policy!r}; expected one of {', '.join(catalog.files)}")


class Catalog(Struct, frozen=True):
    """All policies of one or more folders; later folders are laid over earlier ones. Made by :meth:`open`.

    ``payers`` has each payer by its id, with its name and what else it is known by; ``files`` the versions of each
    policy. :meth:`listed` says what each version is, :meth:`on` which are in force on a day.
    """

    folders: tuple[Path, ...]
    """The folders, the shipped one first; a later one is laid over those before it."""
    vocabulary: Vocabulary
    """The facts."""
    units: Units
    """The units in which quantities may arrive."""
    payers: Mapping[str, Payer]
    """Each payer by its id."""
    files: Mapping[str, tuple[tuple[int, Path], ...]]
    """Policy id -> its versions as (first day, file), oldest first."""
    common: tuple[Criterion, ...]
    """Criteria that hold under every policy."""
    common_sha256: str
    """The hash of the file with the criteria that hold under every policy."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Named readings that have another value in this catalog: ``name`` in every policy, ``payer/policy:name`` in one.
    """
    only: Mapping[str, Path] = field(default_factory=dict)
    """Policies held to one of their versions, whatever the day: what-if alone asks for that."""
    shadows: Mapping[str, tuple[Path, Path]] = field(default_factory=dict)
    """Id of a policy or a payer that two folders have -> the folder that it is taken from, and the one that it hides.
    """

    @classmethod
    def open(cls, *folders: Path | str) -> Catalog:
        """Return the shipped policies with folders of one's own laid over them; raises PolicyFaults."""
        return open_catalog(*map(Path, folders))

    @property
    def policies(self) -> tuple[str, ...]:
        """The id of every policy, in the order of the alphabet."""
        return tuple(self.files)

    def listed(self, policy: str | None = None) -> tuple[Version, ...]:
        """Return what each version is, oldest first, of one policy or of all; raises InputRefused for no policy."""
        if policy is not None and policy not in self.files:
            raise InputRefused(unknown(policy, self))
        return tuple(Version.of(one) for name in self.files if policy in (None, name) for one in self.versions(name))

    def on(self, day: date | str, policy: str | None = None) -> tuple[Version, ...]:
        """Return the versions in force on a day (a date, or YYYY-MM-DD), of one policy or of all.

        The day counts as that of the request, of its receipt and of the service alike. Raises InputRefused for what is
        no day, or no policy.
        """
        try:
            wanted = dates.day(str(day))
        except ValueError as fault:
            raise InputRefused(Fault.of_argument("day", str(fault))) from None
        return tuple(one for one in self.listed(policy) if one.holds(date.fromordinal(wanted)))

    def shadowed(self, policy: Policy) -> Iterator[str]:
        """Yield for a policy, its payer and the policies that it imports which of them hide one of another folder."""
        ours = ((policy.id, "policy"), (policy.payer, "payer"), *((one, "policy") for one in policy.imports))
        for name, kind in ours:
            if name in self.shadows:
                folder, hidden = self.shadows[name]
                other = "the shipped one" if hidden == SHIPPED else f"that of {hidden}"
                yield f"{kind} {name} is taken from {folder}, not {other}"

    def payer_of(self, identifier: str | None, names: tuple[str, ...]) -> Payer | None:
        """Find a payer by its identifier, else by a name or a further identifier listed in its file."""
        if identifier is not None:
            return self.payers.get(identifier)
        wanted = {name.casefold() for name in names}
        for payer in self.payers.values():
            if wanted & set(payer.known()):
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
        own = f"{path.parent.parent.name}/{path.parent.name}{_OF}"
        chosen |= {name: value for name, value in self.overrides.items() if _OF not in name}
        chosen |= {name.removeprefix(own): value for name, value in self.overrides.items() if name.startswith(own)}
        return _load(self, path, tuple(sorted((name, str(value)) for name, value in chosen.items())))

    def in_force(self, policy: str, on: Mapping[str, int], plan: str | None = None) -> Policy | None:
        """Return the version in force; ``on`` holds the day by which each version counts: request, service, receipt."""
        if policy in self.only:
            return self.load(self.only[policy], plan)
        versions = self.versions(policy, plan)
        found, newer = unread_texts.holding(versions, on), unread_texts.holding(self.unread(policy), on)
        if newer and (found is None or found.effective.first < newer.effective.first):
            return unread_texts.over(newer, versions)
        return found

    def unread(self, policy: str) -> tuple[Unread, ...]:
        """Return the newer texts of a policy that are known and were not read, oldest first; raises PolicyFaults."""
        return unread_texts.beside(tuple(path for _, path in self.files[policy]))

    def at(self, policy: str, plan: str | None = None) -> Mapping[str, Policy]:
        """Return each version by its first day (YYYY-MM-DD), texts that were not read over the version before them."""
        versions = self.versions(policy, plan)
        known = (unread_texts.over(one, versions) for one in self.unread(policy))
        return {dates.iso((one.unread or one).effective.first): one for one in (*versions, *known) if one}

    def of_payer(self, payer: str) -> tuple[str, ...]:
        """Return the names of the policies of a payer."""
        return tuple(policy for policy in self.files if policy.partition("/")[0] == payer)

    def all(self) -> Iterator[Policy]:
        """Load every version of every policy."""
        for policy in self.files:
            yield from self.versions(policy)

    def with_readings(self, overrides: Mapping[str, str]) -> Catalog:
        """Return a catalog in which readings have other values; a name that no policy has is refused.

        ``name`` is that reading of every policy, ``payer/policy:name`` of one alone.
        """
        for name in overrides:
            policy, _, wanted = name.rpartition(_OF)
            among = self.versions(policy) if policy in self.files else () if policy else self.all()
            if not any(wanted in (one.readings or {}) for one in among):
                raise PolicyFaults(Fault(None, None, f"no policy has a reading named {name!r}"))
        return replace(self, overrides={**self.overrides, **overrides})

    def held_to(self, policy: str, path: Path) -> Catalog:
        """Return a catalog in which a policy is in force by one of its files alone, whatever the day."""
        return replace(self, only={**self.only, policy: path})

    def __hash__(self) -> int:
        """Two catalogs of the same folders, overrides and chosen versions are one."""
        return hash((self.folders, tuple(sorted(self.overrides.items())), tuple(sorted(self.only.items()))))

    def __eq__(self, other: object) -> bool:
        """Two catalogs of the same folders, overrides and chosen versions are one."""
        return isinstance(other, Catalog) and (self.folders, dict(self.overrides), dict(self.only)) == (
            other.folders,
            dict(other.overrides),
            dict(other.only),
        )


@cache
def open_catalog(*folders: Path) -> Catalog:
    """Open the shipped policies with further folders laid over them, every file of which must be whole.

    Raises PolicyFaults with every fault found.
    """
    catalog = lay(*folders)
    PolicyFaults.raise_if(dict.fromkeys(_faults(catalog)))
    return catalog


def lay(*folders: Path) -> Catalog:
    """Lay folders over the shipped policies without reading the policies in them; raises as open_catalog."""
    everywhere = tuple(dict.fromkeys((SHIPPED, *folders)))
    vocabulary = vocabularies.load()
    units = unit_tables.load()
    for folder in everywhere[1:]:
        if not folder.is_dir():
            raise PolicyFaults(Fault(str(folder), None, "expected a folder of policies"))
        extra = folder / "vocabulary.yaml"
        if os.path.lexists(extra):
            vocabulary = vocabularies.extended(vocabulary, extra)
        more = folder / "units.yaml"
        if os.path.lexists(more):
            units = unit_tables.extended(units, more)
    payers: dict[str, Payer] = {}
    files: dict[str, tuple[tuple[int, Path], ...]] = {}
    home: dict[str, Path] = {}
    shadows: dict[str, tuple[Path, Path]] = {}
    faults: list[Fault] = []
    for folder in everywhere:
        here: list[str] = []
        for path in (place / payer_files.FILE for place in sorted(folder.glob("*/"))):
            if not os.path.lexists(path):
                continue
            try:
                payers[path.parent.name] = payer_files.load(path)
            except PolicyFaults as refused:
                faults += refused.faults
            here.append(path.parent.name)
        for place in sorted(folder.glob("*/*/")):
            if found := tuple(_dated(place)):
                files[f"{place.parent.name}/{place.name}"] = found
                here.append(f"{place.parent.name}/{place.name}")
        for name in here:
            if name in home:
                shadows[name] = (folder, home[name])
            home[name] = folder
    PolicyFaults.raise_if([*faults, *_claimed_twice(payers)])
    common, sha256 = _common(SHIPPED / "common.yaml", vocabulary, units)
    return Catalog(everywhere, vocabulary, units, payers, dict(sorted(files.items())), common, sha256, shadows=shadows)


def _claimed_twice(payers: Mapping[str, Payer]) -> Iterator[Fault]:
    """Yield which names and identifiers two payers claim."""
    owners: dict[str, str] = {}
    for payer in payers.values():
        for known in payer.known():
            if owners.setdefault(known, payer.id) != payer.id:
                said = f"{known!r} is a name or identifier of the payer {owners[known]} already"
                yield Fault.at_line(payer.file, 1, said)


def _faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield what is wrong with the policies of folders laid over the shipped one, and with what payers set."""
    for folder in catalog.folders[1:]:
        for versions in catalog.files.values():
            for _, path in versions:
                if path.is_relative_to(folder):
                    try:
                        _load(catalog, path, ())
                    except PolicyFaults as refused:
                        yield from refused.faults
            yield from unread_texts.faults(path for _, path in versions if path.is_relative_to(folder))
    yield from payer_faults(catalog)


def payer_faults(catalog: Catalog) -> Iterator[Fault]:
    """Yield which readings payers set that none of their policies has, or to what they may not be.

    Of a payer one of whose policies is at fault nothing is said.
    """
    for payer in catalog.payers.values():
        if any(payer.overrides()):
            with suppress(PolicyFaults):
                versions = [path for name in catalog.of_payer(payer.id) for _, path in catalog.files[name]]
                yield from payer_files.unfit(payer, tuple(_load(catalog, path, ()) for path in versions))


def _dated(place: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(place.glob("*.yaml")):
        if path.name.endswith(NOT_A_POLICY):
            continue
        try:
            yield dates.day(path.stem), path
        except ValueError:
            said = "expected a file named by the first day of the version, YYYY-MM-DD.yaml"
            raise PolicyFaults(Fault(str(path), None, said)) from None


def _common(path: Path, vocabulary: Vocabulary, units: Units) -> tuple[tuple[Criterion, ...], str]:
    top, sha256 = read_mapping(path)
    reader = Reader(str(path), vocabulary, units)
    reader.keys(top, {"reserved"}, "common.yaml")
    found = reader.criteria(top.get("reserved"), "reserved")
    PolicyFaults.raise_if(reader.faults)
    return found, sha256


@lru_cache(_KEPT)
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

    pinned = [file_bytes(path)]
    borrowed: dict[str, NamedReading] = {}
    imports: dict[str, None] = {}

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
        pinned.append(file_bytes(file))
        imports.update(dict.fromkeys((policy, *other.imports)))
        borrowed.update(other.readings or {})
        return _under(other.pathways[0].require, prefix(policy))

    policy = document.load(path, catalog.vocabulary, catalog.units, kept, imported)
    _place(policy, path)
    digest = hashlib.sha256(b"\0".join(pinned)).hexdigest() if len(pinned) > 1 else policy.sha256
    readings = {**borrowed, **(policy.readings or {})}
    return replace(policy, sha256=digest, readings=readings, imports=tuple(imports))


def _place(policy: Policy, path: Path) -> None:
    """Hold a policy to the place of its file: the id to its folders, the first day to its name."""
    expected = f"{path.parent.parent.name}/{path.parent.name}"
    faults = []
    if policy.id != expected:
        said = f"expected `policy: {expected}`, as the folders say, found {policy.id}"
        faults.append(Fault.at_line(str(path), 1, said))
    if dates.iso(policy.effective.first) != path.stem:
        faults.append(Fault.at_line(str(path), 1, f"expected a first day of {path.stem}, as the file's name says"))
    PolicyFaults.raise_if(faults)


def prefix(policy: str) -> str:
    """Return what stands before the ids of an imported policy: the first word of its name (ncd-280-14: ``NCD.``)."""
    return f"{policy.partition('/')[2].partition('-')[0].upper()}."


def _under(criterion: Criterion, before: str) -> Criterion:
    """Return a tree with something before each of its ids."""
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
