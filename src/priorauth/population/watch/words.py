"""What a day of a watch brought, in words: its numbers, who changed and by what, and everybody after it."""

from __future__ import annotations

from collections.abc import Iterator

from priorauth.engines.sql.compile import Query
from priorauth.population.run import Summary
from priorauth.population.summary import columns, page
from priorauth.population.watch.difference import GONE, NEW, Difference
from priorauth.population.watch.state import Day
from priorauth.values.printable import paged


def summary(query: Query, day: Day, found: Difference, everybody: Summary) -> str:
    """Return the summary of a day."""
    return paged(lines(query, day, found)) + "\n" + page(everybody)


def lines(query: Query, day: Day, found: Difference) -> Iterator[str]:
    """Yield what the day brought."""
    counts = day.counts
    yield f"{day.name}: {counts.decided:,} of {counts.members:,} decided, windows count from {day.as_of}"
    if day.everybody:
        yield f"  everybody was decided: {day.everybody}"
    changed = {
        "new": counts.new,
        "gone": counts.gone,
        "another outcome": counts.outcome,
        "other criteria": counts.criteria,
    }
    yield f"  {', '.join(f'{name} {count:,}' for name, count in changed.items())}"
    yield (
        f"  {counts.resources:,} resources, {counts.deletions:,} deletions, {counts.rejects:,} rejects, "
        f"{counts.warnings:,} warnings"
    )
    if found.moved:
        yield ""
        yield "outcomes that differ"
        yield from columns(
            [
                (f"{_side(one, NEW)} -> {_side(two, GONE)}", f"{count:,}", _such(who))
                for one, two, count, who in found.moved
            ]
        )
    if found.criteria:
        yield ""
        yield "of another outcome, by what changed (a member may stand in several lines)"
        yield from columns(
            [
                (f"{_named(query, name)}: {one} -> {two}", f"{count:,}", _such(who))
                for name, one, two, count, who in found.criteria
            ]
        )


def _named(query: Query, name: str) -> str:
    title = query.titles.get(name)
    return f"{name} {title}" if title else name


def _side(outcome: str | None, otherwise: str) -> str:
    return otherwise if outcome is None else outcome


def _such(who: list[str]) -> str:
    return f"such as {', '.join(who)}"
