"""What may be done about the clocks of a case: which of them may be extended, and on which grounds."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from priorauth.ledger import clocking
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import words
from priorauth.ledger.whole import Whole
from priorauth.workbench.visit import Visit


class Longer(Struct, frozen=True, kw_only=True):
    """A clock that may be extended: by how much, who may ask for it, and the grounds of its closed list in words."""

    rule: str
    name: str
    until: str
    most: str
    says: str
    grounds: tuple[tuple[str, str], ...]


def longer(visit: Visit, whole: Whole) -> tuple[Longer, ...]:
    """Return the clocks of an open case that its law lets the plan extend."""
    return tuple(_longer(visit, whole)) if whole.head.closed_at is None else ()


def _longer(visit: Visit, whole: Whole) -> Iterator[Longer]:
    book = clocking.book_of(visit.plan["settings"])
    found = clocking.running_of(whole.head.about, book)
    for one in () if found is None else found.clocks:
        if found is None or one.extension is None:
            continue
        yield Longer(
            rule=one.id,
            name=words.named(one),
            until=words.stand(one, d.due(one, found.happened, found.calendar, visit.now), found.calendar),
            most=words.figure(one.extension.by),
            says=one.extension.says,
            grounds=tuple((ground, book.grounds[ground]) for ground in one.extension.grounds),
        )
