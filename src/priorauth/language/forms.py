"""The forms: one frozen struct for each thing that a leaf of a policy can say.

Every form answers ``facts`` (which facts it reads) and ``anchors`` (which dates it counts from). Numbers in a form
carry the name of the reading they came from, if any, so that a result can show what was read into the text.
"""

from __future__ import annotations

from fractions import Fraction

from msgspec import Struct

from priorauth.values.dates import Duration
from priorauth.values.interval import Number, Op


class Amount(Struct, frozen=True, gc=False, cache_hash=True):
    """A number with its unit as written; ``limit`` is the number in the terms in which rows are held, set by the
    checker.

    For a fact with a resolution that is whole multiples of it; for a count, a day or an age the number itself.
    """

    value: Fraction
    unit: str | None = None
    reading: str | None = None
    text: str = ""
    limit: Number | None = None

    @property
    def number(self) -> Number:
        """The number to compare with; only a checked amount has one."""
        if self.limit is None:
            msg = f"the amount {self.text!r} was not checked"
            raise ValueError(msg)
        return self.limit


class Length(Struct, frozen=True, gc=False):
    """A calendar length with the reading it came from, if any."""

    duration: Duration
    reading: str | None = None


class Compare(Struct, frozen=True, gc=False):
    """A relation to a number."""

    op: Op
    amount: Amount


class Between(Struct, frozen=True, gc=False):
    """Lying between two numbers, both included."""

    low: Amount
    high: Amount


Test = Compare | Between


class Within(Struct, frozen=True, gc=False, cache_hash=True):
    """The window (anchor - length, anchor]."""

    length: Length
    anchor: str = "request"


class Since(Struct, frozen=True, gc=False, cache_hash=True):
    """The window (anchor, request]."""

    anchor: str


class Before(Struct, frozen=True, gc=False, cache_hash=True):
    """The window up to and including the anchor."""

    anchor: str


class While(Struct, frozen=True, gc=False, cache_hash=True):
    """The days on which a regimen stands in a relation to a number, both its ends included."""

    fact: str
    compare: Compare


Window = Within | Since | Before | While


class Latest(Struct, frozen=True, gc=False):
    """The newest measurement stands in a relation to a number. Without ``compare`` it is a measure (see NoWorse)."""

    fact: str
    windows: tuple[Window, ...]
    compare: Compare | None


class NoRow(Struct, frozen=True, gc=False):
    """Nothing of the kind happened: met only where the record is whole, or silence says no."""

    fact: str
    windows: tuple[Window, ...]


class Partner(Struct, frozen=True, gc=False):
    """A second result of the same draw."""

    fact: str
    compare: Compare


class AnyRow(Struct, frozen=True, gc=False):
    """At least one row, with a value in a relation to a number, with a partner of the same draw."""

    fact: str
    compare: Compare | None
    windows: tuple[Window, ...]
    partner: Partner | None = None


class Share(Struct, frozen=True, gc=False):
    """The share of measurements above a number, in percent, of at least so many."""

    fact: str
    above: Amount
    windows: tuple[Window, ...]
    compare: Compare | None
    least: Amount | None


class Count(Struct, frozen=True, gc=False):
    """How many rows (with a value that passes the test)."""

    fact: str
    test: Test | None
    windows: tuple[Window, ...]
    compare: Compare | None


class DaysWith(Struct, frozen=True, gc=False):
    """On how many different days there was a row; in percent (unit %) of the days of the window."""

    fact: str
    test: Test | None
    windows: tuple[Window, ...]
    compare: Compare | None


class Average(Struct, frozen=True, gc=False):
    """Rows per calendar day of the window."""

    fact: str
    windows: tuple[Window, ...]
    compare: Compare | None


class Spread(Struct, frozen=True, gc=False):
    """The highest measurement less the lowest."""

    fact: str
    windows: tuple[Window, ...]
    compare: Compare | None


class Sum(Struct, frozen=True, gc=False):
    """The numbers of all rows added up; only of a fact whose numbers are never negative."""

    fact: str
    windows: tuple[Window, ...]
    compare: Compare


class Spaced(Struct, frozen=True, gc=False):
    """How many rows (with a value that passes the test) can be chosen so that any two lie so far apart, or further.

    Two days lie a length apart where the earlier is no later than the later less the length. ``compare`` says that it
    is at least so many.
    """

    fact: str
    test: Test | None
    windows: tuple[Window, ...]
    compare: Compare
    apart: Length


class Gap(Struct, frozen=True, gc=False):
    """The longest stretch without a row, the window's ends counted as edges, in a relation to a calendar length."""

    fact: str
    windows: tuple[Window, ...]
    op: Op
    length: Length


class Throughout(Struct, frozen=True, gc=False):
    """A regimen in a relation to a number, or a condition present, on every day of (anchor - length, anchor]."""

    fact: str
    compare: Compare | None
    length: Length
    anchor: str = "request"


class On(Struct, frozen=True, gc=False):
    """A condition present, or a regimen in a relation to a number, on a day."""

    fact: str
    anchor: str = "request"
    compare: Compare | None = None


class Stated(Struct, frozen=True, gc=False):
    """An attestation answered yes (the newest statement counts)."""

    fact: str
    role: str | None = None


class Lasts(Struct, frozen=True, gc=False):
    """A period that has run for a length of time; shorter and ongoing is unknown for lack of time."""

    fact: str
    length: Length


class Documented(Struct, frozen=True, gc=False):
    """A document or an event is on file, dated in the window; what fails this is missing, never refuted."""

    fact: str
    windows: tuple[Window, ...]
    role: str | None = None


class Is(Struct, frozen=True, gc=False):
    """An attribute is one of the values listed."""

    fact: str
    values: tuple[str, ...]
    role: str | None = None


class Has(Struct, frozen=True, gc=False):
    """A numeric or date attribute in a relation to a number or a day."""

    fact: str
    compare: Compare
    role: str | None = None


class Age(Struct, frozen=True, gc=False):
    """The member's age in whole years on a day."""

    op: Op
    years: Amount
    anchor: str = "request"

    @property
    def fact(self) -> str:
        """The fact from which age counts."""
        return "birth_date"


class Earlier(Struct, frozen=True, gc=False):
    """A date attribute lies before an anchor, or a condition was present on a day before it."""

    fact: str
    anchor: str
    role: str | None = None


class Later(Struct, frozen=True, gc=False):
    """A date attribute lies after an anchor, or a condition began after it."""

    fact: str
    anchor: str
    role: str | None = None


class Recent(Struct, frozen=True, gc=False):
    """A date attribute lies in (anchor - length, anchor]."""

    fact: str
    length: Length
    anchor: str = "request"
    role: str | None = None


class Offset(Struct, frozen=True, gc=False):
    """A date attribute in a relation to the day that lies a length after an anchor."""

    fact: str
    op: Op
    length: Length
    anchor: str
    role: str | None = None


class NoWorse(Struct, frozen=True, gc=False):
    """A measure after an anchor is no worse than before it, over equal spans, up to a tolerance."""

    measure: Measure
    anchor: str
    by: Amount | None

    @property
    def fact(self) -> str:
        """The fact measured."""
        return self.measure.fact


class Judged(Struct, frozen=True, gc=False):
    """A judgment that only a clinician of the payer gives."""

    fact: str


class Refused(Struct, frozen=True, gc=False):
    """A judgment that a clinician of the payer gave as no; not given is not refused."""

    fact: str


Measure = Latest | Share | Count | DaysWith | Average | Spread
Windowed = Latest | NoRow | AnyRow | Share | Count | DaysWith | Average | Spread | Sum | Spaced | Gap | Documented
Anchored = Throughout | On | Age | Earlier | Later | Recent | Offset
Counted = Count | DaysWith | Average | Share | Spread | Sum | Spaced
"""Measures with two ends that a number is held against."""
Spoken = Is | Has | Stated | Judged | Refused | Earlier | Later | Recent | Offset
"""Forms that rest on the newest statement of a fact (``before`` and ``since`` of a condition do not)."""
Roled = Stated | Is | Has | Documented | Earlier | Later | Recent | Offset
"""Forms that may ask for a role of who states their fact (``role``): only what such an author states counts."""
Form = Windowed | Anchored | Stated | Lasts | Is | Has | NoWorse | Judged | Refused
