"""What the labels of devices say: a table by device, day and age (``device-labels.yaml``), and its lines of a policy.

A device is a value of an attribute of the vocabulary. Each of its labels holds from a day until the day before its next
one. The loader writes what holds of them as criteria of the language, so that no engine knows of tables.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts.vocabulary import OTHER, Vocabulary, typed
from priorauth.values import dates, names, strict_yaml

FILE: Final = "device-labels.yaml"
EVERY: Final = ""
"""In the place of a type of diabetes: of whatever type."""
_ROW: Final = ("from", "ages", "adjunctive", "source", "confidence")
_AGES: Final = re.compile(r"(\d{1,3})(?:\.\.(\d{1,3}))? years", re.ASCII)
_WORDS: Final = {"adjunctive": ("yes", "no"), "confidence": ("H", "M", "L")}
_EMPTY: Final = hashlib.sha256(b"").hexdigest()


class Ages(NamedTuple):
    """Whole years from the youngest to the oldest, both included; None where there is no oldest."""

    youngest: int
    """The youngest age."""
    oldest: int | None
    """The oldest age, None where there is none."""


class Label(Struct, frozen=True):
    """What a label says from a day on: ages by the condition that it is for (EVERY: any), and how it is used."""

    device: str
    """The value of the attribute that stands for it."""
    first: int
    """The day since which the label says so."""
    ages: Mapping[str, Ages]
    """Whole years by condition."""
    adjunctive: bool
    """Whether no dose may rest on its readings alone."""
    source: str
    """Where it was read."""
    confidence: str
    """``H`` or ``M``, as in the sheets of policies."""
    line: int
    """Of the file."""


class Labels(Struct, frozen=True):
    """The labels of each device by the attribute whose value it is, the oldest first, with the hash of their files."""

    of: Mapping[str, tuple[Label, ...]]
    """By attribute, the labels of its devices."""
    sha256: str = _EMPTY
    """The hash of the files, which the receipt of a determination that goes by them holds."""

    def before(self, day: int | None) -> Labels:
        """Return the labels that begin before a day; all where it is None."""
        if day is None:
            return self
        of = {fact: tuple(one for one in labels if one.first < day) for fact, labels in self.of.items()}
        return Labels(of, self.sha256)


NONE: Final = Labels({})


class Use(NamedTuple):
    """A use that is within a label; ``first`` and ``until`` are days, None where no day has to be looked at."""

    condition: str
    ages: Ages
    adjunctive: bool
    first: int | None
    until: int | None


def uses(labels: tuple[Label, ...], since: int, condition: str) -> Mapping[Use, list[str]]:
    """Return every use that some label allows from a day on, with the devices of which it does.

    A label that holds on that day is taken to have held before. ``condition`` keeps to what is for that one or for
    any, and does not name it again; EVERY keeps all.
    """
    found: dict[Use, list[str]] = {}
    for device in dict.fromkeys(label.device for label in labels):
        for use in _joined([label for label in labels if label.device == device], since, condition):
            found.setdefault(use, []).append(device)
    return found


def _joined(labels: list[Label], since: int, condition: str) -> Iterator[Use]:
    """Yield the uses of one device; labels that follow one another and allow the same are one."""
    ends = [later.first - 1 for later in labels[1:]]
    open_: dict[tuple[str, Ages, bool], Use] = {}
    for place, (label, end) in enumerate(zip(labels, [*ends, None], strict=True), 1):
        if end is not None and end < since:
            continue
        for named, ages in label.ages.items():
            if condition != EVERY and named not in (EVERY, condition):
                continue
            until = None if all(_wider(later, label, named) for later in labels[place:]) else end
            key = (EVERY if condition != EVERY else named, ages, label.adjunctive)
            before = open_.get(key)
            if before is not None and before.until in (None, label.first - 1):
                open_[key] = before._replace(until=until)
                continue
            if before is not None:
                yield before
            open_[key] = Use(*key, None if label.first <= since else label.first, until)
    yield from open_.values()


def _wider(later: Label, label: Label, named: str) -> bool:
    """Whether a later label allows all that one does for a condition: where it does, no end has to be looked at."""
    now, then = label.ages[named], later.ages.get(named, later.ages.get(EVERY))
    if then is None or (later.adjunctive and not label.adjunctive) or then.youngest > now.youngest:
        return False
    return then.oldest is None or (now.oldest is not None and now.oldest <= then.oldest)


def load(path: Path, vocabulary: Vocabulary, over: Labels = NONE) -> Labels:
    """Return the labels of a file laid over others; raises PolicyFaults with every fault of the file."""
    data = strict_yaml.file_bytes(path)
    pass_ = _Pass(path, vocabulary, over)
    found = pass_.labels(strict_yaml.read_bytes(data, str(path)))
    PolicyFaults.raise_if(pass_.faults)
    joined = {fact: (*over.of.get(fact, ()), *found.get(fact, ())) for fact in {**over.of, **found}}
    return Labels(joined, hashlib.sha256(over.sha256.encode() + data).hexdigest())


class _Pass:
    """One pass over a file; what is at fault is left out."""

    def __init__(self, path: Path, vocabulary: Vocabulary, over: Labels) -> None:
        self.path, self.vocabulary, self.over = path, vocabulary, over
        self.faults: list[Fault] = []

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault.at_line(str(self.path), line, message))

    def labels(self, top: strict_yaml.Mapping) -> Mapping[str, tuple[Label, ...]]:
        for key, line in top.key_lines.items():
            if key != "labels":
                self.fault(line, f"a table of labels has no key {key!r}; expected labels{names.near(key, ['labels'])}")
        found: dict[str, tuple[Label, ...]] = {}
        for fact, devices, line in self.below(top.get("labels"), 1, "attributes with their devices under `labels:`"):
            listing = [one.name for one in self.vocabulary.facts.values() if OTHER in one.values]
            if fact not in listing or typed(self.vocabulary[fact].values):
                said = f"{fact} is no attribute whose values are devices and {OTHER}{names.near(fact, listing)}"
                self.fault(line, said)
                continue
            known = {label.device for label in self.over.of.get(fact, ())}
            for device, rows, at in self.below(devices, line, f"devices with their labels under {fact}"):
                if self.is_device(fact, device, known, at):
                    found[fact] = (*found.get(fact, ()), *self.of_device(device, rows, at))
        return found

    def below(
        self, value: strict_yaml.Value | None, line: int, wanted: str
    ) -> Iterator[tuple[str, strict_yaml.Value, int]]:
        """Yield what stands in a mapping, each with its line; a fault where there is none."""
        if not isinstance(value, strict_yaml.Mapping):
            self.fault(getattr(value, "line", line), f"expected {wanted}")
            return
        yield from ((name, part, value.key_lines[name]) for name, part in value.items())

    def is_device(self, fact: str, device: str, known: set[str], line: int) -> bool:
        devices = [value for value in self.vocabulary[fact].values if value != OTHER]
        if device not in devices:
            self.fault(line, f"{fact} has no value {device!r}{names.near(device, devices)}")
        elif device in known:
            self.fault(line, f"the labels of {device} stand in the shipped table, or in that of another folder")
        return device in devices and device not in known

    def of_device(self, device: str, rows: strict_yaml.Value, line: int) -> list[Label]:
        if not isinstance(rows, strict_yaml.Sequence) or not rows:
            self.fault(line, f"{device}: expected a list of labels, each from a day on")
            return []
        found: dict[int, Label] = {}
        for row in rows:
            label = self.label(device, row)
            if label is None:
                continue
            if label.first in found:
                said = f"{device} has a label of {dates.iso(label.first)} already, in line {found[label.first].line}"
                self.fault(label.line, said)
            found.setdefault(label.first, label)
        return [found[first] for first in sorted(found)]

    def label(self, device: str, row: strict_yaml.Value) -> Label | None:
        if not isinstance(row, strict_yaml.Mapping):
            self.fault(row.line, f"{device}: expected a label with {', '.join(_ROW)}")
            return None
        before = len(self.faults)
        for key, line in row.key_lines.items():
            if key not in _ROW:
                self.fault(line, f"a label has no key {key!r}; expected {', '.join(_ROW)}{names.near(key, _ROW)}")
            elif key in _WORDS and row[key] not in _WORDS[key]:
                self.fault(line, f"{device}: expected {key}, one of {', '.join(_WORDS[key])}")
        for key in ("from", "ages", "source", "confidence"):
            if key not in row:
                self.fault(row.line, f"{device}: expected `{key}:` of a label")
        if len(self.faults) > before:
            return None
        ages = self.ages(device, row["ages"], row.key_lines["ages"])
        try:
            first = dates.day(str(row["from"]))
        except ValueError as fault:
            self.fault(row.key_lines["from"], f"{device}: from: {fault}")
            return None
        said = (str(row["source"]), str(row["confidence"]), row.line)
        return Label(device, first, ages, row.get("adjunctive") == "yes", *said)

    def ages(self, device: str, value: strict_yaml.Value, line: int) -> Mapping[str, Ages]:
        """Return ages by the condition that the device is for; of whatever condition where the row names none."""
        if isinstance(value, strict_yaml.Text):
            return {EVERY: self.span(device, value, line)}
        found: dict[str, Ages] = {}
        wanted = f"{device}: expected ages like 2 years or 14..75 years, or these by condition"
        conditions = [fact.name for fact in self.vocabulary.facts.values() if fact.kind == "condition"]
        for condition, part, at in self.below(value, line, wanted.removeprefix("expected ")):
            if condition not in conditions:
                self.fault(at, f"{device}: no condition is named {condition!r}{names.near(condition, conditions)}")
            found[condition] = self.span(device, part, at)
        return found

    def span(self, device: str, value: strict_yaml.Value, line: int) -> Ages:
        span = _AGES.fullmatch(value) if isinstance(value, strict_yaml.Text) else None
        if span is None:
            self.fault(line, f"{device}: expected ages in years, like 2 years or 14..75 years; found {value!s:.40}")
            return Ages(0, None)
        youngest, oldest = int(span[1]), None if span[2] is None else int(span[2])
        if oldest is not None and oldest < youngest:
            self.fault(line, f"{device}: expected the younger age first, found {value}")
        return Ages(youngest, oldest)
