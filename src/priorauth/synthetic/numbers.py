"""The distributions of the synthetic population: named numbers with their sources, read from distributions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from priorauth.errors import PolicyFaults
from priorauth.values import strict_yaml

PATH = Path(__file__).parent / "distributions.yaml"
_KEYS = {"value", "source"}


@dataclass(frozen=True, slots=True)
class Distributions:
    """Named numbers as ``section.name``; each is a tuple, of one number or of a list."""

    values: Mapping[str, tuple[float, ...]]
    sources: Mapping[str, str]

    def one(self, name: str) -> float:
        """Return a single number."""
        (value,) = self.values[name]
        return value

    def many(self, name: str) -> tuple[float, ...]:
        """Return a list of numbers."""
        return self.values[name]


@cache
def load(path: Path = PATH) -> Distributions:
    """Read the file; raises PolicyFaults where an entry has no number or no source."""
    values: dict[str, tuple[float, ...]] = {}
    sources: dict[str, str] = {}
    for section, entries in strict_yaml.read_file(path).items():
        if not isinstance(entries, strict_yaml.Mapping):
            raise PolicyFaults.at_line(str(path), getattr(entries, "line", 1), f"{section}: expected named numbers")
        for name, entry in entries.items():
            line = entries.key_lines[name]
            if not isinstance(entry, strict_yaml.Mapping) or set(entry) != _KEYS:
                raise PolicyFaults.at_line(str(path), line, f"{section}.{name}: expected the keys value and source")
            listed = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
            try:
                values[f"{section}.{name}"] = tuple(float(str(number)) for number in listed)
            except ValueError:
                raise PolicyFaults.at_line(str(path), line, f"{section}.{name}: expected numbers") from None
            sources[f"{section}.{name}"] = str(entry["source"])
    return Distributions(values, sources)
