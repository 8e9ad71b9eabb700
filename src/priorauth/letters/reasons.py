"""The four parts of an adverse reason: what a clinician is offered, and what a reason lacks.

Software writes no adverse reason. It offers what the determination has, part by part, and leaves a part empty where it
has nothing; a clinician writes or confirms each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.decide.decided import Assessed, Evidence, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.criteria import Criteria, evidence, refused
from priorauth.letters.kinds import Reason

PARTS: Final = {
    "asks": "what the policy asks",
    "found": "what we found",
    "why_not": "why that does not show it",
    "would": "what would show it",
}
MOST: Final = 3
"""How many rows a part names."""


def offered(found: Determination, criterion: str) -> Reason:
    """Return the parts of a reason that a determination holds; nobody has confirmed them. Raises KeyError."""
    criteria = Criteria(found)
    one = criteria.by_id[criterion]
    return Reason(
        criterion=criterion,
        title=one.title or "",
        asks=_sentence(one.title or ""),
        found=_sentence(_found(one)),
        why_not=_sentence(_why_not(one)),
        would=_sentence(" ".join(question.ask for question in found.questions if criterion in question.criteria)),
        confirmed_by="",
    )


def lacking(reason: Reason) -> Iterator[str]:
    """Yield the parts that a reason lacks."""
    for part, says in PARTS.items():
        if not str(getattr(reason, part)).strip():
            yield says


def _found(one: Assessed) -> str:
    rows: tuple[Evidence | Refused, ...] = (*evidence(one), *refused(one))
    said = (
        ", ".join(part for part in (words.says(row, labelled=True), words.when(row.date), row.kind) if part)
        for row in rows
    )
    return "; ".join(words.few(said, MOST))


def _why_not(one: Assessed) -> str:
    return "; ".join(words.few((words.refused(row, labelled=True) for row in refused(one)), MOST))


def _sentence(text: str) -> str:
    """Begin with a capital and end with a stop."""
    text = text.strip()
    return text if not text else f"{text[0].upper()}{text[1:]}{'' if text.endswith(('.', '?')) else '.'}"
