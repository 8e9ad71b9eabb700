"""A determination: what was decided on one request, with the evidence beside each criterion, in the shape of the
contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from priorauth.decide.finding import Status
from priorauth.decide.missing import Question
from priorauth.decide.outcome import Outcome

Json = dict[str, object]
Role = Literal["criterion", "exclusion", "document", "hand-off", "alternative"]


class Evidence(Struct, frozen=True, gc=False):
    """One row that counted: its resource, its date, what it says."""

    reference: str
    date: str | None
    value: str | None

    def as_json(self) -> Json:
        """Give it as JSON."""
        return {"reference": self.reference, "date": self.date, "value": self.value}


class Assessed(Struct, frozen=True, gc=False):
    """A criterion as decided. ``why`` is plain words where it is unknown; ``readings`` are those it rests on."""

    id: str | None
    title: str | None
    status: Status
    why: str | None
    value: str | None
    evidence: tuple[Evidence, ...]
    parts: tuple[Assessed, ...]
    test: str | None = None
    reading: str | None = None
    readings: tuple[str, ...] = ()
    more_evidence: int = 0
    role: Role | None = None
    """Of the roots of the tree: what meeting it means."""

    def as_json(self) -> Json:
        """Give it as JSON."""
        shown: Json = {
            "id": self.id,
            "title": self.title,
            "status": self.status,
            "why": self.why,
            "value": self.value,
            "evidence": [part.as_json() for part in self.evidence],
            "parts": [part.as_json() for part in self.parts],
        }
        for key, value in (
            ("role", self.role),
            ("test", self.test),
            ("reading", self.reading),
            ("readings", list(self.readings)),
        ):
            if value:
                shown[key] = value
        if self.more_evidence:
            shown["more_evidence"] = self.more_evidence
        return shown


@dataclass(frozen=True, slots=True)
class Applied:
    """The policy version that was applied."""

    id: str
    title: str
    version: str
    effective_from: str
    effective_until: str | None
    assumed: str | None
    sha256: str
    currency: str

    def as_json(self) -> Json:
        """Give it as JSON."""
        effective: Json = {"from": self.effective_from, "until": self.effective_until}
        if self.assumed:
            effective["assumed"] = self.assumed
        return {
            "id": self.id,
            "version": self.version,
            "effective": effective,
            "sha256": self.sha256,
            "currency": self.currency,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements that cannot both hold."""

    criterion: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """Why the outcome is what it is, in plain words, by criterion."""

    criterion: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Determination:
    """The decision on one item of a request; field by field the contract's section 4."""

    item: int
    claim: str
    policy: Applied | None
    pathway: str | None
    as_of: str
    outcome: Outcome
    reasons: tuple[ReasonGiven, ...]
    criteria: tuple[Assessed, ...]
    questions: tuple[Question, ...]
    conflicts: tuple[Conflict, ...]
    assumed: tuple[str, ...]
    notes: tuple[str, ...]
    decide_after: str | None
    grants: Mapping[str, int | str] | None
    receipt: Json
    warnings: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """Give it as JSON, in the order of the contract."""
        shown: Json = {
            "item": self.item,
            "policy": self.policy.as_json() if self.policy else None,
            "pathway": self.pathway,
            "as_of": self.as_of,
            "outcome": self.outcome,
            "reasons": [{"criterion": reason.criterion, "text": reason.text} for reason in self.reasons],
            "criteria": [part.as_json() for part in self.criteria],
            "questions": [
                {"fact": q.fact, "ask": q.ask, "of": q.of, "criteria": list(q.criteria), "one_of": q.one_of}
                for q in self.questions
            ],
            "conflicts": [{"criterion": part.criterion, "says": list(part.says)} for part in self.conflicts],
            "assumed": list(self.assumed),
            "notes": list(self.notes),
            "decide_after": self.decide_after,
            "grants": dict(self.grants) if self.grants is not None else None,
            "receipt": self.receipt,
        }
        if self.warnings:
            shown["warnings"] = list(self.warnings)
        return shown
