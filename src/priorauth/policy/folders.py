"""What folders of policies hold, laid together: facts, units, labels of devices, payers and versions, with every fault.

A later folder adds to those before it and takes nothing away: a version of a policy stands beside the versions that
other folders have, and a payer's file adds names, readings and plans to those of its other files. Two versions of one
policy that begin on one day are a fault.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts import further
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy import device_labels
from priorauth.policy import payers as payer_files
from priorauth.policy.device_labels import Labels
from priorauth.policy.payers import Payer
from priorauth.values import dates
from priorauth.values import units as unit_tables
from priorauth.values.units import Units

UNREAD = ".unread.yaml"
"""How the name of a text ends that is known and was not read; it stands beside an older version, not its own."""
NOT_A_POLICY = (".cases.yaml", ".findings.yaml", ".trace.yaml", UNREAD)
"""How the names of files end that stand beside a version and are none."""
Versions = tuple[tuple[int, Path], ...]


class Laid(Struct):
    """What some folders hold, in the order in which they are laid."""

    vocabulary: Vocabulary
    units: Units
    labels: Labels = device_labels.NONE
    """What the labels of devices say."""
    described: dict[str, tuple[Payer, ...]] = field(default_factory=dict)
    """Each payer as each of its files has it."""
    files: dict[str, Versions] = field(default_factory=dict)
    """Policy id -> its versions of every folder as (first day, file), oldest first."""
    own: dict[str, Fault] = field(default_factory=dict)
    """Facts that a folder brings, each with the fault that it is where nothing reads it."""
    faults: list[Fault] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    """What faults of policies may say only because a file that they rest on is at fault itself."""

    @property
    def payers(self) -> dict[str, Payer]:
        """Each payer with all that its files say."""
        return {name: payer_files.together(rows) for name, rows in self.described.items()}

    def homes(self) -> Mapping[str, tuple[Path, ...]]:
        """Return the folders that each policy and each payer is taken from, of those that have more than one."""
        found: dict[str, dict[Path, None]] = {}
        for name, versions in self.files.items():
            found[name] = dict.fromkeys(path.parent.parent.parent for _, path in versions)
        for name, rows in self.described.items():
            found[name] = dict.fromkeys(Path(row.file).parent.parent for row in rows)
        return {name: tuple(folders) for name, folders in found.items() if len(folders) > 1}

    def sure(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Yield the faults that would be there whatever else is mended."""
        return (fault for fault in faults if not any(part in fault.message for part in self.unsure))


def laid(folders: tuple[Path, ...]) -> Laid:
    """Return what folders hold; the first is the shipped one, whose vocabulary and units hold for all."""
    found = Laid(vocabularies.load(), unit_tables.load())
    for folder in folders[1:]:
        if not folder.is_dir():
            found.faults.append(Fault(str(folder), None, "expected a folder of policies"))
            continue
        _facts(found, folder / "vocabulary.yaml")
        _units(found, folder / "units.yaml")
    for folder in folders:
        _labels(found, folder / device_labels.FILE)
        _payers(found, folder)
        _versions(found, folder)
    found.files = dict(sorted(found.files.items()))
    found.faults += [*_nobody(found), *_claimed_twice(found.payers)]
    return found


def _facts(found: Laid, path: Path) -> None:
    if not os.path.lexists(path):
        return
    more = further.laid(found.vocabulary, path)
    found.vocabulary = more.vocabulary
    found.faults += more.faults
    found.unsure += more.unsure
    found.own |= {
        name: Fault.at_line(str(path), line, f"the fact {name} is read by no policy and by no other fact")
        for name, line in more.own.items()
    }


def _units(found: Laid, path: Path) -> None:
    if not os.path.lexists(path):
        return
    try:
        found.units = unit_tables.extended(found.units, path)
    except PolicyFaults as refused:
        found.faults += refused.faults
        found.unsure.append("does not become")


def _labels(found: Laid, path: Path) -> None:
    if not os.path.lexists(path):
        return
    try:
        found.labels = device_labels.load(path, found.vocabulary, found.labels)
    except PolicyFaults as refused:
        found.faults += refused.faults
        found.unsure.append("no table of labels")


def _payers(found: Laid, folder: Path) -> None:
    for path in (place / payer_files.FILE for place in sorted(folder.glob("*/"))):
        if not os.path.lexists(path):
            continue
        name = path.parent.name
        try:
            payer = payer_files.load(path)
        except PolicyFaults as refused:
            found.faults += refused.faults
            payer = payer_files.blank(path)
        found.described[name] = (*found.described.get(name, ()), payer)


def _versions(found: Laid, folder: Path) -> None:
    for place in sorted(folder.glob("*/*/")):
        name = f"{place.parent.name}/{place.name}"
        known = dict(found.files.get(name, ()))
        for first, path in _dated(place, found.faults):
            if first in known:
                said = f"{name} has a version of {dates.iso(first)} already, {known[first]}; expected another first day"
                found.faults.append(Fault.at_line(str(path), 1, said))
            known.setdefault(first, path)
        if known:
            found.files[name] = tuple(sorted(known.items()))


def _dated(place: Path, faults: list[Fault]) -> Iterator[tuple[int, Path]]:
    """Yield the versions in the folder of a policy; what is named otherwise is a fault."""
    for path in sorted(place.glob("*.yaml")):
        beside = next((end for end in NOT_A_POLICY if path.name.endswith(end)), None)
        if beside is not None:
            if beside != UNREAD and not (version := path.with_name(f"{path.name.removesuffix(beside)}.yaml")).exists():
                faults.append(Fault(str(path), None, f"expected the version beside it, {version.name}"))
            continue
        try:
            yield dates.day(path.stem), path
        except ValueError:
            said = "expected a file named by the first day of the version, YYYY-MM-DD.yaml"
            faults.append(Fault(str(path), None, said))


def _nobody(found: Laid) -> Iterator[Fault]:
    """Yield the payers that have policies and no file that says who they are: no request would be known as theirs."""
    for name, versions in found.files.items():
        payer = name.partition("/")[0]
        if payer not in found.described:
            file = versions[0][1].parent.parent / payer_files.FILE
            yield Fault(str(file), None, f"expected this file, with `payer: {payer}` and `name:`, beside the policies")


def _claimed_twice(payers: Mapping[str, Payer]) -> Iterator[Fault]:
    """Yield which names and identifiers two payers claim."""
    owners: dict[str, str] = {}
    for payer in payers.values():
        for known in payer.known():
            if owners.setdefault(known, payer.id) != payer.id:
                said = f"{known!r} is a name or identifier of the payer {owners[known]} already"
                yield Fault.at_line(payer.file, 1, said)
