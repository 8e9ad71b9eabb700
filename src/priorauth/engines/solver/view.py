"""A patient as unknowns of the solver: for every fact what may be on file, as choices and as counts in cells of days.

z3 comes with the extra ``assurance``; this module and those above it import it, nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeAlias, TypeVar

import z3

from priorauth.engines.solver.grid import NEVER, Cell, Grid, Script, months_row
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Fact
from priorauth.values.dates import FIRST_DAY, LAST_DAY

T = TypeVar("T")
BY = " stated by "
BIRTH = "birth_date"
Bool: TypeAlias = z3.BoolRef
Int: TypeAlias = z3.ArithRef

# The two constants are told by identity, which is why nothing else may make them anew.
TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)
ZERO = z3.IntVal(0)


def any_(parts: Iterable[Bool]) -> Bool:
    """Whether one of the parts holds."""
    listed = [part for part in parts if part is not FALSE]
    if any(part is TRUE for part in listed):
        return TRUE
    return FALSE if not listed else listed[0] if len(listed) == 1 else z3.Or(listed)


def all_(parts: Iterable[Bool]) -> Bool:
    """Whether every part holds."""
    listed = [part for part in parts if part is not TRUE]
    if any(part is FALSE for part in listed):
        return FALSE
    return TRUE if not listed else listed[0] if len(listed) == 1 else z3.And(listed)


def not_(part: Bool) -> Bool:
    """Whether a part does not hold."""
    return FALSE if part is TRUE else TRUE if part is FALSE else z3.Not(part)


def total(parts: Iterable[Int]) -> Int:
    """Add up."""
    listed = list(parts)
    return z3.Sum(listed) if listed else ZERO


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """Exactly one of the options holds; ``None`` among them: nothing is on file."""

    name: str
    options: tuple[T, ...]
    bits: tuple[Bool, ...]
    role: str | None = None
    """The role of who states it, where only that was asked for."""

    def when(self, test: Callable[[T], bool]) -> Bool:
        """Whether the option chosen passes a test."""
        return any_(bit for option, bit in zip(self.options, self.bits, strict=True) if test(option) is True)

    def of(self, model: z3.ModelRef) -> T:
        """Return the option that a model chose."""
        for option, bit in zip(self.options, self.bits, strict=True):
            if z3.is_true(model.eval(bit, model_completion=True)):
                return option
        return self.options[0]


class Entry(NamedTuple):
    """Rows of one fact in one cell with one number: whether there are any, how many, and on how many days."""

    cell: Cell
    value: int | None
    present: Bool
    count: Int
    days: Int


@dataclass(frozen=True, slots=True)
class Dated:
    """The rows of a measurement or an event, and whether the record of it is whole up to the request."""

    fact: str
    entries: tuple[Entry, ...]
    whole: Bool


@dataclass
class Patient:
    """All unknowns of one patient over a grid; ``rules`` is what holds of every patient."""

    grid: Grid
    products: tuple[str, ...]
    tag: str = ""
    rules: list[Bool] = field(default_factory=list)
    choices: dict[str, Choice[object]] = field(default_factory=dict)
    rows: dict[str, Dated] = field(default_factory=dict)

    # ---- unknowns, made when they are first asked for

    def statement(self, fact: str, role: str | None = None) -> Choice[str | int | None]:
        """Return what is stated of an attestation, a judgment or an attribute; dates and numbers as whole numbers.

        ``role``: what somebody of it states; what others state is a statement of its own.
        """
        return self._choice(fact, self._statements, role)  # type: ignore[return-value]

    def period(self, fact: str) -> Choice[Script | None]:
        """Return what is on file of a regimen or condition."""
        return self._choice(fact, lambda known: self.grid.scripts(known.name))  # type: ignore[return-value]

    def dated(self, fact: str) -> Dated:
        """Return the rows of a measurement or event."""
        if fact not in self.rows:
            self.rows[fact] = self._dated(self.grid.vocabulary[fact])
        return self.rows[fact]

    def entries(self, fact: str) -> tuple[Entry, ...]:
        """Return the rows that count for a fact: its own, and those of another fact that shows it (a law)."""
        found = list(self.dated(fact).entries)
        for other, test in self.grid.laws.shown_by.items():
            if test == fact and other in self.grid.by_fact:
                found += [entry._replace(value=None) for entry in self.dated(other).entries if entry.value is not None]
        return tuple(found)

    def anchors(self, names: tuple[str, ...]) -> Iterator[tuple[dict[str, int], Bool]]:
        """Yield every choice of days for some anchors, with the condition under which it holds."""
        if not names:
            yield {}, TRUE
            return
        for day in self.grid.anchor_days(names[0]):
            if day is not None:
                for rest, holds in self.anchors(names[1:]):
                    yield {names[0]: day, **rest}, all_((self.anchor_is(names[0], day), holds))

    def anchor_is(self, name: str, day: int | None) -> Bool:
        """Whether an anchor lies on a day (None: that it is unknown)."""
        fact = ANCHOR_FACTS.get(name, name)
        match name:
            case "request":
                return TRUE if day == self.grid.as_of else FALSE
            case "pump_start":
                return self.period(fact).when(lambda one: _ongoing(one, self.grid.as_of) == day)
            case "trial_start":
                return self.period(fact).when(lambda one: (one.start if one and one.start != NEVER else None) == day)
            case "prior_approval":
                there = any_(entry.present for entry in self.dated(fact).entries)
                return not_(there) if day is None else there
            case _:
                return self.statement(fact).when(lambda stated: stated == day)

    def moves(self, name: str) -> Bool:
        """Whether an anchor is the day of the request and moves with it."""
        fact = ANCHOR_FACTS.get(name, name)
        match name:
            case "request":
                return TRUE
            case "pump_start":
                return not_(self.period(fact).when(_lasting))
            case "service":
                return self.statement(fact).when(lambda stated: stated is None)
            case _:
                return FALSE

    def named(self, term: Bool, name: str) -> Bool:
        """Return a term an unknown of its own that is equal to it."""
        if z3.is_const(term):
            return term
        bit = z3.Bool(f"{self.tag}{name}")
        self.rules.append(bit == term)
        return bit

    # ---- making them

    def _choice(
        self, fact: str, options: Callable[[Fact], tuple[object, ...]], role: str | None = None
    ) -> Choice[object]:
        name = fact if role is None else f"{fact}{BY}{role}"
        if name not in self.choices:
            listed = options(self.grid.vocabulary[fact])
            bits = tuple(z3.Bool(f"{self.tag}{name}/{place}") for place in range(len(listed)))
            self.choices[name] = Choice(fact, listed, bits, role)
            self.rules.append(z3.PbEq([(bit, 1) for bit in bits], 1))
        return self.choices[name]

    def _statements(self, fact: Fact) -> tuple[str | int | None, ...]:
        laws = self.grid.laws
        if fact.name in laws.fixed:
            return (laws.fixed[fact.name],)
        listed: tuple[str | int, ...]
        match fact.values:
            case ():
                listed = ("yes", "no")
            case ("date",):
                listed = self.grid.dates(fact.name)
            case ("number",) | ("integer",):
                listed = self.grid.numbers(fact.name)
            case values:
                listed = self.products if fact.name == "product_code" else values
        return listed if fact.name in laws.known else (None, *listed)

    def _dated(self, fact: Fact) -> Dated:
        grid, entries = self.grid, []
        alone, most = grid.alone(fact.name), grid.laws.most(fact.name)
        for place, cell in enumerate(grid.cells(fact.name)):
            here: list[Entry] = []
            for value in grid.valued(fact):
                name = f"{self.tag}{fact.name}@{place}={value}"
                if alone:
                    bit = z3.Bool(name)
                    one = z3.If(bit, z3.IntVal(1), ZERO)
                    here.append(Entry(cell, value, bit, one, one))
                    continue
                count, days = z3.Int(name), z3.Int(f"{name}/days")
                self.rules += [days >= 0, days <= count, count <= most * days, days <= cell.days]
                here.append(Entry(cell, value, count > 0, count, days))
            self._together(here, fact.name, cell)
            entries += here
        self.rules.append(total(entry.count for entry in entries) <= grid.most(fact.name))
        return Dated(fact.name, tuple(entries), z3.Bool(f"{self.tag}{fact.name}/whole"))

    def _together(self, here: list[Entry], fact: str, cell: Cell) -> None:
        """Rows with different numbers lie on different days; where the newest counts, a cell has one number."""
        if len(here) < 2:  # noqa: PLR2004 - one alone has nothing beside it
            return
        if self.grid.alone(fact) or self.grid.ordered(fact):
            self.rules.append(z3.AtMost(*(entry.present for entry in here), 1))
        else:
            self.rules.append(total(entry.days for entry in here) <= cell.days)

    # ---- laws

    def constraints(self) -> list[Bool]:
        """Return everything that holds of this patient; call it when all terms have been made."""
        made = [*self._products(), *self._implied(), *self._told(), *self._parts(), *self._months(), *self._logged()]
        made += [*self._agreed(), *self._born(), *self._requested()]
        return [*self.rules, *made]

    def _products(self) -> Iterator[Bool]:
        grid, laws = self.grid, self.grid.laws
        if "pump_category" in self.choices:
            codes = grid.vocabulary["pump_category"].value_codes
            for product in self.products:
                told = [value for value, listed in codes.items() if product in listed.get("hcpcs", ())]
                if told:
                    chosen = self.statement("product_code").when(product.__eq__)
                    yield z3.Implies(chosen, self.statement("pump_category").when(told[0].__eq__))
        if "infusion_drug" in self.choices:
            insulin = self.statement("product_code").when(lambda code: code in laws.drug_products)
            yield z3.Implies(insulin, self.statement("infusion_drug").when(lambda drug: drug == laws.drug))

    def _implied(self) -> Iterator[Bool]:
        day = self.grid.as_of
        for fact, so in self.grid.laws.implies:
            if fact in self.choices and so in self.choices:
                yield z3.Implies(
                    self.period(fact).when(lambda one: one is not None and one.on(day, condition=True) == 1),
                    self.period(so).when(lambda one: one is not None and one.on(day, condition=True) == 1),
                )

    def _requested(self) -> Iterator[Bool]:
        """What the request asks for is the row of its day, of one of its product: of no more of it is anybody shown."""
        for name, dated in self.rows.items():
            units = self.grid.vocabulary[name].requested
            today = [entry for entry in dated.entries if entry.cell.last == self.grid.as_of]
            for product in self.products if units else ():
                chosen = self.statement("product_code").when(product.__eq__)
                if product in units and "quantity_requested" in self.choices:
                    yield z3.Implies(chosen, self.statement("quantity_requested").when(lambda many: many in (None, 1)))
                for entry in today:
                    count = 1 if entry.value == units.get(product) else 0
                    yield z3.Implies(chosen, entry.count == count)

    def _told(self) -> Iterator[Bool]:
        """What the reader derives from a statement is said exactly where that statement is there."""
        for fact, of in self.grid.laws.told_with:
            if fact in self.choices:
                there = self.statement(of).when(lambda told: told is not None)
                yield there == self.statement(fact).when(lambda told: told == "yes")
                yield z3.Not(self.statement(fact).when(lambda told: told == "no"))

    def _agreed(self) -> Iterator[Bool]:
        """What somebody of a role states is what is stated of the fact, where both are asked for."""
        for choice in list(self.choices.values()):
            if choice.role is None or choice.name not in self.choices:
                continue
            stated = self.choices[choice.name]
            for option, bit in zip(choice.options, choice.bits, strict=True):
                if option is not None:
                    yield z3.Implies(bit, stated.when(option.__eq__))

    def _born(self) -> Iterator[Bool]:
        """No row is older than the member, and no day from which windows count."""
        if BIRTH not in self.choices:
            return
        birth = self.choices[BIRTH]
        for born, bit in zip(birth.options, birth.bits, strict=True):
            if not isinstance(born, int):
                continue
            for choice in (one for one in self.choices.values() if one.name in ANCHOR_FACTS.values()):
                yield z3.Implies(bit, z3.Not(choice.when(_begun_before(born))))
            for dated in self.rows.values():
                listed = [entry.present for entry in dated.entries if entry.cell.first < born]
                yield from (z3.Or(z3.Not(bit), z3.Not(present)) for present in listed)

    def _parts(self) -> Iterator[Bool]:
        for fact, of in self.grid.laws.part_of:
            if fact not in self.rows or of not in self.rows:
                continue
            for cell in self.grid.cells(fact):
                fewer, more = (
                    total(entry.count for entry in self.rows[name].entries if entry.cell == cell) for name in (fact, of)
                )
                yield fewer <= more

    def _logged(self) -> Iterator[Bool]:
        """Meter readings of enough days are a log on file."""
        document, least = self.grid.laws.log
        if document not in self.choices:
            return
        for fact in self.grid.laws.shown_by:
            if fact in self.rows:
                days = total(entry.days for entry in self.rows[fact].entries if entry.value is not None)
                enough = days >= int(self.grid.vocabulary.amount(least))
                yield z3.Implies(enough, self.statement(document).when(lambda text: text == "yes"))

    def _months(self) -> Iterator[Bool]:
        """A period on file is counted in months by the reader: that row is there, and no other."""
        for fact, of in self.grid.laws.months_of.items():
            if fact not in self.rows or of not in self.choices:
                continue
            entries = self.rows[fact].entries
            chosen = self.period(of)
            for script, bit in zip(chosen.options, chosen.bits, strict=True):
                if script is None or script.start == NEVER:
                    continue
                day, value = months_row(script, fact, self.grid)
                for entry in entries:
                    same = entry.cell.first == day and entry.value == value
                    yield z3.Implies(bit, entry.present == z3.BoolVal(same))


def _begun_before(day: int) -> Callable[[object], bool]:
    """Return the test whether what an option says begins before a day."""
    return lambda option: _begins(option) < day


def _begins(option: object) -> int:
    """Return the day on which what an option says begins; LAST_DAY where it names none."""
    if isinstance(option, Script):
        return LAST_DAY if option.start in (NEVER, FIRST_DAY) else option.start
    return option if isinstance(option, int) else LAST_DAY


def _ongoing(script: Script | None, as_of: int) -> int:
    """Return the start of a use that lasts; for who is on no pump, the request."""
    return script.start if script is not None and _lasting(script) else as_of


def _lasting(script: Script | None) -> bool:
    return script is not None and script.start != NEVER and script.end == LAST_DAY
