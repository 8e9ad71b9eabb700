"""Answers as they are typed: the fields of a question by the kind of its fact, and the form (FHIR) that they make.

``linkId`` is the fact, or ``<fact>.<part>``, as :mod:`priorauth.record.answers` reads it. What is typed is kept as it
was typed, so that nothing is lost while it is wrong; an answer that is left empty is none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language.english import labels
from priorauth.ledger.columns import written
from priorauth.ledger.events import Json
from priorauth.workbench import words
from priorauth.workbench.forms import Form

Typed = Mapping[str, tuple[str, ...]]
START: Final = "a-"
OF: Final = "of-"
"""Begins the hidden field that names the facts of a way to show a thing."""
WAY: Final = "way-"
"""Begins the field by which one of several ways is chosen."""
UNSAY: Final = "unsay"
"""The field of the facts whose answers are taken back."""
ROWS: Final[Mapping[str, int]] = {"measurement": 2, "event": 4}
"""How many lines are shown of a fact that may have several."""
MOST_ROWS: Final = 40
_UCUM: Final = "http://unitsofmeasure.org"
_NUMBER: Final = re.compile(r"-?\d{1,9}([.,]\d{1,6})?")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))
_WRITE_DAY: Final = "Write the day as in 2026-11-27."
_WRITE_NUMBER: Final = "Write a number."


class Input(Struct, frozen=True, kw_only=True):
    """One field: its name on the form, its label, how it is typed; ``line``: of which line, where there are several."""

    name: str
    label: str
    type: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    line: int = 0


def field(fact: str, part: str = "") -> str:
    """Return the name of the field of a fact or of a part of it."""
    return f"{START}{fact}.{part}" if part else f"{START}{fact}"


def inputs(fact: Fact, *, whole: bool, none: bool) -> tuple[Input, ...]:
    """Return the fields of a fact. ``whole``: it is asked whether these are all; ``none``: there may be none."""
    return tuple(_inputs(fact, whole=whole, none=none))


def _inputs(fact: Fact, *, whole: bool, none: bool) -> Iterator[Input]:
    name, unit = fact.name, labels().units.get(fact.unit or "", fact.unit or "")
    unit = "" if unit == "1" else unit
    match fact.kind:
        case "attestation" | "condition":
            yield Input(name=field(name), label=fact.ask, type="choice", choices=_YES_NO)
            if fact.kind == "condition":
                yield Input(name=field(name, "from"), label="Since", type="date")
                yield Input(name=field(name, "until"), label="Until, where it is over", type="date")
        case "attribute" if fact.values == ("date",):
            yield Input(name=field(name), label=fact.ask, type="date")
        case "attribute" if fact.values in (("number",), ("integer",)):
            yield Input(name=field(name), label=fact.ask, type="number", unit=unit)
        case "attribute":
            choices = tuple((one, labels().value(one)) for one in fact.values)
            yield Input(name=field(name), label=fact.ask, type="choice", choices=choices)
        case "measurement":
            for line in range(ROWS["measurement"]):
                label = "Result" if line == 0 else "Another result, if there is one"
                yield Input(name=field(name), label=label, type="number", unit=unit, line=line)
                yield Input(name=field(name, "date"), label="Taken on", type="date", line=line)
        case "event":
            for line in range(ROWS["event"]):
                yield Input(name=field(name), label=f"Day {line + 1}", type="date", line=line)
        case "regimen":
            yield Input(name=field(name, "value"), label="Number", type="number", unit=unit)
            yield Input(name=field(name, "from"), label="Since", type="date")
            yield Input(name=field(name, "until"), label="Until, where it is over", type="date")
        case _:
            return
    if whole and fact.kind in ROWS:
        yield Input(name=field(name, "complete_from"), label="These are all there were, from", type="date")
        yield Input(name=field(name, "complete_until"), label="until", type="date")
    if none and fact.kind not in ("attestation", "condition"):
        yield Input(name=field(name, "none"), label="There is none", type="tick")


def typed(form: Form, vocabulary: Vocabulary, before: Typed) -> dict[str, tuple[str, ...]]:
    """Return all answers after a form was sent: what was typed, and what was answered before and not shown on it.

    Of several ways to show a thing, only what the chosen one needs is read. What is wrong stands in the form.
    """
    shown, left = _of_ways(form)
    found = only(before, (answered(before) & frozenset(vocabulary)) - shown - frozenset(form.every(UNSAY)))
    for name in form.fields:
        fact, _, _ = name.removeprefix(START).partition(".")
        if not name.startswith(START) or fact in left or fact not in shown or fact not in vocabulary:
            continue
        values = tuple(one.strip()[:200] for one in form.every(name))[:MOST_ROWS]
        if any(values):
            found[name] = values
    form.wrong.update(wrong(found, vocabulary))
    return found


def _of_ways(form: Form) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts whose fields a form showed, and those of them that only ways need that were not chosen."""
    ways = {name.removeprefix(OF): form.said(name).split() for name in form.fields if name.startswith(OF)}
    chosen, others = set[str](), set[str]()
    for key, facts in ways.items():
        way = form.said(f"{WAY}{key.rpartition('-')[0]}")
        (others if way and way != key else chosen).update(facts)
    return frozenset(chosen | others), frozenset(others - chosen)


def wrong(said: Typed, vocabulary: Vocabulary) -> dict[str, str]:
    """Return what is wrong with what was typed: by field what to do."""
    faults: dict[str, str] = {}
    for name, values in said.items():
        fact = vocabulary[name.removeprefix(START).partition(".")[0]]
        part = name.removeprefix(START).partition(".")[2]
        for value in values:
            if value and (fault := _fault(fact, part, value)):
                faults[name] = fault
    for fact in (vocabulary[one] for one in _facts(said)):
        faults |= _unpaired(fact, said)
    return faults


def _fault(fact: Fact, part: str, value: str) -> str:
    """Return what is wrong with one value; empty where nothing is."""
    if (
        part in ("from", "until", "date", "complete_from", "complete_until")
        or fact.kind == "event"
        or (fact.kind == "attribute" and fact.values == ("date",) and not part)
    ):
        return "" if part == "none" or _day(value) else _WRITE_DAY
    if part == "none":
        return ""
    if fact.kind in ("measurement", "regimen") or fact.values in (("number",), ("integer",)):
        if not _NUMBER.fullmatch(value):
            return _WRITE_NUMBER
        return "Write a whole number." if fact.values == ("integer",) and not value.isdecimal() else ""
    allowed = ("yes", "no") if fact.kind in ("attestation", "condition") else fact.values
    return "" if value in allowed else "Choose one of the list."


def _unpaired(fact: Fact, said: Typed) -> dict[str, str]:
    """Return what lacks the other half of it: a result its day, a day its result."""
    name = field(fact.name)
    if fact.kind == "measurement":
        values, days = said.get(name, ()), said.get(field(fact.name, "date"), ())
        for line in range(max(len(values), len(days))):
            value, day = _at(values, line), _at(days, line)
            if value and not day:
                return {field(fact.name, "date"): "Write the day of the result."}
            if day and not value:
                return {name: "Write the result that was taken on this day."}
    own = name if fact.kind == "condition" else field(fact.name, "value")
    spans = any(any(said.get(field(fact.name, part), ())) for part in ("from", "until"))
    if fact.kind in ("regimen", "condition") and spans and not any(said.get(own, ())):
        return {own: "Answer this too: the days alone say nothing."}
    return {}


def _at(values: tuple[str, ...], line: int) -> str:
    return values[line] if line < len(values) else ""


def _day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value)) and dt.date.fromisoformat(value) is not None
    except ValueError:
        return False


def _facts(said: Typed) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.removeprefix(START).partition(".")[0] for name in said if any(said[name])))


def sound(said: Typed, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return what was typed of the facts with whose answers nothing is wrong."""
    known = only(said, answered(said) & frozenset(vocabulary))
    faulty = {name.removeprefix(START).partition(".")[0] for name in wrong(known, vocabulary)}
    return only(known, answered(known) - faulty)


def answered(said: Typed) -> frozenset[str]:
    """Return the facts that have an answer."""
    return frozenset(_facts(said))


def only(said: Typed, facts: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return what was typed of some facts."""
    return {name: values for name, values in said.items() if name.removeprefix(START).partition(".")[0] in facts}


# ---- the form


def response(said: Typed, vocabulary: Vocabulary, claim: Json, author: Json, at: dt.datetime) -> Json | None:
    """Return the answers as a QuestionnaireResponse about the patient of a claim; None where nothing was answered."""
    items = [one for fact in _facts(said) if fact in vocabulary for one in _items(vocabulary[fact], said)]
    if not items:
        return None
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"answers-{at:%Y%m%d%H%M%S}",
        "status": "completed",
        "subject": claim.get("patient", {}),
        "authored": written(at),
        "author": author,
        "item": items,
    }


def _items(fact: Fact, said: Typed) -> Iterator[Json]:
    name = fact.name
    values = [one for one in said.get(field(name), ()) if one]
    if any(said.get(field(name, "none"), ())):
        yield _answered(f"{name}.none", {"valueBoolean": True})
    elif fact.kind == "condition":
        if values and values[0] == "no" and not _spans(fact, said):
            yield _answered(f"{name}.none", {"valueBoolean": True})
        elif values:
            value = _answered(f"{name}.value", {"valueBoolean": values[0] == "yes"})
            yield {"linkId": name, "item": [value, *_spans(fact, said)]}
    elif fact.kind == "regimen":
        amounts = [one for one in said.get(field(name, "value"), ()) if one]
        if amounts:
            value = _answered(f"{name}.value", {"valueQuantity": _quantity(fact, amounts[0])})
            yield {"linkId": name, "item": [value, *_spans(fact, said)]}
    elif fact.kind == "measurement":
        results = list(_results(fact, said))
        if results:
            yield {"linkId": name, "answer": results}
    elif values:
        yield {"linkId": name, "answer": [_value(fact, one) for one in values]}
    for part in ("complete_from", "complete_until"):
        days = [one for one in said.get(field(name, part), ()) if one]
        if days:
            yield _answered(f"{name}.{part}", {"valueDate": days[0]})


def _answered(link: str, value: Json) -> Json:
    return {"linkId": link, "answer": [value]}


def _spans(fact: Fact, said: Typed) -> list[Json]:
    parts = ((part, said.get(field(fact.name, part), ("",))[0]) for part in ("from", "until"))
    return [_answered(f"{fact.name}.{part}", {"valueDate": day}) for part, day in parts if day]


def _results(fact: Fact, said: Typed) -> Iterator[Json]:
    days = said.get(field(fact.name, "date"), ())
    for line, value in enumerate(said.get(field(fact.name), ())):
        if value:
            day = [_answered(f"{fact.name}.date", {"valueDate": _at(days, line)})] if _at(days, line) else []
            yield {"valueQuantity": _quantity(fact, value), **({"item": day} if day else {})}


def _quantity(fact: Fact, value: str) -> Json:
    unit = {} if fact.unit is None else {"unit": fact.unit, "system": _UCUM, "code": fact.unit}
    return {"value": _plain(value), **unit}


def _plain(value: str) -> int | float:
    value = value.replace(",", ".")
    return float(value) if "." in value else int(value)


def _value(fact: Fact, value: str) -> Json:
    if fact.kind == "event" or fact.values == ("date",):
        return {"valueDate": value}
    if fact.kind == "attestation":
        return {"valueBoolean": value == "yes"}
    if fact.values == ("integer",):
        return {"valueInteger": int(value)}
    if fact.values == ("number",):
        return {"valueDecimal": _plain(value)}
    return {"valueCoding": {"code": value}}


class Said(Struct, frozen=True):
    """An answer as it is read over before it is sent: the fact, its question, and what was said."""

    fact: str
    ask: str
    says: str


def spoken(given: Typed, vocabulary: Vocabulary) -> tuple[Said, ...]:
    """Return the answers in words."""
    known = (vocabulary[fact] for fact in _facts(given) if fact in vocabulary)
    return tuple(Said(fact.name, fact.ask, _spoken(fact, given)) for fact in known)


def differing(theirs: Typed, mine: Typed, vocabulary: Vocabulary) -> tuple[Said, ...]:
    """Return the answers of a colleague in words that differ from one's own to the same questions."""
    here = {one.fact: one.says for one in spoken(mine, vocabulary)}
    return tuple(one for one in spoken(theirs, vocabulary) if here.get(one.fact, one.says) != one.says)


def _spoken(fact: Fact, given: Typed) -> str:
    def of(part: str = "") -> list[str]:
        return [one for one in given.get(field(fact.name, part), ()) if one]

    def shown(value: str) -> str:
        if _DAY.fullmatch(value):
            return words.day(value)
        return labels().value(value) if fact.values and value in fact.values else value

    if of("none"):
        return "there is none"
    unit = labels().units.get(fact.unit or "", fact.unit or "")
    amounts = of("value") or of()
    values = [f"{shown(one)} {unit}".strip() if fact.numeric and unit != "1" else shown(one) for one in amounts]
    if fact.kind == "measurement":
        dates = given.get(field(fact.name, "date"), ())
        lines = [line for line, one in enumerate(given.get(field(fact.name), ())) if one]
        values = [f"{one} on {words.day(_at(dates, line))}" for line, one in zip(lines, values, strict=True)]
    more = [
        f"{word} {words.day(days[0])}" for word, part in (("since", "from"), ("until", "until")) if (days := of(part))
    ]
    if whole := (of("complete_from") + of("complete_until")):
        more.append(f"all there were: {' to '.join(words.day(one) for one in whole)}")
    return ", ".join([", ".join(values), *more]).strip(", ")
