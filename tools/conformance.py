"""Writes docs/conformance.md: each SHALL of the HL7 guides for payers, and the tests that fail without it.

python tools/conformance.py           # writes the page; exit 1 where a requirement is not accounted for
python tools/conformance.py --check   # the same without writing; exit 1 where the page is stale too

The requirements are docs/conformance/requirements.csv. A test names those it shows by `@pytest.mark.shall(...)`; the
files docs/conformance/*.yaml name those that no test of a payer's server can show, or that are not taken, with reasons.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "conformance.md"
DATA: Final = ROOT / "docs" / "conformance"
TESTS: Final = ROOT / "tests"
MARK: Final = "shall"
NOT_OURS: Final = "not-ours"
NOT_TAKEN: Final = "optional-not-taken"
SHOWN: Final = 3
"""How many tests of a requirement are named; of more, their number is."""
HEAD: Final = """# Conformance

Every SHALL and SHALL NOT for a payer's server in the guides Da Vinci CRD, DTR and PAS, in CDS Hooks 2.0 and in its
library of hooks, with the test that fails where it is not kept. Written by `python tools/conformance.py` from
[the requirements](conformance/requirements.csv) (statements as HL7 publishes them, CC0), from the marks on the tests,
and from the files beside them that say which are not ours or not taken, and why. A requirement that is in none of these
places fails the build, as does one that is in two, and a mark that names nothing.

Not ours: it binds a client, an organisation or a person, or cannot be seen in what a server does. Not taken: it binds
only who offers something optional that this server does not offer.
"""


class Requirement(NamedTuple):
    """A requirement of a guide."""

    key: str
    guide: str
    level: str
    conditional: bool
    statement: str


class Excuse(NamedTuple):
    """Why no test shows a requirement: ``not-ours`` or ``optional-not-taken``, the reason, the file."""

    kind: str
    reason: str
    file: str


@dataclass
class Account:
    """What is known of the requirements: by key the tests that show it, or the excuse; and what is wrong."""

    requirements: list[Requirement]
    tests: dict[str, list[str]] = field(default_factory=dict)
    excuses: dict[str, Excuse] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def key_of(guide: str, number: str) -> str:
    """Return how a requirement is named: by the first two words of its guide, and its id there.

    The library of hooks keeps its third word: its ids are those of CDS Hooks over again.
    """
    words = guide.split()
    most = 3 if words[2] == "Library" else 2
    return f"{' '.join(words[:most])}/{number}"


def requirements(path: Path = DATA / "requirements.csv") -> list[Requirement]:
    """Return the requirements in the order of their file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                key_of(row["set"], row["id"]), row["set"], row["level"], row["conditional"] == "yes", row["statement"]
            )
            for row in csv.DictReader(file)
        ]


def marks(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the keys in a module's marks, each with the test or the module that bears it; a fault as an empty key."""

    def walk(node: ast.AST, bearer: str) -> Iterator[tuple[str, str]]:
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from walk(part, f"{bearer}::{part.name}")
                continue
            if isinstance(part, ast.Call) and _is_mark(part.func):
                for said in _said(part.args):
                    literal = isinstance(said, ast.Constant) and isinstance(said.value, str)
                    yield (str(said.value) if literal and isinstance(said, ast.Constant) else ""), bearer
            yield from walk(part, bearer)

    yield from walk(ast.parse(text), name)


def _said(args: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """Yield what a mark names, tuples of it taken apart: ``*("CRD 2.2.1/hook-4", "CRD 2.2.1/hook-9")``."""
    for one in args:
        if isinstance(one, ast.Starred) and isinstance(one.value, ast.Tuple):
            yield from one.value.elts
        else:
            yield one


def _is_mark(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == MARK


def excuses(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield what a file says of requirements: key, kind of excuse, reason; an unknown kind or no reason as ``""``."""
    said: Mapping[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}
    for key, why in said.items():
        pairs = list(why.items()) if isinstance(why, dict) else []
        kind, reason = pairs[0] if len(pairs) == 1 else ("", "")
        yield str(key), str(kind) if kind in {NOT_OURS, NOT_TAKEN} else "", str(reason or "").strip()


def account(tests: Path = TESTS, data: Path = DATA) -> Account:
    """Return what is known of every requirement, and what is wrong."""
    found = Account(requirements(data / "requirements.csv"))
    known = {one.key for one in found.requirements}
    shown: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(tests.rglob("test_*.py")):
        text = path.read_text("utf-8")
        if f".{MARK}(" not in text:
            continue
        name = path.relative_to(tests.parent).as_posix()
        for key, bearer in marks(text, name):
            if key not in known:
                found.faults.append(f"{bearer}: its mark names no requirement: {key or 'not a literal'}")
            elif bearer not in shown[key]:
                shown[key].append(bearer)
    found.tests = dict(shown)
    for path in sorted(data.glob("*.yaml")):
        for key, kind, reason in excuses(path):
            _excused(found, known, key, Excuse(kind, reason, path.name))
    found.faults += [
        f"{one.key}: no test shows it, and nothing says why: {one.statement[:100]}"
        for one in found.requirements
        if one.key not in found.tests and one.key not in found.excuses
    ]
    return found


def _excused(found: Account, known: set[str], key: str, excuse: Excuse) -> None:
    if key not in known:
        found.faults.append(f"{excuse.file}: names no requirement: {key}")
    elif not excuse.kind or not excuse.reason:
        found.faults.append(f"{excuse.file}: {key}: expected {NOT_OURS} or {NOT_TAKEN}, with a reason")
    elif key in found.tests:
        found.faults.append(f"{excuse.file}: {key}: {excuse.kind}, and shown by {found.tests[key][0]}")
    elif key in found.excuses and found.excuses[key].kind != excuse.kind:
        found.faults.append(f"{excuse.file}: {key}: {found.excuses[key].file} says {found.excuses[key].kind} of it")
    else:
        found.excuses.setdefault(key, excuse)


def _state(found: Account, one: Requirement) -> str:
    if one.key in found.tests:
        return "tested"
    return found.excuses[one.key].kind if one.key in found.excuses else "missing"


def _counts(found: Account) -> Iterator[str]:
    states = ("tested", NOT_OURS, NOT_TAKEN, "missing")
    yield f"| guide | requirements | {' | '.join(state.replace('-', ' ') for state in states)} |"
    yield f"|---|{'---:|' * (len(states) + 1)}"
    guides = list(dict.fromkeys(one.guide for one in found.requirements))
    for name, of in [*((guide, [guide]) for guide in guides), ("all", guides)]:
        rows = [one for one in found.requirements if one.guide in of]
        counted = [sum(_state(found, one) == state for one in rows) for state in states]
        yield f"| {name} | {len(rows)} | {' | '.join(map(str, counted))} |"


def _by(found: Account, key: str) -> str:
    if key in found.excuses and key not in found.tests:
        excuse = found.excuses[key]
        return f"{excuse.kind.replace('-', ' ')}: {_cell(excuse.reason)}"
    bearers = found.tests.get(key, [])
    more = f" and {len(bearers) - SHOWN} more" if len(bearers) > SHOWN else ""
    return "<br>".join(f"`{one}`" for one in bearers[:SHOWN]) + more if bearers else "missing"


def _cell(text: str) -> str:
    for plain, safe in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("*", "\\*"), ("[", "\\["), ("{", "&#123;")):
        text = text.replace(plain, safe)
    return text


def page(found: Account) -> str:
    """Return the page."""
    lines = [HEAD, *_counts(found), ""]
    for guide in dict.fromkeys(one.guide for one in found.requirements):
        lines += [f"## {guide}", "", "| id | level | statement | shown by |", "|---|---|---|---|"]
        lines += [
            f"| {one.key.rpartition('/')[2]} | {one.level}{', conditional' if one.conditional else ''} "
            f"| {_cell(one.statement)} | {_by(found, one.key)} |"
            for one in found.requirements
            if one.guide == guide
        ]
        lines.append("")
    return "\n".join(lines)


def report(faults: Sequence[str], stale: Iterable[str] = ()) -> int:
    """Print what is wrong; return the exit code."""
    for one in [*stale, *faults]:
        print(one, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults", file=sys.stderr)
    return int(bool(faults) or bool(list(stale)))


def main() -> int:
    """Write the page, or say whether it is stale, and what is not accounted for."""
    found = account()
    text = page(found)
    if "--check" in sys.argv:
        same = PAGE.is_file() and PAGE.read_text("utf-8") == text
        return report(found.faults, () if same else [f"{PAGE.relative_to(ROOT)} is stale: python tools/conformance.py"])
    PAGE.write_text(text, "utf-8")
    return report(found.faults)


if __name__ == "__main__":
    raise SystemExit(main())
