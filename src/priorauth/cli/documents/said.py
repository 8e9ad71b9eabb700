"""How what a document proposes is printed: the shape in which other programs propose, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priorauth.documents.pages import Reading
    from priorauth.documents.proposal import Findings, Proposal


def said(reading: Reading, found: Findings, page: int | None) -> dict[str, Any]:
    """Return what is printed: what the document is, its facts, and what was left of it."""
    return {
        "sha256": reading.sha256,
        "kind": found.kind,
        "author_role": found.role,
        "dated": found.dated,
        "signed_by": found.signed_by,
        "signed_on": found.signed_on,
        "patient": {"name": found.patient.name, "birthDate": found.patient.birth_date},
        "set_aside": found.set_aside,
        "facts": [_fact(one) for one in found.facts if page in (None, one.page)],
        "notes": [*reading.notes, *found.notes],
    }


def _fact(one: Proposal) -> dict[str, Any]:
    box = None if one.box is None else [one.box.left, one.box.top, one.box.right, one.box.bottom]
    more = {"from": one.since, "until": one.until, "stated_by": one.stated_by}
    return {
        "fact": one.fact,
        "value": one.value,
        "date": one.date,
        "polarity": one.polarity,
        "certainty": one.certainty,
        "quote": one.quote,
        "page": one.page,
        "box": box,
        **{name: value for name, value in more.items() if value is not None},
        "by": one.by,
    }
