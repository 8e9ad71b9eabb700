"""A proposal beside what is known: shown where it would change nothing, else a mention: its fact is less certain.

It changes nothing where it says what a row says that counts, is older than what counts, or denies what nobody claims.
A mention never proves nor disproves: of a regimen it widens what counts to what the document says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import structs

from priorauth.documents import valued
from priorauth.documents.proposal import Proposal
from priorauth.documents.valued import Speaking
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.rows import (
    SIDES,
    Answer,
    Event,
    Measurement,
    Period,
    Row,
    Side,
    Source,
    ground_of,
    mentioned,
)
from priorauth.facts.vocabulary import Fact
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from priorauth.values.interval import Interval, hull

NOT_CONFIRMED: Final = "a document says so, and nobody has confirmed it"
_SIDES: Final[tuple[tuple[Side, Source], ...]] = (("record", Source.DOCUMENT), ("answers", Source.ANSWER))


def beside(one: Proposal, made: Sequence[Row], known: Iterable[Row], by: Speaking) -> Iterator[Row]:
    """Yield the rows of a proposal that nobody confirmed. ``made`` are those it would come to, ``known`` its fact's."""
    fact = by.fact(one.fact)
    counted = [row for row in known if row.source in SIDES["all"] and ground_of(row) is None]
    for row in made:
        if isinstance(row, Measurement):
            yield _shown(row) if _same_result(row, one, counted, by) else mentioned(row, NOT_CONFIRMED)
        elif isinstance(row, Event):
            yield _shown(row) if _same_event(row, counted) else mentioned(row, NOT_CONFIRMED)
        elif isinstance(row, Answer):
            yield from _statement(row, fact, [said for said in counted if isinstance(said, Answer)])
        elif isinstance(row, Period) and fact.kind == "condition":
            yield from _condition(row, fact, counted, by)
        elif isinstance(row, Period):
            yield from _regimen(row, one, [said for said in counted if isinstance(said, Period)], by)


def _shown(row: valued.Told) -> Row:
    return structs.replace(row, source=Source.SHOWN)


# ---- results and events


def _same_result(row: Measurement, one: Proposal, counted: Iterable[Row], by: Speaking) -> bool:
    """Whether a result of the same days agrees, as far as the document gives its digits."""
    return any(
        isinstance(said, Measurement) and _meet(row, said) and _agrees(row.value, said.value, one, by)
        for said in counted
    )


def _same_event(row: Event, counted: Iterable[Row]) -> bool:
    """Whether an event of the same days is known that has no other number."""
    return any(
        isinstance(said, Event) and _meet(row, said) and (_blank(row) or _blank(said) or _touch(row.value, said.value))
        for said in counted
    )


def _blank(row: Event) -> bool:
    return row.low is None and row.high is None


def _meet(one: Measurement | Event, two: Measurement | Event) -> bool:
    return one.first <= two.last and two.first <= one.last


def _touch(one: Interval, two: Interval) -> bool:
    """Whether two numbers may be the same."""
    low = max((end for end in (one.low, two.low) if end is not None), default=None)
    high = min((end for end in (one.high, two.high) if end is not None), default=None)
    return low is None or high is None or low <= high


def _agrees(row: Interval, said: Interval, one: Proposal, by: Speaking) -> bool:
    """Whether what is known may be what the document says, rounded as it rounds."""
    if _touch(row, said):
        return True
    ends = valued.written(by.fact(one.fact), one.value, by.scales)
    if ends is None or said.low is None or said.high is None:
        return False
    return said.low <= ends[1] and ends[0] <= said.high


# ---- statements


def _statement(row: Answer, fact: Fact, counted: Sequence[Answer]) -> Iterator[Row]:
    """Yield a statement: a mention where it may be the newest and says something else."""
    if not counted:
        quiet = fact.silent_no and row.text == "no"
        yield _shown(row) if quiet else mentioned(row, NOT_CONFIRMED)
        return
    latest = max(said.first for said in counted)
    newest = [said for said in counted if said.last >= latest]
    same = all(_says_so(row, said) for said in newest)
    yield _shown(row) if same or row.last < latest else mentioned(row, NOT_CONFIRMED)


def _says_so(row: Answer, said: Answer) -> bool:
    if row.low is not None and said.low is not None:
        return _touch(row.value, said.value)
    return row.text == said.text


# ---- conditions and regimens


def _condition(row: Period, fact: Fact, counted: Sequence[Row], by: Speaking) -> Iterator[Row]:
    """Yield a condition: a hint, but where a row says the same, or it is denied and nobody claims it.

    Against a no that is not newer, it may be so on any day.
    """
    periods = [said for said in counted if isinstance(said, Period)]
    same = any(said.low == said.high == row.low and _cover(row, said) for said in periods)
    absent = bool(periods) and all(said.high == 0 for said in periods)
    older = absent and by.as_of.last < max(said.end_last for said in periods)
    if same or older or (row.high == 0 and (absent or not periods)):
        yield _shown(row)
    elif absent and fact.name not in ANCHOR_FACTS.values():
        yield _maybe(row, Interval(row.low, row.high))
    else:
        yield valued.anywhen(fact, by, NOT_CONFIRMED)


def _maybe(row: Period, value: Interval) -> Period:
    """Return a period that may have begun on any day since its start, and covers none for certain."""
    first = row.start_first if row.start_first < row.start_last else max(FIRST_DAY, row.start_first - 1)
    return structs.replace(
        row,
        start_first=first,
        start_last=LAST_DAY,
        end_first=first,
        end_last=LAST_DAY,
        low=value.low,
        high=value.high,
        ground=NOT_CONFIRMED,
    )


def _cover(one: Period, two: Period) -> bool:
    return one.start_first <= two.end_last and two.start_first <= one.end_last


def _regimen(row: Period, one: Proposal, counted: Sequence[Period], by: Speaking) -> Iterator[Row]:
    """Yield a regimen. Beside rows that count it is on their side, as one that may have begun at any time since.

    On every side its number reaches from what counts on any of them to its own, so that no side is more certain than
    all were together.
    """
    fact = by.fact(one.fact)
    if not counted:
        quiet = fact.silent_no and (row.low, row.high) == (0, 0)
        yield _shown(row) if quiet else valued.anywhen(fact, by, NOT_CONFIRMED)
        return
    latest = max(said.start_first for said in counted)
    standing = [said for said in counted if _cover(row, said) and said.start_last >= latest]
    same = bool(standing) and all(_agrees(row.value, said.value, one, by) for said in standing)
    if same or (valued.when(one.date) or by.as_of).last < latest:
        yield _shown(row)
        return
    value = row.value
    for said in counted:
        value = hull(value, said.value)
    may = _maybe(row, value)
    sides = {said.source in SIDES["answers"] for said in counted}
    for side, source in _SIDES:
        if (side == "answers") in sides:
            yield structs.replace(may, source=source)
