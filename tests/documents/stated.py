"""Proposals and documents for tests, made in one line."""

from __future__ import annotations

from typing import Any

from priorauth.documents.proposal import Findings, Proposal
from priorauth.documents.rows import Confirmed, Proposed, Role, Tied, confirmed, opened
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.rows import Row
from priorauth.record.quantities import Scales, scales
from priorauth.values import dates, units
from tests.asking import case

WORDS = vocabularies.load()
UNITS = units.load()
SCALES: Scales = scales(WORDS, UNITS)
DAY = dates.day("2026-11-21")
AT = "2026-11-21T10:00:00Z"


def says(fact: str, value: str = "yes", date: str | None = None, **more: Any) -> Proposal:
    return Proposal(fact=fact, value=value, date=date, **{"quote": "so it stands", "page": 2, "start": 118, **more})


def document(*facts: Proposal, number: int = 3, dated: str | None = "2026-11-10", **more: Any) -> Proposed:
    of = {"set_aside": more.pop("set_aside", None), "role": more.pop("role", None)}
    findings = Findings(kind="progress-note", dated=dated, facts=facts, **of)
    return Proposed(document=f"document {number}", title="note.pdf", sha256="0" * 64, findings=findings, **more)


def word(number: int = 0, role: Role = "nurse") -> Confirmed:
    return Confirmed(number=number, by="p7", role=role, name="N. Nurse", at=AT)


def tied(proposal: Proposal, role: Role = "nurse") -> Tied:
    return Tied(proposal=proposal, by="p7", role=role, name="N. Nurse", at=AT)


def open_rows(given: str, *documents: Proposed) -> list[Row]:
    return list(opened(documents, case(given).rows, SCALES, DAY))


def counted(*documents: Proposed) -> list[Row]:
    return list(confirmed(documents, SCALES))
