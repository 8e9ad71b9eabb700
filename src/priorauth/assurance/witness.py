"""A witness is a patient that the solver found: rows with real days, words, and a case that can be replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from priorauth.assurance import bundle
from priorauth.engines.solver.grid import COVERAGE, NEVER, Cell, Script
from priorauth.engines.solver.view import Dated, Patient
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Fact
from priorauth.language import forms as f
from priorauth.values.dates import FIRST_DAY, LAST_DAY, iso
from priorauth.values.units import show

FROM_THE_REQUEST = frozenset(
    {
        "product_code",
        "quantity_requested",
        "service_on",
        "request_received_on",
        "request_form_complete",
        "birth_date",
        "sex",
    }
)
"""Facts that a reader takes from the claim and the patient, never from an answer."""


_OTHERS = ("member", "supplier", "educator")
"""Who states a fact where none of the roles that a policy asks for is meant: the first of whom it does not ask."""
FEW = 4
"""How many days of one number are said one by one."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One patient with a request: rows by fact, the day of the request."""

    case: Case
    patient: Patient

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, fact by fact."""
        return tuple(row for listed in self.case.rows.values() for row in listed)

    def words(self) -> tuple[str, ...]:
        """Return what is on file, one line a fact."""
        vocabulary = self.patient.grid.vocabulary
        return tuple(say(vocabulary[fact], listed, self.case.as_of) for fact, listed in self.case.rows.items())

    def bundle(self, payer: str, name: str) -> tuple[bundle.Json, bundle.Json]:
        """Return the Bundle and the judgments file."""
        vocabulary = self.patient.grid.vocabulary
        return bundle.bundle(self.rows, payer=payer, as_of=self.case.as_of, vocabulary=vocabulary, name=name)


def witness(model: z3.ModelRef, patient: Patient) -> Witness:
    """Read a patient out of a model."""
    found: list[Row] = []
    asked: dict[str, set[str]] = {}
    for choice in patient.choices.values():
        if choice.role is not None:
            asked.setdefault(choice.name, set()).add(choice.role)
    for choice in patient.choices.values():
        fact, role = patient.grid.vocabulary[choice.name], choice.role
        if role is None and choice.name in asked:
            role = next((one for one in _OTHERS if one not in asked[choice.name]), None)
        found += _chosen(patient, fact, choice.of(model), model, role)
    for dated in patient.rows.values():
        found += _dated(patient, dated, model)
    ordered = sorted(found, key=lambda row: row.fact)
    return Witness(Case(patient.grid.as_of, by_fact(ordered)), patient)


def _chosen(patient: Patient, fact: Fact, option: object, model: z3.ModelRef, role: str | None = None) -> Iterator[Row]:
    if option is None:
        return
    as_of = patient.grid.as_of
    if isinstance(option, Script):
        yield from _period(fact, option, as_of)
        return
    source = _source(patient, fact, option, model)
    text, low = str(option), None
    if isinstance(option, int):
        low = option
        text = iso(option) if fact.values == ("date",) else show(option, fact.resolution)
    ref = fact.name if role is None else f"{fact.name}-{role}"
    yield Answer(fact.name, source, ref, text, as_of, as_of, None, low, low, author=role)


def _source(patient: Patient, fact: Fact, option: object, model: z3.ModelRef) -> Source:
    """Return where a statement comes from: the request itself, a clinician of the payer, else an answer."""
    if fact.kind == "judgment":
        return Source.JUDGMENT
    laws, product = patient.grid.laws, patient.statement("product_code").of(model)
    coded = any(product in listed.get("hcpcs", ()) for listed in fact.value_codes.values())
    follows = (fact.name == "pump_category" and coded) or (
        fact.name == "infusion_drug" and product in laws.drug_products
    )
    electronic = fact.name == "request_channel" and option == "electronic"
    return Source.RECORD if fact.name in FROM_THE_REQUEST or follows or electronic else Source.ANSWER


def _period(fact: Fact, script: Script, as_of: int) -> Iterator[Row]:
    source = Source.RECORD if fact.name == COVERAGE else Source.ANSWER
    if script.start == NEVER:
        yield Period(fact.name, source, fact.name, FIRST_DAY, FIRST_DAY, as_of, as_of, 0, 0)
        yield Whole(fact.name, source, fact.name, FIRST_DAY, as_of)
        return
    begun = as_of if script.start == FIRST_DAY else script.start
    ends = (script.end, script.end)
    yield Period(fact.name, source, fact.name, script.start, begun, *ends, script.value, script.value)
    if fact.kind == "condition" and script.start > FIRST_DAY:
        day = script.start - 1  # what began on a stated day was not there until then
        yield Period(fact.name, source, fact.name, FIRST_DAY, FIRST_DAY, day, day, 0, 0)


def _dated(patient: Patient, dated: Dated, model: z3.ModelRef) -> Iterator[Row]:
    fact, grid = patient.grid.vocabulary[dated.fact], patient.grid
    by_cell: dict[Cell, list[tuple[int | None, int, int]]] = {}
    for entry in dated.entries:
        count = model.eval(entry.count, model_completion=True).as_long()
        if count:
            days = model.eval(entry.days, model_completion=True).as_long()
            by_cell.setdefault(entry.cell, []).append((entry.value, count, days))
    counted = fact.name in grid.laws.shown_by or any(
        isinstance(form, f.DaysWith) for form in grid.by_fact.get(fact.name, ())
    )
    place = 0
    for cell, listed in by_cell.items():
        for value, day in _laid_out(cell, listed, exact=counted):
            place += 1
            told = fact.name in grid.laws.months_of and not _free(patient, grid.laws.months_of[fact.name], model)
            told = told or (bool(fact.requested) and day == grid.as_of)  # the claim itself says it
            ref = f"{bundle.DERIVED if told else ''}{fact.name}-{place}"
            yield from _row(fact, day, value, ref, grid.laws.shown_by.get(fact.name))
    if z3.is_true(model.eval(dated.whole, model_completion=True)):
        yield Whole(fact.name, Source.ANSWER, f"{fact.name}-whole", FIRST_DAY, grid.as_of)


def _laid_out(
    cell: Cell, listed: list[tuple[int | None, int, int]], *, exact: bool
) -> Iterator[tuple[int | None, int]]:
    """Lay counted rows on days of a cell: on as many days as counted where days count, else on as many as there are."""
    room = cell.days // len(listed)
    wanted = [days if exact else max(days, min(count, room)) for _, count, days in listed]
    total = sum(wanted)
    days = [cell.last - place * cell.days // total for place in range(total)]
    for (value, count, _), share in zip(listed, wanted, strict=True):
        own, days = days[:share], days[share:]
        for turn in range(count):
            yield value, own[turn % share]


def _free(patient: Patient, period: str, model: z3.ModelRef) -> bool:
    """Whether no period is on file from which the reader derives a row."""
    script = patient.period(period).of(model)
    return script is None or script.start == NEVER


def _row(fact: Fact, day: int, value: int | None, ref: str, test: str | None) -> Iterator[Row]:
    """Yield a row; one with a number that a test shows is a row of that test as well."""
    if fact.kind == "measurement":
        yield Measurement(fact.name, Source.ANSWER, ref, day, day, None, value, value)
    elif value is None or test is None:
        yield Event(fact.name, Source.ANSWER, ref, day, day)
    else:
        yield Event(fact.name, Source.RECORD, ref, day, day, None, value, value)
        yield Event(test, Source.RECORD, ref, day, day, None, value, value)


# ---- words


def say(fact: Fact, rows: tuple[Row, ...], as_of: int) -> str:
    """Return what is on file of one fact."""
    whole = any(isinstance(row, Whole) for row in rows)
    said = [row for row in rows if not isinstance(row, Whole)]
    dated = [row for row in said if isinstance(row, Event | Measurement)]
    parts = list(_series(fact, dated)) if dated else list(dict.fromkeys(_said(fact, row) for row in said))
    if whole and fact.kind in ("measurement", "event"):
        parts.append(f"record whole up to {iso(as_of)}" if parts else "none at all")
    return f"{fact.name}: {'; '.join(parts)}"


def _series(fact: Fact, rows: list[Event | Measurement]) -> Iterator[str]:
    """Yield dated rows by their number: each day, or where there are many, how many from when to when."""
    by_number: dict[int | None, list[int]] = {}
    for row in sorted(rows, key=lambda row: row.first):
        by_number.setdefault(row.low if fact.unit else None, []).append(row.first)
    for number, days in by_number.items():
        shown = "" if number is None else f"{show(number, fact.resolution)} {fact.unit} "
        if len(days) > FEW:
            yield f"{shown}{len(days)} times on {len(set(days))} days, {iso(days[0])} to {iso(days[-1])}"
        else:
            yield f"{shown}on {', '.join(iso(day) for day in days)}"


def _said(fact: Fact, row: Row) -> str:
    match row:
        case Answer():
            unit = f" {fact.unit}" if fact.unit and fact.unit != "1" else ""
            return f"{row.text}{unit}"
        case Period():
            if fact.kind == "condition" and row.low == 0:
                return "absent"
            number = "" if fact.kind == "condition" else f"{show(row.low or 0, fact.resolution)} {fact.unit} "
            start = "" if row.start_first == FIRST_DAY else f"from {iso(row.start_first)}"
            end = "" if row.end_last == LAST_DAY else f" until {iso(row.end_last)}"
            return f"{number}{start}{end}".strip() or "present"
        case _:
            return ""
