"""Proposals and findings as they are kept."""

from __future__ import annotations

import msgspec

from priorauth.documents.pages import Box
from priorauth.documents.proposal import Findings, Patient, Proposal


def test_findings_are_the_same_after_they_were_kept() -> None:
    one = Proposal(fact="hba1c", value="8.4 %", quote="A1c 8.4 %", page=2, start=7, box=Box(0, 0, 1, 1), by="hba1c:1")
    made = Findings(kind="lab-report", patient=Patient(name="Jane Roe"), facts=(one,), notes=("page 3 is damaged",))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Findings) == made
    assert (one.polarity, one.certainty, one.date) == ("stated", "sure", None)
