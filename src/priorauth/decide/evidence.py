"""Rows in words, as evidence or as refused: what each says, when, of which kind of source, why it does not count."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct, field

from priorauth.decide import papers
from priorauth.decide.decided import DocumentSays, Evidence, Refused
from priorauth.engines.python.finding import Finding, Why
from priorauth.engines.python.show import row_date, row_value
from priorauth.engines.python.view import Dated, View
from priorauth.engines.python.windows import Frame, frame
from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Row, ground_of
from priorauth.facts.vocabulary import Fact
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.english import Labels, labels
from priorauth.policy.tree import Leaf
from priorauth.values.dates import FIRST_DAY, iso
from priorauth.values.truth import MET, NOT_MET

TOO_OLD: Final = "too old"
TOO_NEW: Final = "too new"
NO: Final = "says no"
MOST_OUTSIDE: Final = 3
"""How many rows of either side of a window are listed beside a criterion: those nearest to it."""

_BY_ROW: Final = (f.Latest, f.AnyRow, f.NoRow)
"""Forms that rest on single rows, so that one outside the window is worth a word even where another counts."""


class Rows(Struct):
    """Puts the rows of a view into words."""

    view: View
    table: Labels = field(default_factory=labels)
    documents: papers.By = field(default_factory=dict)
    names: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    values: dict[tuple[str, int | None, int | None], str | None] = field(default_factory=dict)
    """What events of a fact say, by their ends: readings of a meter are many, and alike."""

    def named(self, row: Row) -> tuple[str, str]:
        """Return the kind of a row's source, and what the row is of."""
        if (said := self.paper(row)) is not None:
            return papers.kind(said), self.table.one(row.fact)
        key = (row.fact, row.ref.partition("/")[0])
        found = self.names.get(key)
        if found is None:
            kind = self.table.kind(row.ref, self.view.vocabulary.facts.get(row.fact))
            found = self.names[key] = (kind, self.table.one(row.fact))
        return found

    def paper(self, row: Row) -> DocumentSays | None:
        """Return what a document says where a row rests on one."""
        return self.documents.get((row.fact, row.ref)) if self.documents else None

    def shown(self, rows: Iterable[Row]) -> tuple[Evidence, ...]:
        """Return rows as evidence; rows of one fact from one kind of source mostly follow each other."""
        found: list[Evidence] = []
        facts, last, source = self.view.vocabulary.facts, "", ""
        documents, value = self.documents, self.value
        for row in rows:
            said = documents.get((row.fact, row.ref)) if documents else None
            if said is not None:
                fact, (kind, display), last = facts.get(row.fact), self.named(row), ""
            elif row.fact != last or not row.ref.startswith(source):
                last, source = row.fact, row.ref.partition("/")[0] + "/"
                fact = facts.get(last)
                kind, display = self.named(row)
            found.append(Evidence(row.ref, row_date(row), value(row, fact), kind, display, said))
        return tuple(found)

    def value(self, row: Row, fact: Fact | None) -> str | None:
        """Return what a row says."""
        if type(row) is not Event:
            return row_value(row, fact)
        key = (row.fact, row.low, row.high)
        if key not in self.values:
            self.values[key] = row_value(row, fact)
        return self.values[key]

    def refused(self, row: Row, ground: str, bound: int | None = None) -> Refused:
        """Return a row as refused."""
        value = row_value(row, self.view.vocabulary.facts.get(row.fact))
        said = None if value == ground else value
        last = None if bound is None else iso(bound)
        return Refused(row.ref, row_date(row), said, ground, last, *self.named(row), 1, self.paper(row))

    def outside(self, finding: Finding) -> tuple[Refused, ...]:
        """Return what is on file of a leaf's fact and lies outside its window, the nearest of either side."""
        test = finding.criterion.test
        if not isinstance(test, Leaf):
            return ()
        form = test.form
        rows = self.view.rows(form.fact, "all")
        if not rows or not worth_a_word(finding):
            return ()
        where = window(form, self.view)
        if where is None:
            return ()
        if isinstance(form, f.Documented | f.Recent):
            return tuple(self._papers(rows, where))
        return tuple(self._dated(self.view.dated(form.fact, "all"), where))

    def _dated(self, rows: Sequence[Dated], where: Frame) -> Iterable[Refused]:
        """Yield dated rows before and after a window; they stand in the order of their first days."""
        span = where.span
        old = bisect_right(rows, span.start_first, key=lambda row: row.first)
        before = [row for row in rows[max(old - MOST_OUTSIDE, 0) : old] if row.last <= span.start_first]
        new = bisect_right(rows, span.end_last, key=lambda row: row.first)
        for row in before:
            if ground_of(row) is None:
                yield self.refused(row, TOO_OLD, span.start_first)
        for row in rows[new : new + MOST_OUTSIDE]:
            if ground_of(row) is None:
                yield self.refused(row, TOO_NEW, span.end_last)

    def _papers(self, rows: Iterable[Row], where: Frame) -> Iterable[Refused]:
        """Yield papers whose day lies outside the window, and statements that there is none."""
        span = where.span
        for row in rows:
            if not isinstance(row, Answer | Event | Measurement) or ground_of(row) is not None:
                continue
            if isinstance(row, Answer) and row.text in ("yes", "no", UNREAD):
                if row.text == "no":
                    yield self.refused(row, NO)
                continue
            first, last = (row.low, row.high) if isinstance(row, Answer) else (row.first, row.last)
            if last is not None and last <= span.start_first:
                yield self.refused(row, TOO_OLD, span.start_first)
            elif first is not None and first > span.end_last:
                yield self.refused(row, TOO_NEW, span.end_last)


def worth_a_word(finding: Finding) -> bool:
    """Whether rows outside a leaf's window explain anything: a measure of many rows that is met needs none."""
    test = finding.criterion.test
    return finding.truth != MET or (isinstance(test, Leaf) and isinstance(test.form, _BY_ROW))


def window(form: f.Form, view: View) -> Frame | None:
    """Return the window of a form, without its regimens; None where it has none, or where it cannot be placed."""
    if isinstance(form, f.Recent):
        windows: tuple[f.Window, ...] = (f.Within(form.length, form.anchor),)
    else:
        windows = tuple([one for one in contents.windows_of(form) if type(one) is not f.While])
    if not windows or isinstance(form, f.NoWorse):
        return None
    found = frame(windows, view)
    return None if found.missing else found


def bounds(found: Frame) -> tuple[int | None, int | None]:
    """Return the first and the last day of a window, None for an end that it has not."""
    first = found.span.start_last + 1
    return (None if first <= FIRST_DAY else first), found.span.end_first


def papers_refused(finding: Finding) -> bool:
    """Whether the rows of a leaf are papers or days none of which counts."""
    result = finding.result
    return result is not None and result.why is Why.OUTSIDE and finding.truth != NOT_MET
