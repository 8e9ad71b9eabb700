"""The days of a folder of exports: ``EXPORTS/2026-11-01/`` and on, each a bulk export of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from priorauth.errors import Fault, PopulationError
from priorauth.population.ingest.sources import KINDS, Source, find
from priorauth.population.watch.state import Day
from priorauth.values import dates


def named(exports: Path) -> list[str]:
    """Return the names of the days in order; raises PopulationError where anything else to read stands beside them."""
    if not exports.is_dir():
        raise FileNotFoundError(2, "expected a folder of days", str(exports))
    found = []
    for path in sorted(exports.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and _is_day(path.name):
            found.append(path.name)
        elif path.is_dir() or set(path.suffixes) & KINDS.keys():
            said = "expected folders of days and nothing else to read beside them, named YYYY-MM-DD"
            raise PopulationError(Fault(str(exports), path.name, said))
    return found


def _is_day(name: str) -> bool:
    try:
        return dates.iso(dates.day(name)) == name
    except ValueError:
        return False


def new(exports: Path, names: list[str], done: list[Day]) -> list[str]:
    """Return the days that were not read yet; raises PopulationError where one comes too late, or changed since."""
    known = {day.name: day for day in done}
    for name in names:
        if name in known:
            was = [(file.name, file.size) for file in known[name].files]
            if [(one.name, one.size) for one in sources(exports, name)] != was:
                said = "its files are not those that were read: expected a day to stay as it is"
                raise PopulationError(Fault(str(exports), name, said))
        elif done and name < done[-1].name:
            said = f"comes before {done[-1].name}, which was read already: expected days in order"
            raise PopulationError(Fault(str(exports), name, said))
    return [name for name in names if name not in known]


def sources(exports: Path, name: str) -> tuple[Source, ...]:
    """Return the files of a day, named from the folder of all days; raises PopulationError where there are none."""
    found, _ = find(exports / name)
    if not found:
        said = "expected .ndjson, .jsonl, .json (also .gz) or .parquet files; there are none"
        raise PopulationError(Fault(str(exports), name, said))
    return tuple(replace(one, name=f"{name}/{one.name}") for one in found)
