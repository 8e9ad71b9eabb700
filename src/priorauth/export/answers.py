"""A form filled in with what is on file: the answers that a record gives to its questions, each where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from priorauth.export.addresses import UCUM
from priorauth.export.conditions import listed
from priorauth.export.items import Json, coding
from priorauth.facts.case import Case
from priorauth.facts.rows import SIDES, Answer, Event, Measurement, Period, Row, ground_of
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.values.dates import FIRST_DAY, iso
from priorauth.values.units import show

_MOST: Final = 60
"""The most days of one event that are filled in."""
Values = Mapping[str, Sequence[Json]]
"""By linkId, the values that answer it, as ``valueX`` of an answer."""


def on_file(case: Case, facts: Iterable[str], vocabulary: Vocabulary, base: str) -> dict[str, list[Json]]:
    """Return what the record of a case answers: by linkId the values, those of doubt left out."""
    found: dict[str, list[Json]] = {}
    for name in dict.fromkeys(facts):
        if name in vocabulary:
            rows = [row for row in case.of(name) if row.source in SIDES["record"] and ground_of(row) is None]
            found |= dict(_answers(vocabulary[name], rows, base, case.as_of))
    return found


def _answers(fact: Fact, rows: Sequence[Row], base: str, today: int) -> Iterator[tuple[str, list[Json]]]:
    match fact.kind:
        case "measurement":
            yield from _measured(fact, [row for row in rows if isinstance(row, Measurement)])
        case "event":
            days = sorted({row.first for row in rows if isinstance(row, Event) and row.first == row.last})
            if days:
                yield fact.name, [{"valueDate": iso(day)} for day in days[-_MOST:]]
        case "condition" | "regimen":
            yield from _lasting(fact, [row for row in rows if isinstance(row, Period)], today)
        case _:
            said = [row for row in rows if isinstance(row, Answer)]
            if said:
                value = _said(fact, max(said, key=lambda row: (row.last, row.minute or 0)), base)
                if value is not None:
                    yield fact.name, [value]


def _measured(fact: Fact, rows: Sequence[Measurement]) -> Iterator[tuple[str, list[Json]]]:
    """Yield the newest result whose number and day are known."""
    sure = [row for row in rows if row.first == row.last and row.low is not None and row.low == row.high]
    if sure:
        row = max(sure, key=lambda one: (one.first, one.minute or 0, one.ref))
        value = float(show(row.low or 0, fact.resolution))
        quantity = {"value": value, "unit": fact.unit, "system": UCUM, "code": fact.unit}
        yield fact.name, [{"valueQuantity": quantity}]
        yield f"{fact.name}.date", [{"valueDate": iso(row.first)}]


def _lasting(fact: Fact, rows: Sequence[Period], today: int) -> Iterator[tuple[str, list[Json]]]:
    """Yield what lasts and began first; where nothing lasts, what ended last. What will end lasts still."""
    sure = [row for row in rows if row.low is not None and row.low == row.high and row.start_first == row.start_last]
    present = [row for row in sure if fact.kind == "regimen" or row.low == 1]
    lasting = [row for row in present if row.end_first > today]
    over = [row for row in present if row.end_first == row.end_last <= today]
    row = min(lasting, key=_begun, default=None) or max(over, key=lambda one: (one.end_last, one.ref), default=None)
    if row is None:
        return
    number = float(show(row.low or 0, fact.resolution))
    yield f"{fact.name}.value", [{"valueDecimal": number} if fact.kind == "regimen" else {"valueBoolean": True}]
    if row.start_first > FIRST_DAY:
        yield f"{fact.name}.from", [{"valueDate": iso(row.start_first)}]
    if row.end_last <= today:
        yield f"{fact.name}.until", [{"valueDate": iso(row.end_last)}]


def _begun(row: Period) -> tuple[int, str]:
    return row.start_first, row.ref


def _said(fact: Fact, row: Answer, base: str) -> Json | None:
    if fact.kind == "attestation":
        return {"valueBoolean": row.text == "yes"}
    if listed(fact):
        return {"valueCoding": coding(fact.name, row.text, base)} if row.text in fact.values else None
    if row.low is None or row.low != row.high:
        return None
    match fact.values:
        case ("date",):
            return {"valueDate": iso(row.low)}
        case ("integer",):
            return {"valueInteger": int(float(show(row.low, fact.resolution)))}
        case _:
            return {"valueDecimal": float(show(row.low, fact.resolution))}


def filled(items: Iterable[Mapping[str, Any]], values: Values, extension: Sequence[Json] = ()) -> list[Json]:
    """Return the items of a QuestionnaireResponse for a form: those that ``values`` answer, and what they stand in.

    Each answer bears ``extension``.
    """
    found = []
    for item in items:
        made: Json = {"linkId": item["linkId"]}
        if "text" in item:
            made["text"] = item["text"]
        below = filled(item.get("item", ()), values, extension)
        given = [
            {**({"extension": list(extension)} if extension else {}), **one} for one in values.get(item["linkId"], ())
        ]
        if given:
            if below:
                given[0]["item"] = below
            found.append({**made, "answer": given})
        elif below and item["type"] == "group":
            found.append({**made, "item": below})
    return found
