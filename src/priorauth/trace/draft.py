"""A draft of a version's next file: the new figures in their places, and ``# review`` wherever a person must read.

The draft is the older file, line for line. A figure is put in its place where the criterion that the sentence carries
names the older one exactly once; everything else that changed is said in a comment above the rule. No words of the
payer stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from priorauth.policy.tree import Policy
from priorauth.trace.drift import Change, Drift
from priorauth.trace.marks import UNITS, Amount, Mark
from priorauth.trace.rules import Rule, rules, wanted
from priorauth.trace.source import Source

REVIEW: Final = "# review:"
_AMOUNT: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?:\s*(%|/d|[A-Za-z][A-Za-z/]*))?")
_SKIP: Final = re.compile(r"\s*(?:- )?\{?(?:id|also|title|reading|says|say|sends_to|why|who|reason):")
_FROM: Final = re.compile(r"(\bfrom:\s*)[0-9-]+")
_UNTIL: Final = re.compile(r"(\buntil:\s*)[0-9-]+")
_SHA256: Final = re.compile(r"(\bsha256:\s*)\w+")
_ASKED: Final = {
    "version:": "the version as the payer names it",
    "effective:": "the days on which the new text is in force",
    "currency: superseded": "whether this is the newest text",
}
"""Lines of the head above which a person is asked for something, each by how it begins."""
_SPANS: Final = frozenset({"day", "week", "month", "year"})
_WITHOUT: Final = {"/d": "rate"}
_SAME: Final = {"times": "rate", "injections": "rate", "tests": "rate", "mg/gram": "mg/g"}


class Placed(Struct, frozen=True):
    """A figure that was put in its place: the line of the draft, the rule, what stood there and what does now."""

    line: int
    rule: str
    before: str
    after: str


class Draft(Struct, frozen=True):
    """The text of the next file, the figures put in it, and how many comments ask for a person."""

    text: str
    placed: tuple[Placed, ...]
    reviews: int


def draft(policy: Policy, text: str, found: Drift, new: Source, first: str | None = None) -> Draft:
    """Return the draft of the version that a newer text makes; ``text`` is the present file."""
    lines = text.split("\n")
    known = rules(policy)
    ids = frozenset(rule.line for rule in wanted(policy))
    comments: dict[int, list[str]] = {}
    placed: list[Placed] = []
    for change in found.changes:
        if change.kind in {"spelling", "moved"} or (change.kind == "renumbered" and not change.rules):
            continue
        targets = [known[name] for name in (change.rules or change.after) if name in known]
        done = _put(lines, targets, change, ids) if change.kind == "changed" else None
        if done is not None:
            placed += done
        for rule in targets[:1] if change.kind == "added" else targets:
            mine = list(dict.fromkeys(one.after for one in done or () if one.rule == rule.name))
            comments.setdefault(rule.line, []).append(_comment(change, rule, mine))
        if not targets and change.kind != "renumbered":
            comments.setdefault(1, []).append(_comment(change, None, []))
    _head(lines, comments, new, first)
    return _written(lines, comments, placed)


def _put(lines: list[str], targets: list[Rule], change: Change, ids: frozenset[int]) -> list[Placed] | None:
    """Put the figures of a change in their places; None where one of its marks is not settled by that."""
    pairs = [mark.amounts for mark in change.marks if mark.amounts is not None]
    if not pairs or len(pairs) < len(change.marks):
        return None
    found: list[tuple[int, re.Match[str], Rule, Amount]] = []
    for old, new in pairs:
        if not _like(old.unit, new.unit) and not _SPANS.issuperset({old.unit, new.unit}):
            return None
        places = [(at, hit, rule) for rule in targets for at, hit in _places(lines, rule, ids, old)]
        if not _settled(places, old):
            return None
        found += [(at, hit, rule, new) for at, hit, rule in places]
    placed = []
    for at, hit, rule, new in sorted(found, key=lambda one: (one[0], -one[1].start())):
        before = lines[at]
        made = _made(hit, new)
        lines[at] = before[: hit.start()] + made + before[hit.end() :]
        placed.append(Placed(at + 1, rule.name, hit[0], made))
    return placed


def _made(hit: re.Match[str], new: Amount) -> str:
    """Return what takes the place of a figure: with its unit where that is another length of time."""
    if new.unit in _SPANS and _unit(hit[2]) in _SPANS and _unit(hit[2]) != new.unit:
        return str(new)
    return _number(new.number, hit[1]) + hit[0][len(hit[1]) :]


def _settled(places: list[tuple[int, re.Match[str], Rule]], old: Amount) -> bool:
    """Whether it is plain where a figure belongs: in one place, or with its unit once in each of a rule's lines."""
    lines = [at for at, _, _ in places]
    if len(lines) > 1 and old.unit is not None and len({rule.name for _, _, rule in places}) == 1:
        return len(set(lines)) == len(lines)
    return len(lines) == 1


def _places(lines: list[str], rule: Rule, ids: frozenset[int], old: Amount) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield where a rule's own lines name a figure."""
    for at in _own(lines, rule.line, ids):
        if _SKIP.match(lines[at]) and rule.kind != "reading" and not lines[at].lstrip().startswith(("- {", "{")):
            continue
        code = lines[at].partition(" #")[0]
        for hit in _AMOUNT.finditer(code):
            unit = _unit(hit[2])
            if Decimal(hit[1]) == Decimal(old.number) and (old.unit is None or unit is None or _like(old.unit, unit)):
                yield at, hit


def _own(lines: list[str], line: int, ids: frozenset[int]) -> Iterator[int]:
    """Yield the lines of a rule, from 0, without those of rules below it and without folded prose."""
    start = line - 1
    indent = _indent(lines[start])
    prose = skipped = -1
    for at in range(start, len(lines)):
        said = lines[at]
        deep = _indent(said)
        if at > start and said.strip() and deep <= indent:
            return
        if not said.strip() or (prose >= 0 and deep > prose) or (skipped >= 0 and deep > skipped):
            continue
        prose = skipped = -1
        if at > start and at + 1 in ids:
            skipped = deep
            continue
        if _SKIP.match(said) and said.rstrip().endswith((">-", ">", "|", "|-")):
            prose = deep
            continue
        yield at


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _unit(text: str | None) -> str | None:
    """Return the unit of a line of the language as sentences call it; None where the word is no unit."""
    if text is None:
        return None
    return _WITHOUT.get(text) or UNITS.get(text.casefold())


def _like(one: str | None, two: str | None) -> bool:
    """Whether two units are one."""
    if one is None or two is None:
        return True
    return _SAME.get(one, one) == _SAME.get(two, two)


def _number(new: str, old: str) -> str:
    """Return a figure with at least the decimals of the one whose place it takes."""
    decimals = len(old.partition(".")[2])
    return f"{Decimal(new):.{max(decimals, len(new.partition('.')[2]))}f}"


def _comment(change: Change, rule: Rule | None, put: list[str]) -> str:
    """Return what is said of a change above its rule: figures and connectives alone, never words of the payer."""
    where = f", page {change.new.page} line {change.new.line} of the new text" if change.new else ""
    name = f"{rule.name}: " if rule else ""
    if change.kind == "added":
        after = f"after {rule.name}" if rule else "that no rule stands near"
        return f"new sentence {after}{where}: read it, encode it or trace it"
    if change.kind == "removed":
        return f"{name}{change.sentence} is gone from the new text"
    if change.kind == "renumbered":
        labels = f"{change.old.label} -> {change.new.label}" if change.old and change.new else ""
        return f"{name}{change.sentence} has another label, {labels}"
    told = "; ".join(_told(mark) for mark in change.marks)
    if put:
        return f"{name}{change.sentence}{where}: {told}; {', '.join(put)} is in place"
    return f"{name}{change.sentence}{where}: {told}"


def _told(mark: Mark) -> str:
    if mark.amounts is not None:
        return f"{mark.kind}, {mark.amounts[0]} -> {mark.amounts[1]}"
    if mark.kind in {"connective", "code"} and max(len(mark.before.split()), len(mark.after.split())) <= 1:
        return str(mark)
    return mark.kind


def _head(lines: list[str], comments: dict[int, list[str]], new: Source, first: str | None) -> None:
    """Set the head of the file: its first day where one is given, and the hash of the newer text."""
    within = ""
    for at, line in enumerate(lines):
        if line[:1].strip() and not line.startswith("#"):
            within = line.partition(":")[0]
        if within == "effective":
            if first:
                lines[at] = _FROM.sub(rf"\g<1>{first}", lines[at])
            lines[at] = _UNTIL.sub(r"\g<1>open", lines[at])
        if line.startswith(tuple(_ASKED)):
            comments.setdefault(at + 1, []).append(next(said for key, said in _ASKED.items() if line.startswith(key)))
        elif within == "source" and new.sha256:
            lines[at] = _SHA256.sub(rf"\g<1>{new.sha256}", lines[at])


def _written(lines: list[str], comments: dict[int, list[str]], placed: list[Placed]) -> Draft:
    """Return the lines with comments above them, and where the figures stand then."""
    made: list[str] = []
    moved: dict[int, int] = {}
    reviews = 0
    for number, line in enumerate(lines, 1):
        for said in dict.fromkeys(comments.get(number, ())):
            made.append(f"{' ' * _indent(line)}{REVIEW} {said}")
            reviews += 1
        made.append(line)
        moved[number] = len(made)
    return Draft("\n".join(made), tuple(replace(one, line=moved[one.line]) for one in placed), reviews)
