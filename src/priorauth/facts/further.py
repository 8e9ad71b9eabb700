"""A vocabulary of one's own, laid over another: facts, values and numbers that are added, none that is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts.vocabulary import Fact, Reader, Vocabulary, typed
from priorauth.values import names, strict_yaml

_KEYS = ("facts", "more values", "derivations")
"""What a vocabulary that is laid over another may hold: one of them at least."""


class Laid(NamedTuple):
    """A vocabulary with one's own facts over it, as far as their file can be read."""

    vocabulary: Vocabulary
    own: Mapping[str, int]
    """The facts that the file brings and no fact of the file goes by, with their lines."""
    faults: tuple[Fault, ...]
    unsure: tuple[str, ...]
    """What faults of policies may say only because this file is at fault."""


def extended(base: Vocabulary, path: Path) -> Vocabulary:
    """Lay further facts over a vocabulary, and further values over attributes that list theirs (``more values:``).

    A fact, a derivation or a value that is there already is refused, never changed and never there twice. Raises
    PolicyFaults with every fault of the file.
    """
    found = laid(base, path)
    PolicyFaults.raise_if(found.faults)
    return found.vocabulary


def laid(base: Vocabulary, path: Path) -> Laid:
    """Lay what can be read of a file over a vocabulary, with every fault of the file."""
    try:
        data = strict_yaml.file_bytes(path)
        top = strict_yaml.read_bytes(data, str(path))
    except PolicyFaults as refused:
        return Laid(base, {}, refused.faults, ("no fact is named", "no product code", "has no value"))
    pass_ = _Pass(base, path, top)
    more = pass_.vocabulary(hashlib.sha256(data).hexdigest())
    used = {name for fact in more.facts.values() for name in fact.silent_unless}
    own = {name: fact.line for name, fact in more.facts.items() if name not in base.facts and name not in used}
    return Laid(more, own, tuple(sorted(pass_.faults, key=_line)), tuple(pass_.unsure))


def _line(fault: Fault) -> int:
    return int((fault.place or "line 0").rpartition(" ")[2])


class _Pass:
    """One pass over a file; what is at fault is left out."""

    def __init__(self, base: Vocabulary, path: Path, top: strict_yaml.Mapping) -> None:
        self.base, self.path, self.top = base, path, top
        self.faults: list[Fault] = []
        self.unsure: list[str] = []

    def vocabulary(self, sha256: str) -> Vocabulary:
        reader = Reader(str(self.path))
        self.faults += self.keys()
        derivations = self.derivations(reader)
        known = {**self.base.derivations, **derivations}
        facts = self.facts(reader, known)
        facts = {**self.base.facts, **self.wider(reader), **facts}
        self.faults += self.dangling(facts)
        return Vocabulary(facts, known, hashlib.sha256(f"{self.base.sha256}{sha256}".encode()).hexdigest())

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault.at_line(str(self.path), line, message))

    def keys(self) -> Iterator[Fault]:
        """Yield the keys that have no meaning here, and that there is none that has."""
        for key, line in self.top.key_lines.items():
            if key not in _KEYS:
                said = f"a vocabulary has no key {key!r}; expected {', '.join(_KEYS)}{names.near(key, _KEYS)}"
                yield Fault.at_line(str(self.path), line, said)
        if not set(_KEYS) & set(self.top):
            yield Fault.at_line(str(self.path), 1, "expected `facts:`")

    def listed(self, key: str, wanted: str) -> strict_yaml.Mapping:
        """Return the mapping under a key, an empty one where there is none."""
        found = self.top.get(key)
        if isinstance(found, strict_yaml.Mapping):
            return found
        if found is not None:
            self.fault(self.top.key_lines[key], wanted)
            self.unsure += ["no fact is named", "no product code", "has no value"]
        made = strict_yaml.Mapping()
        made.line, made.key_lines = 1, {}
        return made

    def new(self, listed: strict_yaml.Mapping, kind: str, known: Mapping[str, object]) -> Iterator[str]:
        """Yield the names that are not there already."""
        for name in listed:
            if name in known:
                said = f"the {kind} {name} is in the shipped vocabulary, or in that of another folder"
                self.fault(listed.key_lines[name], said)
            else:
                yield name

    def derivations(self, reader: Reader) -> dict[str, str]:
        listed = self.listed("derivations", "expected a mapping under `derivations:`")
        found: dict[str, str] = {}
        for name in self.new(listed, "derivation", self.base.derivations):
            with self.gathered():
                found[name] = reader.derivation(name, listed[name], listed.key_lines[name])
        return found

    def facts(self, reader: Reader, known: Mapping[str, str]) -> dict[str, Fact]:
        listed = self.listed("facts", "expected facts with their keys under `facts:`")
        found: dict[str, Fact] = {}
        for name in self.new(listed, "fact", self.base.facts):
            with self.gathered(f"no fact is named {name!r}"):
                found[name] = reader.fact(name, listed[name], listed.key_lines[name], known)
        return found

    def wider(self, reader: Reader) -> dict[str, Fact]:
        """Return the attributes that are given more values."""
        listed = self.listed("more values", "expected attributes with lists of values")
        found: dict[str, Fact] = {}
        for name, row in listed.items():
            with self.gathered("no product code", f"{name} has no value"):
                found[name] = self.widened(reader, name, row, listed.key_lines[name])
        return found

    def widened(self, reader: Reader, name: str, row: strict_yaml.Value, line: int) -> Fact:
        fact = self.base.facts.get(name)
        if fact is None or not fact.values or typed(fact.values):
            listing = [one.name for one in self.base.facts.values() if one.values and not typed(one.values)]
            said = f"{name} is no attribute with listed values in the shipped vocabulary{names.near(name, listing)}"
            raise PolicyFaults.at_line(str(self.path), line, said)
        values = reader.values(row, line)
        for place, value in enumerate(values):
            if value in values[:place] or (value in fact.values and value not in fact.once_own):
                raise PolicyFaults.at_line(str(self.path), line, f"{name} has the value {value!r} already")
        return replace(fact, values=tuple(dict.fromkeys((*fact.values, *values))))

    def dangling(self, facts: Mapping[str, Fact]) -> Iterator[Fault]:
        """Yield the names of facts under ``silence_unless`` that no fact has."""
        for fact in facts.values():
            if fact.name not in self.base.facts:
                for name in fact.silent_unless:
                    if name not in facts:
                        said = f"{fact.name}: silence_unless: no fact is named {name!r}{names.near(name, facts)}"
                        yield Fault.at_line(str(self.path), fact.line, said)

    def gathered(self, *unsure: str) -> _Gathered:
        """Keep the faults of what is read inside, and what they make unsure."""
        return _Gathered(self, unsure)


class _Gathered:
    def __init__(self, pass_: _Pass, unsure: tuple[str, ...]) -> None:
        self.pass_, self.unsure = pass_, unsure

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        if not isinstance(fault, PolicyFaults):
            return False
        self.pass_.faults += fault.faults
        self.pass_.unsure += self.unsure
        return True
