"""A strict reading of YAML: every scalar is text, line numbers are kept, and what hides meaning is refused.

Refused: duplicate keys, anchors, aliases, merges, tags, more than one document, and files beyond a budget of size,
depth or nodes, so that a file from a stranger cannot exhaust the machine.
"""

from __future__ import annotations

from pathlib import Path

import yaml
from msgspec import Struct

from priorauth.errors import PolicyFaults
from priorauth.values import files

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000


class Text(str):
    """A scalar with the line on which it stands (1-based)."""

    __slots__ = ("line",)
    line: int


class Mapping(dict[str, "Value"]):
    """A mapping with the line on which it begins and the line of each key."""

    line: int
    key_lines: dict[str, int]


class Sequence(list["Value"]):
    """A list with the line on which it begins."""

    line: int


Value = Text | Mapping | Sequence


def text(value: str, line: int) -> Text:
    """Return a scalar its line."""
    made = Text(value)
    made.line = line
    return made


def read_file(path: Path) -> Mapping:
    """Read one YAML file whose top is a mapping; raises PolicyFaults."""
    return read_bytes(file_bytes(path), str(path))


def file_bytes(path: Path) -> bytes:
    """Return the bytes of a file that may be YAML; raises PolicyFaults."""
    try:
        return files.read(path, MAX_BYTES)
    except files.FileFault as fault:
        raise PolicyFaults.at_line(str(path), 1, fault.problem) from fault


def read_bytes(data: bytes, name: str) -> Mapping:
    """Read YAML text whose top is a mapping; ``name`` stands in errors; raises PolicyFaults."""
    if len(data) > MAX_BYTES:
        raise PolicyFaults.at_line(name, 1, f"expected at most {MAX_BYTES:,} bytes, found {len(data):,}")
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise PolicyFaults.at_line(name, data[: fault.start].count(b"\n") + 1, "expected UTF-8 text") from fault
    reader = _Reader(name)
    try:
        value = reader.document(yaml.parse(source, Loader=getattr(yaml, "CLoader", yaml.Loader)))
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise PolicyFaults.at_line(name, line, f"not YAML: {fault.problem}") from fault
    except yaml.YAMLError as fault:  # a character that no YAML may hold
        line = source.count("\n", 0, getattr(fault, "position", 0)) + 1
        raise PolicyFaults.at_line(name, line, f"not YAML: {str(fault).splitlines()[0]}") from fault
    if not isinstance(value, Mapping):
        raise PolicyFaults.at_line(name, 1, "expected a mapping at the top of the file")
    return value


class _Reader(Struct):
    """One pass over the events of a YAML document."""

    name: str
    nodes: int = 0

    def document(self, events: object) -> Value:
        stream = iter(events)  # type: ignore[call-overload]  # PyYAML's stubs call its generator Any
        value: Value | None = None
        for event in stream:
            if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent)):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                if value is not None:
                    raise self.fault(event, "expected one document")
                continue
            value = self.value(event, stream, 1)
        if value is None:
            raise PolicyFaults.at_line(self.name, 1, "expected a mapping, found nothing")
        return value

    def value(self, event: yaml.Event, stream: object, depth: int) -> Value:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            raise self.fault(event, f"expected at most {MAX_DEPTH} levels and {MAX_NODES:,} nodes")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.fault(event, "anchors and aliases are not allowed")
        if getattr(event, "tag", None):
            raise self.fault(event, "tags are not allowed")
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return text(event.value, line)
        if isinstance(event, yaml.SequenceStartEvent):
            listed = Sequence()
            listed.line = line
            for part in stream:  # type: ignore[attr-defined]  # the same generator goes on
                if isinstance(part, yaml.SequenceEndEvent):
                    return listed
                listed.append(self.value(part, stream, depth + 1))
        return self.mapping(line, stream, depth)

    def mapping(self, line: int, stream: object, depth: int) -> Mapping:
        made = Mapping()
        made.line, made.key_lines = line, {}
        for event in stream:  # type: ignore[attr-defined]  # the same generator goes on
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.value(event, stream, depth + 1)
            if not isinstance(key, Text) or key == "<<":
                raise self.fault(event, "expected a plain key")
            if key in made:
                raise self.fault(event, f"the key {str(key)!r} stands twice")
            made.key_lines[str(key)] = key.line
            made[str(key)] = self.value(next(stream), stream, depth + 1)  # type: ignore[call-overload]
        return made

    def fault(self, event: yaml.Event, message: str) -> PolicyFaults:
        return PolicyFaults.at_line(self.name, _line(event), message)


def plain(value: Value) -> object:
    """Return a value as plain dicts, lists and texts, without its lines."""
    match value:
        case Mapping():
            return {str(name): plain(one) for name, one in value.items()}
        case Sequence():
            return [plain(one) for one in value]
        case _:
            return str(value)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
