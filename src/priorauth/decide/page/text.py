"""A determination as a page that a nurse can act on: brief, or in full with every criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from priorauth.decide.decided import Decided
from priorauth.decide.page.brief import HEAD, brief, last
from priorauth.decide.page.tree import tree
from priorauth.values.printable import paged

__all__ = ["HEAD", "page"]


def page(determinations: Iterable[Decided], *, full: bool = False) -> str:
    """Write the page of every determination; ``full`` adds the tree of all criteria."""
    listed = tuple(determinations)
    return "\n".join(paged(_one(found, listed, full=full)) for found in listed)


def _one(found: Decided, listed: tuple[Decided, ...], *, full: bool) -> Iterator[str]:
    beside = tuple(one for one in listed if one is not found and one.claim == found.claim)
    yield from brief(found, beside)
    if full:
        yield from tree(found)
    yield from last(found, full=full)
