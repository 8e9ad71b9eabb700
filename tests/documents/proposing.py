"""Draws what documents propose: of the facts that a policy reads, values on and around every threshold and window edge.

Seeded, as :mod:`tests.draw`, whose values and days it takes: also ranges, comparators, other units, values that cannot
be, partial dates and none, what is denied, what a person confirmed.
"""

from __future__ import annotations

from priorauth.documents.proposal import Findings, Proposal
from priorauth.documents.rows import Confirmed, Proposed
from priorauth.facts.vocabulary import Fact
from priorauth.values import dates
from priorauth.values.units import show
from tests.draw import AS_OF, Draw


def documents(draw: Draw, most: int = 3, *, confirmed: float = 0.0) -> tuple[Proposed, ...]:
    """Draw documents of a case; a share of their proposals is confirmed."""
    return tuple(_document(draw, number, confirmed) for number in range(1, int(draw.rng.integers(1, most + 1)) + 1))


def _document(draw: Draw, number: int, confirmed: float) -> Proposed:
    names = [name for name in sorted(draw.days) if name in draw.vocabulary]
    facts = tuple(
        proposal(draw, draw.vocabulary[draw.pick(names)], place) for place in range(int(draw.rng.integers(1, 6)))
    )
    said = tuple(
        Confirmed(
            number=place, by="p1", role=draw.pick(("clinic", "nurse")), name="A. Person", at="2026-11-21T10:00:00Z"
        )
        for place in range(len(facts))
        if draw.chance(confirmed)
    )
    dated = None if draw.chance(0.15) else dates.iso(draw.day(facts[0].fact))
    findings = Findings(kind="progress-note", dated=dated, facts=facts)
    return Proposed(document=f"document {number}", title="note.pdf", sha256="0" * 64, findings=findings, confirmed=said)


def proposal(draw: Draw, fact: Fact, place: int = 0) -> Proposal:
    """Draw one proposal of a fact."""
    return Proposal(
        fact=fact.name,
        value=value(draw, fact),
        quote="words",
        page=1,
        start=10 * place,
        date=day(draw, fact.name),
        since=day(draw, fact.name) if draw.chance(0.2) else None,
        until=day(draw, fact.name) if draw.chance(0.1) else None,
        polarity="denied" if draw.chance(0.25) else "stated",
        certainty="hedged" if draw.chance(0.2) else "sure",
        by="drawn",
    )


def day(draw: Draw, fact: str) -> str | None:
    """Draw a date as documents give it: exact, of a month or a year, a span, or none."""
    if draw.chance(0.25):
        return None
    said = dates.iso(draw.day(fact))
    match draw.pick(("exact", "exact", "exact", "month", "year", "span", "wrong")):
        case "month":
            return said[:7]
        case "year":
            return said[:4]
        case "span":
            return f"{said}/{dates.iso(min(dates.day(said) + 10, AS_OF + 5))}"
        case "wrong":
            return draw.pick(("2026-13", "soon", "0001-01-01", "2026-11-05/2026-11-01"))
    return said


def value(draw: Draw, fact: Fact) -> str:
    """Draw a value of a fact as documents write it."""
    if fact.kind in ("condition", "attestation") or (fact.kind == "event" and draw.chance(0.6)):
        return "yes" if draw.chance(0.95) else "perhaps"
    if fact.kind == "event" and draw.chance(0.2):
        return "9 x"
    if fact.values == ("date",):
        return day(draw, fact.name) or "unknown"
    if fact.values and fact.values not in (("number",), ("integer",)):
        return draw.pick((*draw.liked(fact), "another"))
    number = draw.number(fact.name)
    low, unit = show(number, fact.resolution), f" {fact.unit}" if fact.unit and draw.chance(0.9) else ""
    match draw.pick(("plain", "plain", "plain", "rounded", "range", "bound", "wrong")):
        case "rounded":
            return f"{low.partition('.')[0]}{unit}"
        case "range":
            return f"{low}-{show(number + 3, fact.resolution)}{unit}"
        case "bound":
            return f"{draw.pick(('<', '>', '>=', '<='))}{low}{unit}"
        case "wrong":
            return draw.pick(("many", f"{low} furlong", "99999999"))
    return f"{low}{unit}"
