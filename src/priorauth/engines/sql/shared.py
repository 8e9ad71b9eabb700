"""What the forms share in SQL: the sources, the windows of a leaf, whole records, and the rows that a leaf reads."""

from __future__ import annotations

from dataclasses import dataclass

from priorauth.engines.sql import pieces
from priorauth.engines.sql.pieces import MET, Ends, Pair, literal
from priorauth.engines.sql.view import Sources
from priorauth.engines.sql.windows import Anchors, Day, Frame
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f


@dataclass(slots=True)
class Shared:
    """The sources that all leaves of a run read, and what is written of them in the same way everywhere."""

    sources: Sources

    @property
    def anchors(self) -> Anchors:
        """Return the anchors of the run."""
        return self.sources.anchors

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary."""
        return self.sources.vocabulary

    def frame(self, windows: tuple[f.Window, ...]) -> Frame:
        """Lay out the windows of a leaf."""
        return self.anchors.frame(windows)

    def whole(self, fact: str, first: Day, last: Day, *, seat: str = "s", alias: str = "c") -> tuple[str, str]:
        """Return the condition that the record of a fact is whole over ``first``..``last``, and the join it needs."""
        self.sources.complete(fact)
        need = f"greatest({first.text}, s.born)"
        join = (
            f"\n  LEFT JOIN (SELECT seat, first, last FROM complete WHERE fact = {literal(fact)}) AS {alias}"
            f" ON {alias}.seat = {seat}.seat AND {alias}.first <= {need} AND {alias}.last >= {last.text}"
        )
        return f"({alias}.seat IS NOT NULL OR {need} > {last.text})", join


def ends(alias: str, table: str) -> Ends:
    """Return the number of a row as its two ends."""
    if table == "measurement":
        return Ends(f"{alias}.low", f"{alias}.high", "1", "1", f"{alias}.low_open", f"{alias}.high_open")
    return Ends(f"{alias}.low", f"{alias}.high")


def dated_row(alias: str) -> str:
    """Return the condition that a row bears a date."""
    return f"NOT ({alias}.first = {pieces.FIRST} AND {alias}.last = {pieces.LAST})"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a leaf: where they are read, and whether each lies in the windows and passes the test."""

    rows: str
    frame: Frame
    seats: str
    inside: Pair
    truth: Pair
    number: Pair
    before: tuple[str, ...] = ()
    all_seats: str = "seat"

    @property
    def can(self) -> str:
        """The condition on a row that it may count."""
        return self.truth.can

    @property
    def surely_inside(self) -> str:
        """The condition on a row that it lies in the windows for certain."""
        return f"({self.inside.can} AND NOT {self.inside.fail})"

    @property
    def sure(self) -> str:
        """The condition on a row that it counts for certain."""
        return "TRUE" if self.truth == MET else f"{self.truth.can} AND {self.certain}"

    @property
    def certain(self) -> str:
        """The condition on a row that may count that it does."""
        return f"NOT {self.truth.fail}"
