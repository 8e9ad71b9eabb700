"""How the statements of one policy stand by glucose readings alone: what counts, on how many days, and what is missing.

Each statement about glucose is tested as a determination tests it (:mod:`priorauth.decide.statements`); here is said
beside it over which days it looks, what of the readings lies in them, and what a clinic would have to add.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from priorauth.decide.evidence import bounds, window
from priorauth.decide.questions import missing_days
from priorauth.decide.statements import FACTS, READINGS, Statement, tested
from priorauth.engines.python.view import View
from priorauth.engines.python.windows import Frame, stretch
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Row
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.english import labels
from priorauth.language.terse import terse
from priorauth.policy.tree import Criterion, Group, Leaf, Policy
from priorauth.policy.views.census import all_leaves
from priorauth.values.dates import iso
from priorauth.values.truth import MET

METER, SENSOR = READINGS
# Which readings a fact is derived from, where it is not all of them.
_OF: Final = {METER: (METER,), SENSOR: (SENSOR,), "cgm_use": (SENSOR,)}
_MOST_SPANS: Final = 6
"""How many spans of days without readings are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Days:
    """Some days by their numbers, both ends included; without a first one as far back as there is a record."""

    first: int | None
    last: int

    @property
    def count(self) -> int | None:
        """Count them, where both ends are known."""
        return None if self.first is None else self.last - self.first + 1

    def as_json(self) -> dict[str, Any]:
        """Return them as JSON values."""
        return {"from": None if self.first is None else iso(self.first), "until": iso(self.last), "days": self.count}


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in the days of a statement: how many, and on how many days."""

    what: str
    count: int
    days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement of a policy: where it stands in the payer's text, how it stands, and what that rests on.

    ``window`` is None where the statement has none or where the day to count from is not known; ``readings`` are those
    in the window of the devices that can show it, ``rows`` what they show of the fact itself, ``passing`` how many of
    those pass the statement's own test (None: all, there is none), ``outside`` how many rows lie before or after the
    window. ``missing`` says in words what it lacks to be settled; empty where it is settled.
    """

    criteria: tuple[str, ...]
    statement: Statement
    window: Days | None
    readings: Held
    rows: Held
    passing: int | None
    outside: int
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        one = self.statement
        return {
            "criteria": list(self.criteria),
            "says": one.says,
            "status": one.status,
            "value": one.value,
            "why": one.why,
            "window": self.window.as_json() if self.window else None,
            "readings": {"count": self.readings.count, "days": self.readings.days},
            "counts": {
                "what": self.rows.what,
                "count": self.rows.count,
                "days": self.rows.days,
                "passing": self.rows.count if self.passing is None else self.passing,
            },
            "outside": self.outside,
            "shown": [{"days": day.days, "value": day.value, "reference": day.reference} for day in one.shown],
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class Standings:
    """The statements of a version of a policy about glucose, and how many more it has that readings cannot show."""

    policy: str
    version: str
    as_of: int
    found: tuple[Standing, ...]
    others: int

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements alone."""
        return tuple(one.statement for one in self.found)

    def as_json(self) -> dict[str, Any]:
        """Return them as JSON values."""
        return {
            "policy": self.policy,
            "version": self.version,
            "as_of": iso(self.as_of),
            "statements": [one.as_json() for one in self.found],
            "other_statements": self.others,
        }


def standings(rows: Iterable[Row], as_of: int, policy: Policy, vocabulary: Vocabulary) -> Standings:
    """Test the statements of a policy about glucose on some rows; windows count back from ``as_of``."""
    view = View(Case(as_of, by_fact(rows)), vocabulary)
    listed: dict[str, tuple[f.Form, dict[str, None]]] = {}
    for root in policy.roots():
        for name, leaf in _named(root, None):
            if leaf.form.fact in FACTS:
                found = listed.setdefault(terse(leaf.form, vocabulary), (leaf.form, {}))
                found[1].update({} if name is None else {name: None})
    made = tuple(_standing(says, form, tuple(names), policy.payer, view) for says, (form, names) in listed.items())
    others = sum(leaf.form.fact not in FACTS for leaf in all_leaves(policy))
    return Standings(policy.id, policy.version, as_of, made, others)


def _named(criterion: Criterion, above: str | None) -> Iterator[tuple[str | None, Leaf]]:
    """Yield each leaf with the id of the payer's text that it stands under."""
    here = criterion.id or above
    if criterion.guard:
        yield from _named(criterion.guard, here)
    if isinstance(criterion.test, Leaf):
        yield here, criterion.test
    elif isinstance(criterion.test, Group):
        for part in criterion.test.parts:
            yield from _named(part, here)


def _standing(says: str, form: f.Form, criteria: tuple[str, ...], payer: str, view: View) -> Standing:
    statement = tested(says, form, (payer,), view)
    where = window(form, view)
    sources = _OF.get(form.fact, READINGS)
    read = [day for name in sources for day in _days(name, where, view)]
    own = list(_days(form.fact, where, view))
    periods = view.periods(form.fact, "all")
    many = labels().many(form.fact)
    rows = Held(many, len(periods) if periods else len(own), len(set(read if periods else own)))
    return Standing(
        criteria,
        statement,
        _window(form, where, view),
        Held("readings", len(read), len(set(read))),
        rows,
        len(statement.shown) if _has_test(form) else None,
        len(view.dated(form.fact, "all")) - len(own),
        tuple(_missing(form, statement, where, view, set(read))),
    )


def _has_test(form: f.Form) -> bool:
    """Whether only some rows of a form's fact can count for it."""
    match form:
        case f.Share() | f.AnyRow(compare=f.Compare()):
            return True
        case f.Count(test=test) | f.DaysWith(test=test) | f.Spaced(test=test):
            return test is not None
        case _:
            return False


def _days(fact: str, where: Frame | None, view: View) -> Iterator[int]:
    """Yield the day of each row of a fact that lies in a window for certain."""
    for row in view.dated(fact, "all"):
        if row.first == row.last and row.first <= view.as_of and (where is None or where.member(row) == MET):
            yield row.first


def _window(form: f.Form, where: Frame | None, view: View) -> Days | None:
    """Return the days that a form looks at, up to the request; None where they cannot be placed or there is no end."""
    if isinstance(form, f.Throughout) or (isinstance(form, f.On) and form.compare):
        days = stretch(form, view)
        return None if days is None else Days(days.first, days.last)
    if where is None:
        return None
    first, last = bounds(where)
    return Days(first, view.as_of if last is None else min(last, view.as_of))


# ---- what is missing


def _missing(form: f.Form, one: Statement, where: Frame | None, view: View, read: AbstractSet[int]) -> Iterator[str]:
    if one.status != "unknown":
        return
    table = labels()
    for anchor in contents.anchors_of(form):
        if view.anchor(anchor) is None:
            yield f"the day to count from: {table.anchors[anchor]}"
            return
    if not view.dated(form.fact, "all") and not view.periods(form.fact, "all"):
        yield f"{table.many(form.fact)}: none in these files"
    days = _window(form, where, view)
    if days is not None and days.first is not None and isinstance(form, f.Counted | f.Gap | f.Throughout):
        yield from _silent(days.first, days.last, read)
    found = missing_days(form, view) if isinstance(form, f.Counted | f.Gap) else None
    if found is not None:
        start = "" if found.first is None else f"from {found.first} "
        yield f"a download known to be complete {start}to {found.last}"
    for fact in contents.facts_of(form):
        if fact not in FACTS:
            yield f"{table.many(fact)}: readings do not show it"


def _silent(first: int, last: int, there: AbstractSet[int]) -> Iterator[str]:
    """Say on which of some days there is no reading."""
    silent = [day for day in range(first, last + 1) if day not in there]
    if not silent:
        return
    spans: list[list[int]] = []
    for day in silent:
        if spans and spans[-1][-1] == day - 1:
            spans[-1][1:] = [day]
        else:
            spans.append([day])
    listed = ", ".join("..".join(map(iso, span)) for span in spans[:_MOST_SPANS])
    more = f" and {len(spans) - _MOST_SPANS} more spans" if len(spans) > _MOST_SPANS else ""
    yield f"readings on {len(silent)} of the {last - first + 1} days: {listed}{more}"
