"""The criterion ``within label``: what a table of labels says of a device, written in the forms that there are.

Two ways show that a device is used within its label: the table, and somebody's statement, which alone speaks of what
the table has not. Where both are known and differ, that is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from priorauth.facts.vocabulary import OTHER
from priorauth.language import forms as f
from priorauth.policy.device_labels import EVERY, Labels, Use, uses
from priorauth.policy.tree import Criterion, Group, Leaf
from priorauth.values import dates, names, strict_yaml

KEY: Final = "within label"
_KEYS: Final = {"of", "condition", "not adjunctive", "else"}
_WANTED: Final = f"`{KEY}:` with `of:` an attribute of devices and `else:` the line of a statement"
_DAY: Final = "service_on"


class Reads(Protocol):
    """What reads a policy file, as far as it is needed here."""

    labels: Callable[[], Labels] | None
    since: int
    count: int

    def fault(self, line: int, message: str) -> None:
        """Add a fault of the file."""

    def keys(self, value: strict_yaml.Mapping, allowed: set[str], what: str) -> None:
        """Refuse keys that have no meaning."""

    def leaf(self, value: strict_yaml.Value) -> Leaf | None:
        """Read one line of the language; None, with a fault, where it cannot be read."""


def within(reader: Reads, value: strict_yaml.Mapping) -> Group | None:
    """Return the criterion of a device within its label; None, with a fault, where it cannot be read."""
    row, line = value[KEY], value.key_lines[KEY]
    if not isinstance(row, strict_yaml.Mapping) or "of" not in row or "else" not in row:
        reader.fault(line, f"expected {_WANTED}")
        return None
    reader.keys(row, _KEYS, f"`{KEY}`")
    if reader.labels is None:
        reader.fault(line, "no table of labels is at hand here")
        return None
    labels = reader.labels()
    fact, condition = str(row["of"]), str(row.get("condition", EVERY))
    stated = reader.leaf(row["else"])
    alone = reader.leaf(row["not adjunctive"]) if "not adjunctive" in row else None
    if fact not in labels.of:
        said = f"no table of labels has {fact}; expected one of {', '.join(labels.of)}"
        reader.fault(line, said + names.near(fact, labels.of))
    conditions = {named for label in labels.of.get(fact, ()) for named in label.ages if named != EVERY}
    if condition not in {EVERY, *conditions}:
        said = f"no label of {fact} is for {condition}; expected one of {', '.join(sorted(conditions)) or 'none'}"
        reader.fault(line, said + names.near(condition, conditions))
    if stated is None or fact not in labels.of:
        return None
    found = uses(labels.of[fact], reader.since, condition)
    parts = [_allowed(reader, fact, one, alone, line) for one in found.items()]
    other = Criterion(Leaf(f"{fact} is {OTHER}", f.Is(fact, (OTHER,))), line=line)
    beside = Group("all", (other, Criterion(stated, line=line)), 2)
    unlisted = Criterion(beside, title="A device of which no label is kept", line=line)
    table = Criterion(Group("any", (*parts, unlisted)), title="By the table of labels", line=line)
    reader.count += 3 + sum(len(part.test.parts) + 1 for part in parts if isinstance(part.test, Group))
    return Group("ways", (table, Criterion(stated, line=line)))


def _allowed(reader: Reads, fact: str, one: tuple[Use, list[str]], alone: Leaf | None, line: int) -> Criterion:
    """Return the criterion of one use: the devices, the days of the label, the ages, the condition, how it is used."""
    use, devices = one
    listed = f"is one of {', '.join(devices)}" if len(devices) > 1 else f"is {devices[0]}"
    parts = [Criterion(Leaf(f"{fact} {listed}", f.Is(fact, tuple(devices))), line=line)]
    parts += [Criterion(leaf, line=line) for text in _lines(use) if (leaf := reader.leaf(strict_yaml.text(text, line)))]
    if use.adjunctive and alone is not None:
        beside = Group("none of", (Criterion(alone, line=line),))
        parts.append(Criterion(beside, title="Not asked for as one that stands for itself", line=line))
    return Criterion(Group("all", tuple(parts), len(parts)), title=_title(use), line=line)


def _lines(use: Use) -> Iterator[str]:
    """Yield the lines of the language that say when, at what age and for what a device may be used."""
    if use.first is not None:
        yield f"{_DAY} >= {dates.iso(use.first)}"
    if use.until is not None:
        yield f"{_DAY} <= {dates.iso(use.until)}"
    yield f"age >= {use.ages.youngest} years"
    if use.ages.oldest is not None:
        yield f"age <= {use.ages.oldest} years"
    if use.condition != EVERY:
        yield use.condition


def _title(use: Use) -> str:
    oldest = "" if use.ages.oldest is None else f" to {use.ages.oldest}"
    since = "" if use.first is None else f", by a label of {dates.iso(use.first)}"
    return f"For ages from {use.ages.youngest}{oldest} years{since}{', beside a meter' if use.adjunctive else ''}"
