"""The summary of a run of made-up members, for its page."""

from __future__ import annotations

from typing import Any

from priorauth.population.dataset import About, Decided, Part

SHA = "ab" * 32


def step(name: str, *counts: int, left: int, alone: int) -> dict[str, Any]:
    statuses = ("met", "not-met", "unknown", "conflict", "not-applicable")
    named = dict(zip(statuses, counts, strict=True))
    return {"pathway": "trial", "criterion": name, "title": f"Title <{name}>", **named, "left": left, "alone": alone}


SUMMARY: dict[str, Any] = {
    "members": 1_300,
    "outcomes": {"request-information": 700, "approve": 400, "clinical-review": 193, "not-applicable": 7},
    "pathways": {"trial": 1_000, "replacement": 300},
    "asked": {"request_kind": 600, "motivated": 9},
    "steps": [step("A", 800, 80, 91, 9, 20, left=820, alone=12), step("B", 500, 250, 250, 0, 0, left=8, alone=3)],
    "supposed": {"product_code=E0784": 1_200},
}
ABOUT = About(
    policy=Decided("payer-x/pumps", "Pumps & more", "3", SHA),
    parts=(Part(1_300, 1),),
    readings={"hba1c_age": "6 months"},
    summary=SUMMARY,
)
