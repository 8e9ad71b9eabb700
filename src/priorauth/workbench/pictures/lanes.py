"""What stands in a timeline: a lane for each criterion, with its windows, and a mark for each row that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from priorauth.decide.decided import Assessed, Decided, Evidence, Refused, Role
from priorauth.decide.page import criteria, words
from priorauth.engines.python.finding import Status
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import Kind, Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.english import labels
from priorauth.policy.tree import Policy
from priorauth.values.dates import FIRST_DAY, ISO, day
from priorauth.workbench.pictures import windows as w

Shape = Literal["event", "value", "regimen", "statement"]
SHAPES: Mapping[Kind, Shape] = {
    "event": "event",
    "measurement": "value",
    "regimen": "regimen",
    "condition": "regimen",
    "attestation": "statement",
    "attribute": "statement",
    "judgment": "statement",
}
_OPEN: frozenset[Status] = frozenset({"unknown", "conflict"})


class Days(Struct, frozen=True):
    """From a day to a day, both included; None where it began or ends is not said."""

    first: int | None
    last: int | None


class Mark(Struct, frozen=True):
    """A row as it is drawn; ``days`` is None of a row without a date, ``ground`` is why a row does not count.

    A statement that names a day, as when a paper was signed, stands on that day, not on the one it was made.
    """

    row: Evidence | Refused
    shape: Shape
    days: Days | None
    ground: str | None

    @property
    def figure(self) -> str:
        """What stands beside it: its value; of what does not count, why, too. Empty of an event that says no more."""
        if self.shape in ("regimen", "statement"):
            value = words.says(self.row, labelled=True)
        else:
            value = "" if self.row.value is None else words.value(self.row.value)
        times = f"{self.row.count} times" if isinstance(self.row, Refused) and self.row.count > 1 else ""
        return ": ".join(part for part in (times or value, words.plain(self.ground or "", {})) if part)

    @property
    def said(self) -> str:
        """The row in one go."""
        return words.refused(self.row) if isinstance(self.row, Refused) else words.row(self.row, labelled=True)


class Lane(Struct, frozen=True):
    """A criterion: its name and status in words, the days that count, its rows, and of which days nothing is known."""

    id: str | None
    name: str
    status: str
    windows: tuple[w.Window, ...]
    marks: tuple[Mark, ...]
    gaps: tuple[Days, ...]
    wholes: tuple[Days, ...]
    more: int
    """How many rows count beside those listed."""


def lanes(
    made: Decided, policy: Policy, vocabulary: Vocabulary, case: Case | None = None, *, every: bool = False
) -> tuple[Lane, ...]:
    """Return the lanes of the open criteria, or of ``every`` one; a criterion without days and rows has none."""
    forms = w.forms(made, policy)
    placed = w.windows(made, policy, vocabulary, case)
    view = w.seen(made, vocabulary, case)
    found = []
    for one, role in _steps(made):
        if not (every or open_now(one, role)):
            continue
        lane = _lane(one, role, made, (forms, placed, view))
        if lane.windows or lane.marks or lane.gaps:
            found.append(lane)
    return tuple(found)


def open_now(one: Assessed, role: Role) -> bool:
    """Whether a criterion is open: not known, or it stands in the way, and the outcome rests on it."""
    against: Status = "met" if role in ("exclusion", "hand-off") else "not-met"
    return one.decisive and one.status in (*_OPEN, against)


def _steps(made: Decided) -> Iterator[tuple[Assessed, Role]]:
    """Yield the criteria that stand for themselves: roots, and below them what has a number."""
    for root in made.criteria:
        role = root.role or "criterion"
        yield root, role
        yield from ((one, role) for part in root.parts for one in _numbered(part))


def _numbered(one: Assessed) -> Iterator[Assessed]:
    if one.id:
        yield one
    for part in one.parts:
        yield from _numbered(part)


def rows(one: Assessed) -> tuple[Evidence | Refused, ...]:
    """Return every row of a criterion and of its steps without a number: what counts, then what does not."""
    own = [one, *_below(one)]
    return tuple(dict.fromkeys([row for part in own for row in part.evidence] + [r for p in own for r in p.refused]))


def _below(one: Assessed) -> Iterator[Assessed]:
    for part in one.parts:
        if not part.id:
            yield part
            yield from _below(part)


def _lane(
    one: Assessed, role: Role, made: Decided, known: tuple[Mapping[str, f.Form], Mapping[str, w.Window], View]
) -> Lane:
    forms, placed, view = known
    lines = w.lines(one)
    own = [forms[line] for line in lines if line in forms]
    facts = list(dict.fromkeys(fact for form in own for fact in contents.facts_of(form)))
    return Lane(
        id=one.id,
        name=criteria.named(one),
        status=words.status(one.status, role),
        windows=tuple(dict.fromkeys(placed[line] for line in lines if line in placed)),
        marks=tuple(_mark(row, _kinds(facts, view.vocabulary)) for row in rows(one)),
        gaps=tuple(dict.fromkeys(_gaps(one, facts, made))),
        wholes=_joined(Days(row.first, row.last) for fact in facts for row in view.wholes(fact, "all")),
        more=one.more_evidence + sum(part.more_evidence for part in _below(one)),
    )


def _kinds(facts: Iterable[str], vocabulary: Vocabulary) -> Mapping[str, Kind]:
    """Return the kinds of facts by the names that rows bear."""
    return {labels().one(name): vocabulary.facts[name].kind for name in facts if name in vocabulary.facts}


def _mark(row: Evidence | Refused, kinds: Mapping[str, Kind]) -> Mark:
    kind = kinds.get(row.display)
    several = isinstance(row, Refused) and row.count > 1
    shape: Shape = SHAPES[kind] if kind else "statement"
    ground = row.ground if isinstance(row, Refused) else None
    states_a_day = shape == "statement" and ISO.fullmatch(row.value or "") is not None
    when = days(row.value if states_a_day else row.date)
    return Mark(row, "regimen" if several else shape, when, ground)


def days(date: str | None) -> Days | None:
    """Return the days of a row's date as it is written: a day, a span, since when, until when; None without one."""
    if not date:
        return None
    parts = date.removeprefix("by ").split("..")
    known = sorted(day(part) for part in parts if part)
    if not known:
        return None
    if len(parts) == 1:
        return Days(known[0], known[0])
    first = None if parts[0] == "" or date.startswith("by ") else known[0]
    return Days(first, None if parts[-1] == "" else known[-1])


def _gaps(one: Assessed, facts: Iterable[str], made: Decided) -> Iterator[Days]:
    """Yield the days that are asked about: nothing on file speaks of them."""
    for question in made.questions:
        if question.gap is not None and question.fact in facts and one.id in question.criteria:
            first, last = question.gap.first, question.gap.last
            yield Days(None if first is None else day(first), None if last is None else day(last))


def _joined(found: Iterable[Days]) -> tuple[Days, ...]:
    """Put together stretches that touch."""
    made: list[tuple[int, int]] = []
    for first, last in sorted((one.first or FIRST_DAY, one.last or FIRST_DAY) for one in found):
        if made and first <= made[-1][1] + 1:
            made[-1] = made[-1][0], max(last, made[-1][1])
        else:
            made.append((first, last))
    return tuple(Days(None if first == FIRST_DAY else first, last) for first, last in made)
