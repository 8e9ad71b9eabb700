"""Every worked case: those sent as JSON files under tests/cases, and those of our own, built from their notation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.casebook.cases import OWN, built
from tests.casebook.words import Json

CASES = OWN.parent


@dataclass(frozen=True)
class Kept:
    """One worked case: its folder, its name, and its JSON."""

    folder: str
    name: str
    text: bytes

    def __str__(self) -> str:
        return f"{self.folder}/{self.name}"

    def load(self) -> Json:
        """Return the case; the caller may change it."""
        made: Json = json.loads(self.text)
        return made


@cache
def every() -> tuple[Kept, ...]:
    """Return every worked case in the order of folders and file names."""
    sent = [Kept(path.parent.name, path.stem, path.read_bytes()) for path in CASES.glob("*/*.json")]
    ours = [
        Kept(OWN.name, name, json.dumps(case).encode())
        for file in sorted(OWN.glob("*.yaml"))
        for name, case in built(file)
    ]
    return tuple(sorted([*sent, *ours], key=lambda one: (one.folder, f"{one.name}.json")))


@cache
def _by_name() -> dict[str, Kept]:
    return {str(one): one for one in every()}


def kept(name: str) -> Kept:
    """Return the case of a folder and a name, as in `own/masshealth-upgrade`; raises KeyError."""
    return _by_name()[name]


def case_of(name: str) -> Json:
    """Return its JSON."""
    return kept(name).load()


def seal(made: Json) -> str:
    """Return the hash of what is decided: the Bundle and the options, not what is expected of them."""
    sent: dict[str, Any] = {key: made[key] for key in ("as_of", "policy", "judgments", "bundle")}
    return sha256(json.dumps(sent, separators=(",", ":")).encode()).hexdigest()


def seals() -> str:
    """Return a line of hash and name for every case of our own."""
    return "".join(f"{seal(one.load())}  {one.name}\n" for one in every() if one.folder == OWN.name)


def write(out: Path) -> int:
    """Write every case of our own as a JSON file, and return how many there are."""
    out.mkdir(parents=True, exist_ok=True)
    ours = [one for one in every() if one.folder == OWN.name]
    for one in ours:
        (out / f"{one.name}.json").write_text(json.dumps(one.load(), indent=1) + "\n", "utf-8")
    return len(ours)
