"""Pairs of a worked case and a damage, drawn by rule; what came of each; and a table of them by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Final, NamedTuple

import pytest

from tests.record.damage import Damage
from tests.record.damages import CLINICAL
from tests.record.damages_of_forms import FORMS, silent
from tests.record.damages_of_requests import REQUESTS
from tests.record.damages_of_results import RESULTS
from tests.record.mention import Mention, Put
from tests.record.mentions import MENTIONS
from tests.record.worked import (
    JUDGMENTS,
    Case,
    Change,
    Json,
    Said,
    Worked,
    approves,
    changed,
    denies,
    name,
    said,
    shown,
    worked,
)

TABLE: Final = (*CLINICAL, *RESULTS, *FORMS, *REQUESTS)
ALIKE: Final = 2
"""Of resources of one case that speak of the same facts, so many are damaged."""
ALWAYS: Final = ("Claim/", "Coverage/", "Patient/")
"""What every approval rests on."""
_SAYS_SO: Final = ("status", "intent")
"""Kinds of damages by which a resource says itself that it does not count, plainly."""
_READ: Final = ("Claim", "Coverage", "Patient", "QuestionnaireResponse")


class Pair(NamedTuple):
    """A damage at one place of one worked case."""

    worked: Worked
    place: int
    resource: Json
    change: Change

    @property
    def case(self) -> Case:
        return changed(self.worked.case, self.place, self.change.instead, self.change.others)

    @property
    def where(self) -> str:
        return f"{self.reference} {self.change.spot}".strip()

    @property
    def reference(self) -> str:
        return name(self.resource)


@dataclass(slots=True)
class Tally:
    """What came of the pairs of one kind."""

    kind: str
    pairs: int = 0
    approved: int = 0
    other: int = 0
    refused: int = 0
    told: int = 0
    """Pairs in which the damage made a difference: no approval any more, or one that rests on something else."""
    wrong: list[str] = field(default_factory=list)

    def add(self, found: Said, items: tuple[int, ...], *, told: bool, wrong: str) -> None:
        """Count one pair."""
        self.pairs += 1
        yes = approves(found, items)
        self.refused += bool(found.refused)
        self.approved += yes
        self.other += not yes and not found.refused
        self.told += told or not yes
        self.wrong += [wrong] if wrong else []

    @property
    def line(self) -> str:
        counts = (
            f"{self.pairs:7,} {self.approved:9,} {self.other:9,} {self.refused:8,} {self.told:7,} {len(self.wrong):6,}"
        )
        return f"{self.kind:56.56} {counts}"


ALL: Final = pytest.StashKey[dict[str, Tally]]()
"""Where a run keeps its tallies."""
HEAD: Final = f"{'kind':56} {'pairs':>7} {'approved':>9} {'no longer':>9} {'refused':>8} {'told':>7} {'wrong':>6}"


def table(tallies: list[Tally]) -> str:
    """Give the counts by kind, and their sum."""
    whole = Tally("all", *(sum(getattr(one, part) for one in tallies) for part in Tally.__slots__[1:-1]))
    whole.wrong = [text for one in tallies for text in one.wrong]
    return "\n".join((HEAD, *(one.line for one in tallies), whole.line))


def kinds() -> list[str]:
    """Name the kinds of damage, in their order."""
    return list(dict.fromkeys(one.kind for one in TABLE))


def mention_kinds() -> list[str]:
    """Name the kinds of mentions, in their order."""
    return list(dict.fromkeys(one.kind for one in MENTIONS))


def _draw(words: str) -> bytes:
    """Give something to sort by that is chance, and the same in every run."""
    return sha256(words.encode()).digest()


def _turned(words: str, cases: Sequence[Worked]) -> list[Worked]:
    """Put the cases into an order of their own for each damage, the same in every run."""
    return sorted(cases, key=lambda one: _draw(f"{words} {one.case.name}"))


# ---- damages


def pairs(damage: Damage, among: Callable[[Worked], frozenset[str]] | None = None) -> Iterator[Pair]:
    """Give every pair of a damage, perhaps only of some resources; of what is alike in a case, the first few."""
    words = f"{damage.kind} {damage.name}"
    for one in _turned(words, [each for each in worked() if among is None or among(each)]):
        seen: dict[tuple[object, ...], int] = {}
        for place, resource in _places(one, damage):
            like = (resource["resourceType"], one.spoken.get(name(resource)), name(resource) in one.evidence)
            if seen.get(like, 0) < ALIKE and (among is None or name(resource) in among(one)):
                made = [Pair(one, place, resource, change) for change in damage.changes(resource, one)]
                seen[like] = seen.get(like, 0) + bool(made)
                yield from sorted(made, key=lambda pair: _draw(f"{words} {pair.change.spot}"))


def _places(one: Worked, damage: Damage) -> Iterator[tuple[int, Json]]:
    """Give the resources of a case that a damage may strike: those that say something of the request."""
    if JUDGMENTS in damage.types and one.case.judgments is not None:
        yield -1, one.case.judgments
    for place, resource in enumerate(one.resources):
        kind = resource["resourceType"]
        if kind in damage.types and (damage.expects == "never" or kind in _READ or name(resource) in one.spoken):
            yield place, resource


@cache
def drawn(damage: Damage, most: int) -> list[Pair]:
    """Draw pairs: some where an older one could step in, most others where the approval rests on what is struck."""
    contested = list(islice(pairs(damage, lambda one: one.contested), (most + 1) // 2))
    deciding: list[Pair] = []
    beside: list[Pair] = []
    of_case = Counter(pair.worked.case.name for pair in contested)
    for pair in islice(pairs(damage), 40 * most):
        if of_case[pair.worked.case.name] < ALIKE:
            of_case[pair.worked.case.name] += 1
            rests = pair.reference in pair.worked.evidence or pair.reference.startswith(ALWAYS)
            (deciding if rests else beside).append(pair)
            if len(deciding) >= most:
                break
    some = beside[: max(most // 4, most - len(contested) - len(deciding))]
    return [*contested, *deciding, *some][: most - len(some)] + some


def strike(damage: Damage, pair: Pair, tally: Tally) -> None:
    """Decide a pair and count it; what is approved must not rest on what was damaged."""
    one, found = pair.worked, said(pair.case)
    left = not _touching(damage, pair, found) and pair.reference in one.evidence and damage.expects != "held"
    why = wrong(damage, pair, found) if approves(found, one.items) else ""
    text = f"{one.case.name}: {pair.where}: {damage.kind}, {damage.name}: {shown(found, one.items)}: {why}"
    tally.add(found, one.items, told=left, wrong=text if why else "")


def _touching(damage: Damage, pair: Pair, found: Said) -> bool:
    items = [item for item in pair.worked.items if item < len(found.outcomes) and found.outcomes[item] == "approve"]
    return damage.expects in ("void", "mention") and any(pair.reference in found.evidence[item] for item in items)


def wrong(damage: Damage, pair: Pair, found: Said) -> str:
    """Say why an approval is wrong, "" where it is not.

    What says of itself that it does not count is as if it were not there. What may be anything is held only against
    what takes the approval away by itself: where it cannot be read, it settles nothing that could be in conflict.
    """
    if damage.expects == "never":
        return "approved, though nothing may be"
    if _touching(damage, pair, found):
        return f"evidence names {pair.reference}"
    assumed = frozenset().union(*(found.assumed[item] for item in pair.worked.items))
    spoken = {pair.change.silent} if pair.change.silent else set[str]()
    if damage.expects == "mention":
        spoken |= pair.worked.spoken.get(pair.reference, frozenset())
    if silenced := sorted(spoken & assumed & silent()):
        return f"silence settles {', '.join(silenced)}"
    exact = damage.kind.startswith("versions") or (damage.expects == "void" and damage.kind.endswith(_SAYS_SO))
    for state in pair.change.held:
        plain = _plainly(pair, state)
        taken = not plain.refused and not approves(plain, pair.worked.items)
        if denies(plain, pair.worked.items) or (taken and exact):
            return f"stated plainly ({_state(state)}) it is {shown(plain, pair.worked.items)}"
    return ""


_known: Final[dict[str, Said]] = {}


def _plainly(pair: Pair, state: list[Json]) -> Said:
    """Decide a case with a plain state in place of a resource; what was decided once is remembered."""
    words = json.dumps([pair.worked.case.name, pair.place, state, dict(pair.change.others)])
    if words not in _known:
        _known[words] = said(changed(pair.worked.case, pair.place, state, pair.change.others))
    return _known[words]


def _state(state: list[Json]) -> str:
    if not state:
        return "left out"
    value = state[0].get("valueQuantity")
    return f"{value.get('value')} {value.get('unit', '')}" if value else "without it"


# ---- mentions


def put(one: Worked, what: Put) -> Case:
    """Put something into a case."""
    made = changed(one.case, None, what.added, what.others)
    return made if what.judgments is None else changed(made, -1, [what.judgments])


_remembered: Final[dict[tuple[str, str], bool]] = {}


def looked_at(one: Worked, key: str, plain: Put) -> bool:
    """Say whether a plain statement takes the approval away."""
    known = (one.case.name, key)
    if known not in _remembered:
        _remembered[known] = denies(said(put(one, plain)), one.items)
    return _remembered[known]


@cache
def mentioned(mention: Mention, most: int) -> list[tuple[Worked, str, Put]]:
    """Give cases in which the plain statement takes the approval away, each with the unclear one."""
    found: list[tuple[Worked, str, Put]] = []
    for one in _turned(f"{mention.kind} {mention.name}", worked()):
        if len(found) == most:
            break
        if mention.fact and mention.fact not in one.assumed:
            continue
        for key, plain, seed in mention.plain(one):
            unclear = mention.unclear(one, seed)
            if unclear is not None and looked_at(one, key, plain):
                found.append((one, key, unclear))
                break
    return found


def spoken_of(mention: Mention, one: Worked, key: str, unclear: Put, tally: Tally) -> None:
    """Decide a case with a mention and count it."""
    found = said(put(one, unclear))
    yes = approves(found, one.items)
    text = f"{one.case.name}: {mention.kind}, {mention.name}: approved, though plainly said ({key}) it would not be"
    tally.add(found, one.items, told=False, wrong=text if yes else "")
