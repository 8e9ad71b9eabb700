"""The trace of a version: every sentence of the payer's text by hash and place, with the rules that it carries.

``<version>.trace.yaml`` stands beside the policy. The text is the payer's and stays with the reader; here are hashes,
labels, and names::

    policy: fernhill/insulin-pumps
    version: 2025-01-01
    sentences:
      - {at: 1, hash: 0f3a8c21d9e4b765, letters: 23, is: heading}
      - {at: 2, label: A, hash: 9c41d02e7ab35f18, letters: 61, rules: [II.A]}

``at`` counts the sentences, ``letters`` says how long one is (see :mod:`priorauth.trace.source`), ``running`` that it
is a running head. A sentence carries rules or says what else it ``is``, never both and never neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal, cast, get_args

from msgspec import Struct

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.load import Reader, read_mapping, whole
from priorauth.policy.tree import Policy
from priorauth.trace.rules import Rule, rules, wanted
from priorauth.trace.source import DIGITS
from priorauth.values.dates import iso
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value
from priorauth.values.units import Units

Else = Literal["heading", "background", "definition", "reference", "boilerplate", "history"]
SUFFIX: Final = ".trace.yaml"
HEAD: Final = """\
Every sentence of the payer's text by its hash and place; the words are the payer's and stay with the reader.
docs/policy-year.md says how this is read, and how it is laid beside a copy of the text."""
"""What stands at the top of a trace."""
MOST: Final = 20_000
"""How many sentences a text may have."""
_TOP: Final = {"policy", "version", "sentences"}
_ROW: Final = {"at", "label", "hash", "letters", "rules", "is", "running"}
_HEX: Final = frozenset("0123456789abcdef")


class Row(Struct, frozen=True):
    """A sentence of the text: its number from 1, its hash, how many letters it has, and what it carries or is."""

    at: int
    hash: str
    letters: int
    label: str | None = None
    rules: tuple[str, ...] = ()
    otherwise: Else | None = None
    running: bool = False
    line: int = 0


class Trace(Struct, frozen=True):
    """The sentences of a text, in its order, and the version whose rules they carry."""

    policy: str
    version: str
    rows: tuple[Row, ...]
    file: str

    @property
    def carrying(self) -> int:
        """How many of its sentences carry rules."""
        return sum(1 for row in self.rows if row.rules)

    def without(self, policy: Policy) -> tuple[Rule, ...]:
        """Return the rules of a version that no sentence carries."""
        carried = {name for row in self.rows for name in row.rules}
        return tuple(rule for rule in wanted(policy) if rule.name not in carried)


def beside(policy: Policy) -> Path:
    """Return the file of the trace that belongs to a version."""
    return Path(policy.file).with_suffix(SUFFIX)


def load(path: Path) -> Trace:
    """Load a trace; raises PolicyFaults with every fault of the file."""
    top, _ = read_mapping(path)
    reader = Reader(str(path), Vocabulary({}, {}, ""), Units({}))
    reader.keys(top, _TOP, "a trace")
    named = {key: str(top.get(key, "")) for key in ("policy", "version")}
    for key, found in named.items():
        if not found:
            reader.fault(top.key_lines.get(key, 1), f"expected a line under `{key}:`")
    listed = top.get("sentences")
    if not isinstance(listed, Sequence) or not 0 < len(listed) <= MOST:
        reader.fault(top.key_lines.get("sentences", 1), f"expected a list of 1 to {MOST:,} under `sentences:`")
        listed = Sequence()
    found_rows = tuple(row for number, value in enumerate(listed, 1) if (row := _row(reader, value, number)))
    PolicyFaults.raise_if(reader.faults)
    return Trace(named["policy"], named["version"], found_rows, str(path))


def of(policy: Policy) -> Trace | None:
    """Return the trace of a version, held to its rules; None where there is none. Raises PolicyFaults."""
    path = beside(policy)
    if not path.exists():
        return None
    trace = load(path)
    PolicyFaults.raise_if(faults(trace, policy))
    return trace


def faults(trace: Trace, policy: Policy) -> Iterator[Fault]:
    """Yield what is wrong with a trace as that of a version: another version, and rules that are gone."""
    for key, found, expected in (
        ("policy", trace.policy, policy.id),
        ("version", trace.version, iso(policy.effective.first)),
    ):
        if found != expected:
            yield Fault.at_line(trace.file, 1, f"expected `{key}: {expected}`, as the file's place says, found {found}")
    known = rules(policy)
    for row in trace.rows:
        for name in row.rules:
            if name not in known:
                yield Fault.at_line(trace.file, row.line, f"sentence {row.at}: {policy.id} has no rule {name!r}")


def _row(reader: Reader, value: Value, number: int) -> Row | None:
    """Read one sentence; None with a fault where it cannot be read."""
    if not isinstance(value, Map):
        reader.fault(getattr(value, "line", 1), "expected a sentence: a mapping of at, hash, letters, and rules or is")
        return None
    reader.keys(value, _ROW, "a sentence")
    before = len(reader.faults)
    at, letters = (whole(str(value.get(key, ""))) for key in ("at", "letters"))
    if at != number:
        reader.fault(value.line, f"expected `at: {number}`: sentences are counted from 1, none left out")
    if not letters:
        reader.fault(value.line, f"sentence {number}: expected `letters:` with how many it has")
    digest = str(value.get("hash", ""))
    if len(digest) != DIGITS or not _HEX.issuperset(digest):
        reader.fault(value.line, f"sentence {number}: expected `hash:` with {DIGITS} hexadecimal digits")
    carried = reader.words(value, "rules")
    otherwise = value.get("is")
    if otherwise is not None and otherwise not in get_args(Else):
        reader.fault(value.line, f"sentence {number}: expected `is:` one of {', '.join(get_args(Else))}")
    if bool(carried) == (otherwise is not None):
        reader.fault(value.line, f"sentence {number}: expected `rules:` or `is:`, one of the two")
    running = value.get("running")
    if running not in {None, "yes"}:
        reader.fault(value.line, f"sentence {number}: expected `running: yes`, or nothing")
    if len(reader.faults) > before:
        return None
    label = value.get("label")
    return Row(
        at=number,
        hash=digest,
        letters=letters or 0,
        label=str(label) if isinstance(label, Text) else None,
        rules=carried,
        otherwise=cast("Else | None", None if otherwise is None else str(otherwise)),
        running=running is not None,
        line=value.line,
    )


def written(policy: str, version: str, rows: Iterable[Row]) -> str:
    """Return a trace as the text of its file."""
    lines = [*(f"# {line}" for line in HEAD.splitlines()), f"policy: {policy}", f"version: {version}", "sentences:"]
    lines += [f"  - {{{_fields(row)}}}" for row in rows]
    return "\n".join(lines) + "\n"


def _fields(row: Row) -> str:
    said = [f"at: {row.at}"]
    if row.label:
        said.append(f"label: {row.label}")
    said += [f'hash: "{row.hash}"', f"letters: {row.letters}"]
    if row.running:
        said.append("running: yes")
    if row.rules:
        said.append(f"rules: [{', '.join(map(_quoted, row.rules))}]")
    elif row.otherwise:
        said.append(f"is: {row.otherwise}")
    return ", ".join(said)


def _quoted(name: str) -> str:
    """Return a name as YAML takes it within a list."""
    plain = name.replace(".", "").replace("_", "").replace("-", "")
    return name if plain.isalnum() and plain.isascii() else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
