"""The summary of a run in words: outcomes, what is asked most, and for each pathway what lets members through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from priorauth.population.compare import Comparison
from priorauth.population.run import Summary
from priorauth.values.printable import paged

MOST = 10
Shown = TypeVar("Shown", str, tuple[str, str])


def page(found: Summary) -> str:
    """Write a summary as text."""
    return paged(_page(found))


def _page(found: Summary) -> Iterator[str]:
    yield f"{found.policy.title} ({found.policy.id}, {found.policy.version}): {found.members:,} members"
    yield from _supposed(found.supposed)
    yield ""
    yield from columns([(name, f"{count:,}", _share(count, found.members)) for name, count in found.outcomes.items()])
    for pathway, taken in found.taken.items():
        steps = [step for step in found.steps if step.pathway == pathway]
        yield ""
        if not steps:  # one that the run left out
            yield f"{pathway}: {taken:,} members"
            continue
        yield f"{pathway}: {taken:,} members (left: meet every step so far; alone: miss this step and no other)"
        head = ("criterion", "met", "not met", "unknown", "conflict", "left", "alone", "")
        rows = [
            (
                step.criterion,
                *(f"{step.counts[status]:,}" for status in ("met", "not-met", "unknown", "conflict")),
                f"{step.left:,}",
                f"{step.alone:,}",
                step.title,
            )
            for step in steps
        ]
        yield from columns([head, *rows])
    if found.asked:
        yield ""
        yield "asked most"
        yield from columns([(fact, f"{count:,}") for fact, count in list(found.asked.items())[:MOST]])


def compared(found: Comparison) -> str:
    """Write a comparison as text."""
    return paged(_compared(found))


def _compared(found: Comparison) -> Iterator[str]:
    yield f"{found.members:,} members: {found.one} against {found.two}"
    yield from _supposed(found.supposed)
    yield ""
    counts = (("approved by both", found.both), ("gain", found.gain), ("lose", found.lose))
    yield from columns([(name, f"{count:,}") for name, count in counts])
    yield ""
    yield "outcomes that differ"
    yield from columns(
        [(f"{one} -> {two}", f"{count:,}", *_named(found.movers, (one, two))) for one, two, count in found.moved]
    )
    for name, reasons, seen in (("gain", found.gained_by, found.gainers), ("lose", found.lost_by, found.losers)):
        if reasons:
            yield ""
            yield f"who {name}s, by what changed (a member may stand in several lines)"
            yield from columns([(reason, f"{count:,}", *_named(seen, reason)) for reason, count in reasons])


def _named(seen: Mapping[Shown, tuple[str, ...]], name: Shown) -> tuple[str, ...]:
    """Return one cell that names members who show a change, where any are to be named."""
    return (f"such as {', '.join(seen[name])}",) if seen.get(name) else ()


def _supposed(words: Mapping[str, int]) -> Iterator[str]:
    """Yield what was supposed, and of how many members."""
    if words:
        yield ""
        yield "supposed where nothing is on file"
        yield from columns([(word, f"{count:,}") for word, count in words.items()])


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.1f} %" if of else ""


def columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Yield rows laid out in columns: numbers to the right, words to the left."""
    if not rows:
        return
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            last = place == len(row) - 1
            right = place > 0 and not (last and not cell[:1].isdigit())
            cells.append(cell.rjust(width) if right else cell.ljust(width))
        yield "  " + "  ".join(cells).rstrip()
