"""What a change would do to past cases: counts by outcome then and with the change, so many cases a visit.

What was found of a case is kept in memory, so that reading on does not read again what was read.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from msgspec import Struct

from priorauth.ledger import whatif
from priorauth.ledger.whatif import UNREAD, Change, Item, Past
from priorauth.workbench.visit import Visit
from priorauth.workbench.words import OUTCOME

AT_ONCE: Final = 100
"""How many cases one visit reads."""
_MOST: Final = 20_000
_Key = tuple[str, Past, Change]


class Moved(Struct, frozen=True):
    """How many items went from one outcome to another, in words."""

    before: str
    after: str
    items: int


class Found(Struct, frozen=True, kw_only=True):
    """What a change does to the cases that were read; ``of``: how many cases there are under the policy."""

    read: int
    of: int
    items: int
    moved: tuple[Moved, ...]
    changed: tuple[Item, ...]
    cases: tuple[str, ...]
    unread: int

    @property
    def left(self) -> int:
        """How many cases are not read yet."""
        return self.of - self.read


class _Kept:
    """What was found of cases, the least used forgotten first."""

    def __init__(self) -> None:
        self.lock, self.of = Lock(), OrderedDict[_Key, tuple[Item, ...]]()

    def get(self, key: _Key) -> tuple[Item, ...] | None:
        with self.lock:
            if key in self.of:
                self.of.move_to_end(key)
            return self.of.get(key)

    def put(self, key: _Key, items: tuple[Item, ...]) -> None:
        with self.lock:
            self.of[key] = items
            while len(self.of) > _MOST:
                self.of.popitem(last=False)


_KEPT: Final = _Kept()


def found(visit: Visit, change: Change, upto: int) -> Found:
    """Return what a change does to the newest ``upto`` cases, of which at most :data:`AT_ONCE` are read anew."""
    tenant = visit.session.tenant
    kept: dict[Past, tuple[Item, ...]] = {}
    with visit.store.reading(tenant) as connection:
        listed = whatif.past(connection, tenant, change.policy)
        wanted: list[Past] = []
        for case in listed[:upto]:
            known = _KEPT.get((tenant, case, change))
            if known is not None:
                kept[case] = known
            elif len(wanted) < AT_ONCE:
                wanted.append(case)
        read = whatif.again(connection, tenant, change, wanted)
    for case, items in read.items():
        _KEPT.put((tenant, case, change), items)
    return _counted({**kept, **read}.values(), len(listed))


def _counted(cases: Iterable[tuple[Item, ...]], of: int) -> Found:
    listed = list(cases)
    items = [item for case in listed for item in case]
    changed = [item for item in items if item.moved and item.after != UNREAD]
    counts = Counter((item.before, item.after) for item in changed)
    return Found(
        read=len(listed),
        of=of,
        items=len(items),
        moved=tuple(
            Moved(said(before), said(after), count)
            for (before, after), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        changed=tuple(sorted(changed)),
        cases=tuple(sorted({item.case_no for item in changed})),
        unread=sum(item.after == UNREAD for item in items),
    )


def said(outcome: str) -> str:
    """Return an outcome in words."""
    return OUTCOME.get(outcome, outcome)
