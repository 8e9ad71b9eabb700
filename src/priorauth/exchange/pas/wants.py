"""What is asked of who asked: for each thing its criterion, what is on file and does not do, and the question."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from priorauth.decide.decided import Ask
from priorauth.decide.determination import Determination
from priorauth.decide.page.asked import facts, parts
from priorauth.exchange.pas.model import Want
from priorauth.letters import asked
from priorauth.policy.catalog import open_catalog


def of(found: Determination) -> Iterator[Want]:
    """Yield what a determination asks of people outside the plan."""
    if found.outcome != "request-information":
        return
    for part, one in zip(parts(found.ask), asked.wanted(found), strict=True):
        named = tuple(dict.fromkeys(facts(part)))
        of_whom = tuple(dict.fromkeys(who for way in one.ways for who in way.of if who != "payer"))
        if not of_whom:
            continue
        yield Want(
            title=one.title,
            criteria=one.paragraphs,
            asks=tuple(_asks(part, one)),
            of=of_whom,
            held=one.held,
            facts=named,
            code=next((code for fact in named if (code := _code(fact)) is not None), None),
        )


def _asks(part: str | Ask, one: asked.Wanted) -> Iterator[str]:
    """Yield the questions; of several ways each with the days that are missing."""
    del part
    for way in one.ways:
        said = " and ".join(way.asks)
        yield f"{said} ({way.days})" if way.days else said


@lru_cache(maxsize=1024)
def _code(fact: str) -> str | None:
    """Return the LOINC code of a fact of the shipped vocabulary; None where it has none."""
    known = open_catalog().vocabulary
    found = known[fact].codes.get("loinc", ()) if fact in known else ()
    return found[0] if found else None
