"""A synthetic population as a FHIR bulk export: NDJSON by resource type, in chunks of members, with its manifest.

The same count, seed, day and profile give the same bytes on any number of processes: each chunk has its own source of
chance. Distributions and rates of missing and faulty data are those of distributions.yaml.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from priorauth.errors import Fault, PopulationError
from priorauth.synthetic import chart, glucose, members, requests, results
from priorauth.synthetic import damage as synthesize_damage
from priorauth.synthetic import numbers as synthesize_numbers
from priorauth.synthetic.cohort import Profile, draw
from priorauth.synthetic.lines import Lines
from priorauth.synthetic.pen import Pen
from priorauth.values.dates import day, iso
from priorauth.values.files import replacing, write
from priorauth.values.pool import on_all

CHUNK: Final = 2_000
"""Members a chunk: few enough for the memory of one process."""
AS_OF: Final = "2026-11-20"
MANIFEST: Final = "manifest.json"
MOST: Final = 100_000_000
_GZIP: Final = 31
"""zlib's word for a gzip header; zlib writes no time into it, so that the same lines are the same file."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: ``count`` members as of a day (YYYY-MM-DD), into ``folder``."""

    count: int
    folder: Path
    seed: int = 0
    as_of: str = AS_OF
    profile: Profile = "registry"
    compress: bool = False
    damage: bool = False

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.count // CHUNK)


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its name, its resource type, its lines and bytes before compression."""

    name: str
    kind: str
    lines: int
    bytes: int


def synthesize(
    plan: Plan, *, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
) -> list[Made]:
    """Write the population; raises PopulationError for a plan that cannot be, or a folder in use.

    A fault on the way leaves the folder as it was: empty.
    """
    if not 0 < plan.count <= MOST:
        raise PopulationError(Fault(None, None, f"expected 1 to {MOST:,} members, found {plan.count:,}"))
    try:
        day(plan.as_of)
    except ValueError as fault:
        raise PopulationError(Fault(None, None, str(fault))) from None
    plan.folder.mkdir(parents=True, exist_ok=True)
    if any(plan.folder.iterdir()):
        raise PopulationError(Fault(str(plan.folder), None, "expected an empty folder"))
    try:
        return _written(plan, jobs or os.cpu_count() or 1, progress)
    except BaseException:
        for path in plan.folder.iterdir():
            path.unlink(missing_ok=True)
        raise


def _written(plan: Plan, jobs: int, progress: Callable[[int, int], None] | None) -> list[Made]:
    shared = {"Organization": members.organizations(), "Practitioner": members.practitioners()}
    made = [_write(plan, f"{kind}.ndjson", kind, [data]) for kind, data in shared.items()]
    for done, files in enumerate(_each(plan, jobs), 1):
        made.extend(files)
        if progress is not None:
            progress(done, plan.chunks)
    made.sort(key=lambda one: one.name)
    _manifest(plan, made)
    return made


def _each(plan: Plan, jobs: int) -> Iterator[list[Made]]:
    yield from on_all(jobs, chunk, (plan,), range(plan.chunks))


def chunk(plan: Plan, number: int) -> list[Made]:
    """Write the files of one chunk of members."""
    return [
        _write(plan, f"{kind}.{number:05}.ndjson", kind, parts)
        for kind, parts in sorted(resources(plan, number).items())
        if any(len(part) for part in parts)
    ]


def resources(plan: Plan, number: int) -> dict[str, list[Lines | bytes]]:
    """Return the lines of one chunk by resource type, as lines or as bytes."""
    rng = np.random.default_rng(np.random.SeedSequence(plan.seed, spawn_key=(number,)))
    numbers = synthesize_numbers.load()
    first = number * CHUNK
    cohort = draw(rng, numbers, plan.profile, day(plan.as_of), first, min(CHUNK, plan.count - first))
    pen = Pen(cohort, numbers, rng)
    severe = chart.events(pen)
    written: dict[str, list[Lines | bytes]] = {
        "Patient": [members.patients(pen)],
        "Coverage": [members.coverages(pen)],
        "Condition": [chart.conditions(pen, severe)],
        "MedicationRequest": [chart.medications(pen)],
        "Encounter": [chart.encounters(pen, severe)],
        "Device": [chart.devices(pen)],
        "Observation": [
            results.results(pen),
            results.antibodies(pen),
            glucose.sensors(pen),
            *glucose.meters(pen),
        ],
    }
    for kind, lines in requests.requests(pen).items():
        written[kind] = [lines]
    if plan.damage:
        written["Observation"] = [
            synthesize_damage.damaged(pen, b"".join(_bytes(part) for part in written["Observation"]))
        ]
    return written


def _write(plan: Plan, name: str, kind: str, parts: list[Lines | bytes]) -> Made:
    """Write one file."""
    if plan.compress:
        name += ".gz"
    lines = size = 0
    with replacing(plan.folder / name) as partial, partial.open("wb", buffering=0) as file:
        packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP) if plan.compress else None
        for part in parts:
            lines += part.count(b"\n") if isinstance(part, bytes) else len(part)
            for data in (part,) if isinstance(part, bytes) else part.blocks():
                size += len(data)
                _all(file, data if packer is None else packer.compress(data))
        if packer is not None:
            _all(file, packer.flush())
    return Made(name, kind, lines, size)


def _bytes(part: Lines | bytes) -> bytes:
    return part if isinstance(part, bytes) else b"".join(bytes(block) for block in part.blocks())


def _all(file: RawIOBase, data: bytes | memoryview) -> None:
    """Write all of it: a raw file may take only a part at a time."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def _manifest(plan: Plan, made: list[Made]) -> None:
    """Write the manifest of a bulk export (FHIR Bulk Data Access, complete status)."""
    manifest: dict[str, Any] = {
        "transactionTime": f"{iso(day(plan.as_of))}T23:59:00-05:00",
        "request": f"priorauth population synthesize {plan.count} --seed {plan.seed} --profile {plan.profile}",
        "requiresAccessToken": False,
        "output": [{"type": one.kind, "url": one.name, "count": one.lines} for one in made],
        "error": [],
    }
    write(plan.folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n")
