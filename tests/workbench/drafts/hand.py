"""What tests of drafts have at hand: who checks when, the examples as uploaded files, a typed request."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.events import Who
from priorauth.workbench.drafts import uploads
from priorauth.workbench.drafts.check import At
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.forms import Attached
from tests.ledger import house

CLINIC = house.COORDINATOR
SUPPLIER = Who(house.TENANT, "sue", "supplier", "supplier")
AT = At(CLINIC, {}, date(2026, 11, 24), house.NOW)
TYPED = {
    "family": "Rivera", "given": "Ana Maria", "born": "1992-03-04", "member_id": "M-1", "payer": "masshealth",
    "product": "E0784", "kind": "initial", "urgent": "no", "diagnosis": "e10.65", "prescriber_family": "Chen",
    "prescriber_npi": "1234567893",
}  # fmt: skip
ANSWERS = {
    "a-hba1c": ("8.4",),
    "a-hba1c.date": ("2026-11-20",),
    "a-glucose_tests_per_day.value": ("5",),
    "a-glucose_tests_per_day.from": ("2026-01-20",),
}
"""What the example ``ask`` lacks."""


def uploaded(name: str) -> Paper:
    """Return an example as it is uploaded."""
    return uploads.told(Attached(f"{name}.json", "application/json", house.example(name)))


def example(name: str = "ask") -> Draft:
    """Return a draft of an example."""
    return Draft().added((uploaded(name),))
