"""A determination as a page shows it: what is open first, each criterion with its evidence, the rest folded.

A part below a criterion that is shown is never open: what it lacks is not needed. Words are those of pages: shown, not
shown, missing, two sides. Rows that are alike stand as one; a criterion found by its id has every step and every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from msgspec import Struct, structs

from priorauth.decide.decided import Assessed, Evidence, Question, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.asked import parts
from priorauth.decide.page.brief import HEAD
from priorauth.decide.page.criteria import ALIKE, Criteria, below, evidence, judged, named, refused, walk
from priorauth.engines.python.finding import Status
from priorauth.language.english import PAGE, labels
from priorauth.values.dates import ISO, day, iso, spoken
from priorauth.workbench.words import KIND, NOT_NEEDED, OUTCOME

APPLY: Final = ("exclusion", "hand-off")
"""Roles of which to be met means to apply."""
_OPEN: Final = ("unknown", "conflict")
_NOTHING: Final = "nothing on file"
_FIRST: Final = {"conflict": 0, "met": 1, "not-met": 2}
"""What is open stands so: two sides, what applies against the request, what is not shown; then what is missing."""
_LINE: Final = " line "
"""What stands in the reference of a reading between the name of its log and the line in it."""
_PLACE: Final = "#"
"""And between a document and the place in it."""
_PAGE: Final = re.compile(rf"{PAGE}(\d{{1,6}})")
_SIDE: Final = re.compile(r"(?P<what>.+): (?P<verdict>met|not-met|unknown|conflict)(?: \((?P<source>[^()]*)\))?")


def holder(reference: str) -> str:
    """Return what holds a row, of how evidence names it: a resource, a log, a document."""
    return reference.partition(_LINE)[0].partition(_PLACE)[0]


class Row(Struct, frozen=True):
    """A row of the record beside a criterion: what it says, when, from which kind of source, and whether it counts."""

    says: str
    when: str
    kind: str
    reference: str
    counts: bool
    ground: str = ""

    @property
    def held(self) -> str:
        """What holds it: a resource, a log, a document."""
        return holder(self.reference)

    @property
    def page(self) -> int:
        """On which page of a document it stands; 0 where it stands in none."""
        found = _PAGE.search(self.reference)
        return int(found[1]) if found is not None else 0


class Side(Struct, frozen=True):
    """One of the statements that contradict each other: what it says, its verdict and value, and the rows behind it."""

    says: str
    verdict: str = ""
    value: str = ""
    rows: tuple[Row, ...] = ()


class Criterion(Struct, frozen=True, kw_only=True):
    """One criterion with what the record says of it. ``anchor`` names it on a page."""

    id: str | None
    anchor: str
    title: str
    status: str
    says: str
    role: str
    why: str
    value: str
    test: str
    reading: str
    readings: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int
    sides: tuple[Side, ...]
    judged: tuple[str, ...]
    questions: tuple[Question, ...]
    decisive: bool
    silent: bool
    parts: tuple[Criterion, ...]

    @property
    def one_of(self) -> bool:
        """Whether one answer of those that are asked is enough."""
        return len(self.questions) > 1 and len({one.one_of for one in self.questions} - {None}) == 1


class Shown(Struct, frozen=True, kw_only=True):
    """A determination as a page shows it.

    ``aside``: what is not shown and changes nothing, as other ways to show the same. ``accepted``: what a clinician may
    accept in the place of the criteria. ``stated``: papers that somebody says are there and nobody has seen.
    """

    item: int
    product: str
    kind: str
    age: int | None
    outcome: str
    headline: str
    policy: str
    version: str
    policy_id: str
    asked_on: str
    as_of: str
    open: tuple[Criterion, ...]
    shown: tuple[Criterion, ...]
    exclusions: tuple[Criterion, ...]
    handed: tuple[Criterion, ...]
    papers: tuple[Criterion, ...]
    aside: tuple[Criterion, ...]
    accepted: tuple[Criterion, ...]
    stated: tuple[str, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    grants: str
    decide_after: str
    receipt: str
    asks: int

    @property
    def silent(self) -> int:
        """How many exclusions do not apply because nobody mentioned them."""
        return sum(one.silent for one in self.exclusions)

    @property
    def two_sided(self) -> tuple[Criterion, ...]:
        """The numbered criteria that contradict themselves."""
        return tuple(one for one in every(self.open) if one.status == "conflict" and one.id)


def shown(found: Determination) -> Shown:
    """Return a determination as a page shows it."""
    criteria = Criteria(found)
    view = _View(criteria)
    asked = [view.criterion(one) for one in criteria.asked]
    exclusions = [view.criterion(one) for one in found.criteria if one.role == "exclusion"]
    handed = [view.criterion(one) for one in found.criteria if one.role == "hand-off"]
    papers = [view.criterion(one) for one in criteria.of("document")]
    waiting = [one for one in asked if one.status not in ("met", "not-applicable")]
    waiting += [one for one in (*exclusions, *handed) if _stands(one)]
    waiting += [one for one in papers if one.status not in ("met", "not-applicable")]
    aside = [one for one in waiting if one.status == "not-met" and not one.decisive and not one.questions]
    kind = found.request.kind
    return Shown(
        item=found.item,
        product=found.request.product or "no product code",
        kind=labels().value(kind) if kind else "kind of request not known",
        age=found.request.age,
        outcome=found.outcome,
        headline=OUTCOME.get(found.outcome, HEAD[found.outcome]),
        policy=found.policy.title if found.policy else "no policy here decides this request",
        version=found.policy.version if found.policy else "",
        policy_id=found.policy.id if found.policy else "",
        asked_on=found.request.requested_on,
        as_of=found.as_of,
        open=tuple(sorted((one for one in waiting if one not in aside), key=_place)),
        shown=tuple(one for one in asked if one.status == "met"),
        exclusions=tuple(one for one in exclusions if not _stands(one)),
        handed=tuple(one for one in handed if not _stands(one)),
        papers=tuple(one for one in papers if one.status == "met"),
        aside=tuple(aside),
        accepted=tuple(view.criterion(one) for one in criteria.of("alternative")),
        stated=tuple(labels().one(fact) for fact in criteria.stated),
        reasons=tuple(dict.fromkeys(_reasons(criteria))),
        notes=tuple(criteria.plain(one) for one in found.notes),
        warnings=tuple(criteria.plain(one) for one in found.warnings),
        grants=granted(found.would_grant or {}),
        decide_after=found.decide_after or "",
        receipt=str(found.receipt.get("sha256", "")),
        asks=len(parts(found.ask)),
    )


def _place(one: Criterion) -> tuple[bool, int]:
    """Return where an open criterion stands: what decides before what does not, then by its status."""
    return not one.decisive, _FIRST.get(one.status, len(_FIRST))


def _stands(one: Criterion) -> bool:
    """Whether an exclusion or hand-off is open: it applies, or what is not known of it decides."""
    return one.status in ("met", "conflict") or (one.status == "unknown" and (one.decisive or one.role == "exclusion"))


def every(listed: tuple[Criterion, ...]) -> Iterator[Criterion]:
    """Yield criteria and all below them."""
    for one in listed:
        yield one
        yield from every(one.parts)


def find(found: Determination, wanted: str, *, whole: bool = True) -> Criterion | None:
    """Return the criterion of an id, ``whole`` with every step below it and every row; None where there is none."""
    criteria = Criteria(found)
    one = criteria.by_id.get(wanted)
    return None if one is None else _View(criteria, whole=whole).criterion(one)


def granted(grants: dict[str, int | str]) -> str:
    """Return what an approval grants: ``3 months``."""
    said = []
    for key, value in grants.items():
        unit = key.removesuffix("s") if value == 1 else key
        said.append(f"{value} {unit}" if key in ("months", "days", "years", "weeks") else f"{unit} {value}")
    return ", ".join(said)


def kind_of(case_kind: str) -> str:
    """Return what a case is: request, appeal, request for more time."""
    return KIND.get(case_kind, case_kind)


def _reasons(criteria: Criteria) -> Iterator[str]:
    for reason in criteria.found.reasons:
        text = criteria.plain(reason.text, reason.criterion or "")
        name = criteria.name(reason.criterion) if reason.criterion else None
        yield f"{name}: {text}" if name and not text.startswith(name.partition(" (")[0]) else text


class _View:
    """Makes the criteria of one determination into what a page shows; ``whole``: with every step and every row."""

    def __init__(self, criteria: Criteria, *, whole: bool = False) -> None:
        self.criteria = criteria
        self.whole = whole
        self.silent = set(criteria.found.assumed)
        self.clashes: dict[str, list[str]] = {}
        for one in criteria.found.conflicts:
            self.clashes.setdefault(one.criterion, []).extend(one.says)
        self.places: dict[int, int] = {id(one): place for place, one in enumerate(walk(criteria.found.criteria))}

    def criterion(self, one: Assessed, *, needed: bool = True) -> Criterion:
        """Return a criterion; ``needed``: it is not below one that is shown without it."""
        role = self.criteria.role[id(one)]
        rows, more = self._rows(one)
        parts = one.parts if self.whole else tuple(below(one))
        below_needed = needed and (one.status != "met" or role in APPLY)
        own = one.id or ""
        made = Criterion(
            id=one.id,
            anchor=f"c-{self.places[id(one)]}",
            title=one.title or named(one).removesuffix(f" ({one.id})"),
            status=one.status,
            says=words.status(one.status, role),
            role=role,
            why=self._why(one, bare=not rows),
            value=words.value(one.value) if one.value else "",
            test=one.test or "",
            reading=one.reading or "",
            readings=tuple(dict.fromkeys(name for part in _steps(one) for name in part.readings)),
            rows=rows,
            more=more,
            sides=self._sides(one),
            judged=judged(one) if one.status in _OPEN else (),
            questions=tuple(q for q in self.criteria.found.questions if own and own in q.criteria),
            decisive=one.decisive,
            silent=self._silent(one),
            parts=tuple(self.criterion(part, needed=below_needed) for part in parts if part.status != "not-applicable"),
        )
        if needed or one.status not in _OPEN:
            return made
        return structs.replace(made, status="not-applicable", says=NOT_NEEDED, why="", judged=(), questions=())

    def _why(self, one: Assessed, *, bare: bool) -> str:
        """Return why a criterion is open, each reason once; that nothing is on file only where that is so."""
        said = dict.fromkeys(self.criteria.plain(one.why, one.id or "").split("; ")) if one.why else {}
        return "; ".join(text for text in said if bare or text != _NOTHING)

    def _rows(self, one: Assessed) -> tuple[tuple[Row, ...], int]:
        """Return the rows beside a criterion, and how many more there are."""
        if self.whole:
            return (*map(_row, one.evidence), *map(_refused, one.refused)), one.more_evidence
        rows, more = _together(evidence(one), one.more_evidence)
        return (*rows, *_apart(refused(one) if one.status != "met" else ())), more

    def _sides(self, one: Assessed) -> tuple[Side, ...]:
        """Return the two sides of a criterion that contradicts itself, each with its rows."""
        own = one.id or ""
        found = list(dict.fromkeys(self.clashes.get(own, ())))
        return tuple(self._side(text, one) for text in found) if one.status == "conflict" else ()

    def _side(self, text: str, one: Assessed) -> Side:
        said = _SIDE.fullmatch(text)
        if said is None:
            return Side(self.criteria.plain(text, one.id or ""))
        step = next((part for part in walk(one.parts) if part.title == said["what"] or part.test == said["what"]), None)
        reference = (said["source"] or "").partition(", ")[0]
        first = next((row for row in evidence(one) if row.reference == reference), None)
        alike = [row for row in evidence(one) if first and (row.kind, row.display) == (first.kind, first.display)]
        rows, more = _together(alike, 0)
        value = step.value if step is not None and step.value else None
        return Side(
            says=self.criteria.plain(said["what"], one.id or ""),
            verdict=words.status(cast("Status", said["verdict"]), None),
            value=words.value(value) if value else "",
            rows=rows if not more else rows[:1],
        )

    def _silent(self, one: Assessed) -> bool:
        """Whether it is settled because nobody mentioned it."""
        if one.evidence or one.status not in ("met", "not-met"):
            return False
        tests = (part.test for part in walk((one,)) if part.test)
        return any(not self.silent.isdisjoint(re.findall(r"\w+", test)) for test in tests)


def _steps(one: Assessed) -> Iterator[Assessed]:
    """Yield a criterion and its steps without a number."""
    yield one
    for part in one.parts:
        if not part.id:
            yield from _steps(part)


def _together(rows: Sequence[Evidence], more: int) -> tuple[tuple[Row, ...], int]:
    """Return rows with those of one kind, where they are many, as one; and how many are left out."""
    kinds: dict[tuple[str, str], list[Evidence]] = {}
    for row in rows:
        kinds.setdefault((row.kind, row.display), []).append(row)
    found: list[Row] = []
    for (kind, display), alike in kinds.items():
        if len(alike) <= ALIKE:
            found += map(_row, alike)
            continue
        count = len(alike) + (more if len(kinds) == 1 else 0)
        days = sorted(row.date for row in alike if row.date)
        span = f"{days[0]}..{days[-1]}" if days and all(map(ISO.fullmatch, days)) and count == len(alike) else None
        found.append(Row(f"{count:,} times {display}", words.when(span) or "", kind, "", counts=True))
        more = more if len(kinds) > 1 else 0
    return tuple(found), more


def _row(one: Evidence) -> Row:
    return Row(words.says(one, labelled=True), words.when(one.date) or "", one.kind, one.reference, counts=True)


def _apart(rows: Sequence[Refused]) -> Iterator[Row]:
    """Yield what does not count, rows of one kind and ground that bear no value as one.

    What a document says stands alone, so that its words can be looked at.
    """
    kinds: dict[tuple[str, ...], list[Refused]] = {}
    for row in rows:
        named_ = row.kind, row.display, row.ground, row.bound or ""
        own = (row.reference, str(row.date), str(row.value))
        alone = row.value is not None or row.count > 1 or row.document is not None
        key = (*named_, *own) if alone else named_
        kinds.setdefault(key, []).append(row)
    for alike in kinds.values():
        days = sorted(row.date for row in alike if row.date)
        if len(alike) == 1 or len(days) < len(alike) or not all(map(ISO.fullmatch, days)):
            yield from map(_refused, alike)
            continue
        yield _refused(structs.replace(alike[0], reference="", date=f"{days[0]}..{days[-1]}", count=len(alike)))


def _refused(one: Refused) -> Row:
    times = f"{one.count} times " if one.count > 1 else ""
    said = f"{times}{words.says(one, labelled=True)}"
    return Row(said, words.when(one.date) or "", one.kind, one.reference, counts=False, ground=ground(one))


def ground(one: Refused) -> str:
    """Return why a row does not count, with the day that bounds it: ``too old, counts from 21 Nov 2025``."""
    said = words.plain(one.ground, {})
    if one.bound and one.ground == "too old":
        return f"{said}, counts from {spoken(iso(day(one.bound) + 1))}"
    return f"{said}, counts up to {spoken(one.bound)}" if one.bound and one.ground == "too new" else said
