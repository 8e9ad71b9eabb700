"""The catalog: which policies there are, who their payers are, and which version is in force on which date.

A folder of policies holds, per payer, ``<payer>/payer.yaml`` and ``<payer>/<policy>/<effective-from>.yaml``; beside the
payers ``common.yaml`` with what holds under every policy, and optionally a ``vocabulary.yaml`` of further facts.
Folders outside the package are laid over the shipped one and add to it: adding a payer takes no Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.errors import Fault, InputRefused, PolicyFaults
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy import device_labels, document, order
from priorauth.policy import payers as payer_files
from priorauth.policy import unread as unread_texts
from priorauth.policy.device_labels import Labels
from priorauth.policy.folders import Laid, laid
from priorauth.policy.load import Reader, read_mapping
from priorauth.policy.payers import Payer
from priorauth.policy.tree import Criterion, Group, NamedReading, Policy, Unread, reads
from priorauth.policy.version import Version
from priorauth.values import dates, names
from priorauth.values.strict_yaml import file_bytes
from priorauth.values.units import Units

SHIPPED = Path(__file__).parent.parent / "policies"
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
    near = names.near(policy, catalog.files)
    return Fault(None, None, f"no policy is named {policy!r}; expected one of {', '.join(catalog.files)}{near}")


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
    labels: Labels = device_labels.NONE
    """What the labels of devices say."""
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Named readings that have another value in this catalog: ``name`` in every policy, ``payer/policy:name`` in one.
    """
    only: Mapping[str, Path] = field(default_factory=dict)
    """Policies held to one of their versions, whatever the day: what-if alone asks for that."""
    homes: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Id of a policy or a payer that several folders have -> those folders, in the order in which they are laid."""

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

    def merged(self, policy: Policy) -> Iterator[str]:
        """Yield for a policy, its payer and the policies that it imports which of them several folders have."""
        ours = ((policy.id, "policy"), (policy.payer, "payer"), *((one, "policy") for one in policy.imports))
        for name, kind in ours:
            if name in self.homes:
                homes = ("the shipped folder" if one == SHIPPED else str(one) for one in self.homes[name])
                yield f"{kind} {name} is taken from {' and '.join(homes)}"

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
        """Return the ids of the policies of a payer, first the one that decides first (``order:`` in payer.yaml)."""
        theirs = [policy for policy in self.files if policy.partition("/")[0] == payer]
        return order.ordered(theirs, self.payers.get(payer))

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
    catalog, found = gather(*folders)
    PolicyFaults.raise_if(dict.fromkeys((*found.faults, *found.sure(_faults(catalog, found)))))
    return catalog


def lay(*folders: Path) -> Catalog:
    """Lay folders over the shipped policies without reading the policies in them; raises as open_catalog."""
    catalog, found = gather(*folders)
    PolicyFaults.raise_if(found.faults)
    return catalog


def gather(*folders: Path) -> tuple[Catalog, Laid]:
    """Lay folders over the shipped policies as far as their files can be read, with what was found in them."""
    everywhere = tuple(dict.fromkeys((SHIPPED, *folders)))
    found = laid(everywhere)
    common, sha256 = _common(SHIPPED / "common.yaml", found.vocabulary, found.units)
    catalog = Catalog(
        everywhere,
        found.vocabulary,
        found.units,
        found.payers,
        found.files,
        common,
        sha256,
        found.labels,
        homes=found.homes(),
    )
    return catalog, found


def _faults(catalog: Catalog, found: Laid) -> Iterator[Fault]:
    """Yield what is wrong with the policies of folders laid over the shipped one, and with what payers set."""
    for path in _own(catalog):
        try:
            _load(catalog, path, ())
        except PolicyFaults as refused:
            yield from refused.faults
    yield from unread_texts.faults(_own(catalog))
    yield from payer_faults(catalog, found)


def _own(catalog: Catalog) -> Iterator[Path]:
    """Yield the versions that are not shipped."""
    return (path for versions in catalog.files.values() for _, path in versions if not path.is_relative_to(SHIPPED))


def never_read(catalog: Catalog, found: Laid) -> Iterator[Fault]:
    """Yield the facts of one's own that nothing reads; none while a policy is at fault.

    They are faults where a folder is checked: one that is used may bring facts for the policies of other folders.
    """
    with suppress(PolicyFaults):
        read = {fact for path in _own(catalog) for fact in reads(_load(catalog, path, ()))}
        yield from (fault for name, fault in found.own.items() if name not in read)


def payer_faults(catalog: Catalog, found: Laid, *, shipped: bool = False) -> Iterator[Fault]:
    """Yield which readings payers set that none of their policies has, or to what they may not be, and missing orders.

    Of a payer one of whose policies is at fault no more is said than what its order misnames. ``shipped``: of payers,
    too, whose every file is shipped.
    """
    for payer in catalog.payers.values():
        policies = catalog.of_payer(payer.id)
        files = found.described[payer.id]
        yield from (fault for file in files for fault in order.misnamed(file, policies))
        ours = all(path.is_relative_to(SHIPPED) for name in policies for _, path in catalog.files[name])
        ours = ours and all(Path(file.file).is_relative_to(SHIPPED) for file in files)
        if (ours and not shipped and not any(payer.overrides())) or not policies:
            continue
        with suppress(PolicyFaults):
            versions = {name: [_load(catalog, path, ()) for _, path in catalog.files[name]] for name in policies}
            every = tuple(policy for listed in versions.values() for policy in listed)
            yield from (fault for file in files for fault in payer_files.unfit(file, every))
            yield from order.unordered(payer, versions)


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
    has = set(own) if isinstance(own, dict) else set()
    kept = {name: value for name, value in overrides if name in has}

    pinned = [file_bytes(path)]
    borrowed: dict[str, NamedReading] = {}
    imports: dict[str, None] = {}

    def imported(wanted: str) -> Criterion | str:
        policy, _, version = wanted.partition("@")
        found = {dates.iso(first): file for first, file in catalog.files.get(policy, ())}
        if not found:
            return f"no policy is named {policy!r}{names.near(policy, catalog.files)}"
        file = found.get(version) if version else found[max(found)]
        if file is None:
            return f"{policy} has no version {version!r}; expected one of {', '.join(found)}"
        if file in (*importing, path):
            return f"{wanted} imports this policy: an import cannot go in a circle"
        if len(importing) >= MAX_IMPORTS:
            return f"expected at most {MAX_IMPORTS} imports one below another"
        other = _load(catalog, file, overrides, (*importing, path))
        data = file_bytes(file)
        pinned.append(data if hashlib.sha256(data).hexdigest() == other.sha256 else other.sha256.encode())
        imports.update(dict.fromkeys((policy, *other.imports)))
        borrowed.update(other.readings or {})
        return _under(other.pathways[0].require, prefix(policy))

    def labels() -> Labels:
        if (mark := catalog.labels.sha256.encode()) not in pinned:
            pinned.append(mark)
        return catalog.labels.before(_next(catalog, path))

    policy = document.load(path, catalog.vocabulary, catalog.units, kept, imported=imported, labels=labels)
    _place(policy, path)
    digest = hashlib.sha256(b"\0".join(pinned)).hexdigest() if len(pinned) > 1 else policy.sha256
    readings = {**borrowed, **(policy.readings or {})}
    return replace(policy, sha256=digest, readings=readings, imports=tuple(imports))


def _next(catalog: Catalog, path: Path) -> int | None:
    """Return the first day of the version that follows a file's; None where none does."""
    versions = catalog.files.get(f"{path.parent.parent.name}/{path.parent.name}", ())
    places = [file for _, file in versions]
    later = versions[places.index(path) + 1 :] if path in places else ()
    return later[0][0] if later else None


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
