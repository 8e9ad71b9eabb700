"""The criteria of a determination, looked up: by id, with what stands above each, its title and its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from priorauth.decide.decided import Assessed, Decided, Evidence, Refused, Role
from priorauth.decide.page import words

ALIKE = 4
"""How many rows of one kind beside the first are too many to be named one by one."""
UNSETTLED = ": not known: "
"""What stands in the reason of a rule of scope that is open, after its title."""
STATED = ": stated, not seen"
_QUOTED = re.compile(r'"([^"]+)"')


def walk(criteria: Iterable[Assessed]) -> Iterator[Assessed]:
    """Yield criteria and all below them."""
    for one in criteria:
        yield one
        yield from walk(one.parts)


def named(one: Assessed) -> str:
    """Return the name of a criterion: its title, and small after it its id."""
    title = one.title or next((part.title for part in walk(one.parts) if part.title), "one of several ways")
    return f"{title} ({one.id})" if one.id else title


def below(one: Assessed) -> Iterator[Assessed]:
    """Yield the nearest criteria with an id, or with a title and numbered parts, below a criterion."""
    for part in one.parts:
        if part.id:
            yield part
        else:
            yield from below(part)


def evidence(one: Assessed) -> tuple[Evidence, ...]:
    """Return the rows beside a criterion; where it has none, those of its steps that do not contradict it."""
    if one.evidence:
        return one.evidence
    found = [row for part in one.parts if not part.id and part.status != "not-applicable" for row in evidence(part)]
    return tuple(dict.fromkeys(found))


def refused(one: Assessed) -> tuple[Refused, ...]:
    """Return what does not count of a criterion and of its steps."""
    found = list(one.refused)
    for part in one.parts:
        if not part.id:
            found += refused(part)
    return tuple(dict.fromkeys(found))


def judged(one: Assessed) -> tuple[str, ...]:
    """Return the questions below a criterion that only a clinician of the payer answers."""
    asked = (part for part in walk((one,)) if part.test and part.test.startswith(("judged ", "refused ")))
    titles = (part.title for part in asked if part.title)
    return tuple(dict.fromkeys(found[1] if (found := _QUOTED.search(title)) else title for title in titles))


def best(one: Assessed) -> str | None:
    """Say in one row what a criterion rests on: the row of its value first, else the one that says most."""
    rows = evidence(one)
    if not rows:
        return words.value(one.value) if one.value else None
    more = len(rows) - 1 + one.more_evidence
    if more > ALIKE and len({(row.kind, row.display) for row in rows}) == 1:
        return _together(one, rows)
    ranked = sorted(rows, key=lambda row: (row.kind == "request", bool(one.value) and row.value != one.value))
    said = words.row(ranked[0], labelled=len({row.display for row in rows}) > 1)
    if one.value and all(row.value != one.value for row in rows):
        said = f"{words.value(one.value)}: {said}"
    return f"{said}, and {more} more" if more else said


def _together(one: Assessed, rows: Sequence[Evidence]) -> str:
    """Return many rows of one kind in one go: how many, over which days."""
    days = sorted(row.date for row in rows if row.date)
    span = (
        words.when(f"{days[0]}..{days[-1]}") if days and not one.more_evidence and ".." not in "".join(days) else None
    )
    value = f"{words.value(one.value)}: " if one.value else ""
    return f"{value}{len(rows) + one.more_evidence} times {rows[0].kind}{f', {span}' if span else ''}"


class Criteria:
    """The criteria of one determination."""

    def __init__(self, found: Decided) -> None:
        """Look up the criteria of a determination."""
        self.found = found
        self.above: dict[int, Assessed | None] = {}
        self.role: dict[int, Role] = {}
        self.by_id: dict[str, Assessed] = {}
        for root in found.criteria:
            self._enter(root, None, root.role or "criterion")

    def _enter(self, one: Assessed, above: Assessed | None, role: Role) -> None:
        self.above[id(one)] = above
        self.role[id(one)] = role
        if one.id:
            self.by_id.setdefault(one.id, one)
        for part in one.parts:
            self._enter(part, one, role)

    def of(self, role: Role) -> tuple[Assessed, ...]:
        """Return the criteria of a role that apply."""
        return tuple(one for one in self.found.criteria if one.role == role and one.status != "not-applicable")

    @cached_property
    def kinds(self) -> dict[str, str]:
        """Return for every reference of what kind of source it is."""
        made: dict[str, str] = {}
        for one in walk(self.found.criteria):
            made = {**_kinds(one), **made}
        for question in self.found.questions:
            for row in question.on_file or ():
                made.setdefault(row.reference, row.kind)
        return made

    def plain(self, text: str, criterion: str = "") -> str:
        """Put a text into the words of pages; sources are called as the criterion calls them that it is about."""
        near = self.by_id.get(criterion)
        own = [_kinds(one) for one in walk((near,))] if near else []
        return words.plain(text, {**self.kinds, **{key: kind for one in reversed(own) for key, kind in one.items()}})

    # ---- names

    def name(self, criterion: str | None) -> str | None:
        """Return the name of a criterion by its id: its title and its id; None where it has no title."""
        if not criterion:
            return None
        if criterion in self.by_id:
            return named(self.by_id[criterion])
        for reason in self.found.reasons:
            if reason.criterion == criterion and ": " in reason.text:
                return f"{reason.text.partition(': ')[0]} ({criterion})"
        return None

    def chain(self, criterion: str) -> tuple[str, ...]:
        """Return the ids of a criterion and of those above it, from the highest to itself."""
        node: Assessed | None = self.by_id.get(criterion)
        found: list[str] = []
        while node is not None:
            if node.id:
                found.append(node.id)
            node = self.above[id(node)]
        return tuple(reversed(found)) or (criterion,)

    def common(self, groups: Sequence[tuple[str, ...]]) -> str | None:
        """Return the deepest criterion under which each of some groups has one; None where there is none."""
        if not groups:
            return None
        chains = [[self.chain(one) for one in group if one] for group in groups]
        candidates = {name: place for chain in chains[0] for place, name in enumerate(chain)}
        held = [
            (place, name)
            for name, place in candidates.items()
            if all(any(name in chain for chain in options) for options in chains)
        ]
        return max(held, key=lambda one: one[0])[1] if held else None

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """Return the names of the rules that say whether and where the request is decided, where they are open."""
        open_ = (one for one in self.found.reasons if one.criterion and UNSETTLED in one.text)
        return tuple(f"{one.text.partition(UNSETTLED)[0]} ({one.criterion})" for one in open_)

    # ---- lists

    @cached_property
    def decisive(self) -> tuple[Assessed, ...]:
        """Return the criteria that the outcome rests on, as deep as they are numbered."""
        return tuple(one for root in self.found.criteria for one in _deepest(root))

    @cached_property
    def asked(self) -> tuple[Assessed, ...]:
        """Return the criteria of the pathway that apply; of a single one that stands for all, its parts."""
        roots = self.of("criterion")
        if len(roots) == 1 and len(list(below(roots[0]))) > 1:
            parts = tuple(part for part in below(roots[0]) if part.status != "not-applicable")
            if roots[0].status != "met" or all(part.status == "met" for part in parts):
                return parts
        return roots

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """Return the facts of papers that are stated and not yet seen."""
        return tuple(note.removesuffix(STATED) for note in self.found.notes if note.endswith(STATED))


def _kinds(one: Assessed) -> dict[str, str]:
    rows: tuple[Evidence | Refused, ...] = (*one.evidence, *one.refused)
    return {row.reference: row.kind for row in rows}


def _deepest(one: Assessed) -> Iterator[Assessed]:
    if not one.decisive:
        return
    deeper = [found for part in one.parts for found in _deepest(part) if found.id]
    if deeper:
        yield from deeper
    elif one.id or one.role:
        yield one
