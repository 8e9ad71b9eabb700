"""What one run says differently from another: outcome, criteria, evidence, questions; as data and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from priorauth.decide.decided import Assessed, Evidence
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.criteria import walk

_SHOWN = {
    "met": "shown",
    "not-met": "not shown",
    "unknown": "missing",
    "conflict": "two sides",
    "not-applicable": "does not apply",
}


class Turned(Struct, frozen=True):
    """A criterion whose verdict is another now. ``said``: what documents say of it now and did not before, in words."""

    criterion: str
    title: str | None
    before: str
    after: str
    said: tuple[str, ...] = ()


class Seen(Struct, frozen=True):
    """Evidence that is there in one run and not in the other: its resource, what it is of, what it says.

    ``document`` names the document, its page, and who confirmed it, where it rests on one.
    """

    criterion: str
    reference: str
    display: str
    value: str | None
    date: str | None
    document: str | None = None


class Difference(Struct, frozen=True):
    """What is different for one item; ``before`` and ``after`` are outcomes, None where the item was not there."""

    item: int
    before: str | None
    after: str | None
    turned: tuple[Turned, ...] = ()
    new: tuple[Seen, ...] = ()
    gone: tuple[Seen, ...] = ()
    asked: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing is different."""
        return self.before == self.after and not (self.turned or self.new or self.gone or self.asked or self.closed)


def differences(before: Sequence[Determination], after: Sequence[Determination]) -> tuple[Difference, ...]:
    """Return what is different, item by item, in the order of the items."""
    old, new = ({one.item: one for one in run} for run in (before, after))
    return tuple(_of_item(item, old.get(item), new.get(item)) for item in sorted({*old, *new}))


def _of_item(item: int, old: Determination | None, new: Determination | None) -> Difference:
    one, two = _flat(old), _flat(new)
    turned = tuple(
        Turned(name, two[name].title, one[name].status, two[name].status, _said(one[name], two[name]))
        for name in two
        if name in one and one[name].status != two[name].status
    )
    seen, shown = _evidence(one.values()), _evidence(two.values())
    asked = {} if old is None else {one.fact: one.ask for one in old.questions}
    asks = {} if new is None else {one.fact: one.ask for one in new.questions}
    return Difference(
        item=item,
        before=None if old is None else old.outcome,
        after=None if new is None else new.outcome,
        turned=turned,
        new=tuple(row for key, row in shown.items() if key not in seen),
        gone=tuple(row for key, row in seen.items() if key not in shown),
        asked=tuple(said for fact, said in asks.items() if fact not in asked),
        closed=tuple(said for fact, said in asked.items() if fact not in asks),
    )


def _flat(made: Determination | None) -> dict[str, Assessed]:
    """Return every numbered criterion by its id."""
    return {} if made is None else {one.id: one for one in walk(made.criteria) if one.id is not None}


def _evidence(criteria: Iterable[Assessed]) -> dict[tuple[str, str | None, str | None], Seen]:
    """Return each row of evidence once, under the first criterion that it counts for."""
    found: dict[tuple[str, str | None, str | None], Seen] = {}
    for one in criteria:
        for row in _rows(one):
            key = (row.reference, row.date, row.value)
            seen = Seen(one.id or "", row.reference, row.display, row.value, row.date, _document(row))
            found.setdefault(key, seen)
    return found


def _document(row: Evidence) -> str | None:
    """Return the document on which a row rests, its page, and who confirmed it."""
    said = row.document
    return None if said is None else f"{row.kind}: {said.title}, page {said.page}"


def _said(before: Assessed, after: Assessed) -> tuple[str, ...]:
    """Return what documents say of a criterion now that makes it less certain, and did not before."""
    old = {(said.reference, said.fact) for said in before.documents if said.word == "open"}
    return tuple(
        f"{words.document(said)}, in {said.title}"
        for said in after.documents
        if said.word == "open" and (said.reference, said.fact) not in old
    )


def _rows(one: Assessed) -> Iterator[Evidence]:
    """Yield the evidence of a criterion and of the parts of it that have no id of their own."""
    yield from one.evidence
    for part in one.parts:
        if part.id is None:
            yield from _rows(part)


def sentences(found: Iterable[Difference]) -> Iterator[str]:
    """Yield what is different in plain words, one line a thing."""
    for one in found:
        head = f"Item {one.item}"
        if one.same:
            yield f"{head}: nothing is different."
            continue
        if one.before != one.after:
            yield f"{head}: {_outcome(one.before)} became {_outcome(one.after)}."
        for turn in one.turned:
            named = turn.criterion if turn.title is None else f"{turn.title} ({turn.criterion})"
            yield f"{head}: {named}: {_SHOWN[turn.before]} before, {_SHOWN[turn.after]} now."
            for said in turn.said:
                yield f"{head}: {named}: {said}."
        for row in one.new:
            yield f"{head}: new for {row.criterion}: {_row(row)}."
        for row in one.gone:
            yield f"{head}: no longer there for {row.criterion}: {_row(row)}."
        for said in one.asked:
            yield f"{head}: asked now: {said}"
        for said in one.closed:
            yield f"{head}: no longer asked: {said}"


def _outcome(outcome: str | None) -> str:
    return "nothing" if outcome is None else outcome.replace("-", " ")


def _row(row: Seen) -> str:
    said = row.display if row.value is None else f"{row.display} {row.value}"
    return ", ".join(part for part in (said, row.date, row.document) if part)
