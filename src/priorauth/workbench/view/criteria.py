"""A determination as a page shows it: what is open first, each criterion with its evidence, the rest folded.

A part below a criterion that is shown is never open. Words are those of pages: shown, not shown, missing, two sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from priorauth.decide.decided import Assessed, Evidence, Question, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.brief import HEAD
from priorauth.decide.page.criteria import Criteria, judged, named, walk
from priorauth.language.english import labels
from priorauth.workbench.words import KIND, OUTCOME

APPLY: Final = ("exclusion", "hand-off")
"""Roles of which to be met means to apply."""


class Row(Struct, frozen=True):
    """A row of the record beside a criterion: what it says, when, from which kind of source, and whether it counts."""

    says: str
    when: str
    kind: str
    reference: str
    counts: bool
    ground: str = ""


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
    sides: tuple[str, ...]
    judged: tuple[str, ...]
    questions: tuple[Question, ...]
    decisive: bool
    silent: bool
    parts: tuple[Criterion, ...]


class Shown(Struct, frozen=True, kw_only=True):
    """A determination as a page shows it."""

    item: int
    product: str
    kind: str
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
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    grants: str
    decide_after: str
    receipt: str
    asks: int


def shown(found: Determination) -> Shown:
    """Return a determination as a page shows it."""
    criteria = Criteria(found)
    view = _View(criteria)
    asked = [view.criterion(one) for one in criteria.asked]
    exclusions = [view.criterion(one) for one in found.criteria if one.role == "exclusion"]
    handed = [view.criterion(one) for one in found.criteria if one.role == "hand-off"]
    papers = [view.criterion(one) for one in criteria.of("document")]
    waiting = [one for one in asked if one.status not in ("met", "not-applicable")]
    waiting += [one for one in (*exclusions, *handed) if one.status in ("met", "unknown", "conflict")]
    waiting += [one for one in papers if one.status not in ("met", "not-applicable")]
    kind = found.request.kind
    return Shown(
        item=found.item,
        product=found.request.product or "no product code",
        kind=labels().value(kind) if kind else "kind of request not known",
        outcome=found.outcome,
        headline=OUTCOME.get(found.outcome, HEAD[found.outcome]),
        policy=found.policy.title if found.policy else "no policy here decides this request",
        version=found.policy.version if found.policy else "",
        policy_id=found.policy.id if found.policy else "",
        asked_on=found.request.requested_on,
        as_of=found.as_of,
        open=tuple(waiting),
        shown=tuple(one for one in asked if one.status == "met"),
        exclusions=tuple(one for one in exclusions if one.status not in ("met", "unknown", "conflict")),
        handed=tuple(one for one in handed if one.status not in ("met", "unknown", "conflict")),
        papers=tuple(one for one in papers if one.status == "met"),
        reasons=tuple(dict.fromkeys(_reasons(criteria))),
        notes=tuple(criteria.plain(one) for one in found.notes),
        warnings=tuple(criteria.plain(one) for one in found.warnings),
        grants=granted(found.would_grant or {}),
        decide_after=found.decide_after or "",
        receipt=str(found.receipt.get("sha256", "")),
        asks=len(found.questions),
    )


def every(listed: tuple[Criterion, ...]) -> Iterator[Criterion]:
    """Yield criteria and all below them."""
    for one in listed:
        yield one
        yield from every(one.parts)


def find(found: Determination, wanted: str) -> Criterion | None:
    """Return the criterion of an id with all below it; None where there is none."""
    criteria = Criteria(found)
    one = criteria.by_id.get(wanted)
    return None if one is None else _View(criteria).criterion(one)


def alternatives(found: Determination) -> tuple[Criterion, ...]:
    """Return what a clinician may accept in the place of the criteria."""
    criteria = Criteria(found)
    view = _View(criteria)
    return tuple(view.criterion(one) for one in criteria.of("alternative"))


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
    """Makes the criteria of one determination into what a page shows."""

    def __init__(self, criteria: Criteria) -> None:
        self.criteria = criteria
        self.silent = set(criteria.found.assumed)
        self.sides: dict[str, list[str]] = {}
        for one in criteria.found.conflicts:
            self.sides.setdefault(one.criterion, []).extend(criteria.plain(says, one.criterion) for says in one.says)
        self.places: dict[int, int] = {id(one): place for place, one in enumerate(walk(criteria.found.criteria))}

    def criterion(self, one: Assessed) -> Criterion:
        role = self.criteria.role[id(one)]
        rows = [_row(row) for row in one.evidence]
        rows += [_refused(row) for row in one.refused]
        parts = tuple(self.criterion(part) for part in one.parts if part.status != "not-applicable")
        own = one.id or ""
        return Criterion(
            id=one.id,
            anchor=f"c-{self.places[id(one)]}",
            title=one.title or named(one).removesuffix(f" ({one.id})"),
            status=one.status,
            says=words.status(one.status, role),
            role=role,
            why=self.criteria.plain(one.why, own) if one.why else "",
            value=words.value(one.value) if one.value else "",
            test=one.test or "",
            reading=one.reading or "",
            readings=one.readings,
            rows=tuple(rows),
            more=one.more_evidence,
            sides=tuple(dict.fromkeys(self.sides.get(own, ()))),
            judged=judged(one) if one.status in ("unknown", "conflict") else (),
            questions=tuple(q for q in self.criteria.found.questions if own and own in q.criteria),
            decisive=one.decisive,
            silent=self._silent(one),
            parts=parts,
        )

    def _silent(self, one: Assessed) -> bool:
        """Whether it is settled because nobody mentioned it."""
        if one.evidence or one.status not in ("met", "not-met"):
            return False
        return any(fact in (part.test or "") for part in walk((one,)) for fact in self.silent)


def _row(one: Evidence) -> Row:
    return Row(words.says(one, labelled=True), words.when(one.date) or "", one.kind, one.reference, counts=True)


def _refused(one: Refused) -> Row:
    said = words.says(one, labelled=True)
    ground = words.refused(one).rpartition(": ")[2]
    times = f"{one.count} times " if one.count > 1 else ""
    return Row(f"{times}{said}", words.when(one.date) or "", one.kind, one.reference, counts=False, ground=ground)
