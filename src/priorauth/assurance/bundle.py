"""Rows as a FHIR R4 Bundle: the way back from facts to a case that anyone can send.

Rows whose source is RECORD are said through the claim, the patient, the coverage and meter readings (or follow from
them); answered rows are a QuestionnaireResponse of the prescriber; judgments are a file of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from priorauth.facts.case import by_fact
from priorauth.facts.roles import roles
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.record.codes import SYSTEMS
from priorauth.values.dates import FIRST_DAY, LAST_DAY, iso
from priorauth.values.units import show

Json = dict[str, object]

HCPCS = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
PAYER = "urn:priorauth:payer"
METER = "41653-7"
"""LOINC: glucose in capillary blood by glucometer."""
COVERAGE = "coverage_in_force"
DERIVED = "derived/"
"""What the reference of a row begins with that the reader makes out of other rows, so that nobody says it."""
NOON, LAST_HOUR = 12, 23


def bundle(rows: Iterable[Row], *, payer: str, as_of: int, vocabulary: Vocabulary, name: str) -> tuple[Json, Json]:
    """Write rows as a Bundle and a judgments file; both are accepted by :func:`priorauth.determine`."""
    grouped = by_fact(row for row in rows if not row.ref.startswith(DERIVED))
    said = {fact: row for fact, listed in grouped.items() for row in listed if isinstance(row, Answer)}
    flat = [row for listed in grouped.values() for row in listed]
    resources = [
        _claim(said, as_of, name, prescribed=any(one.author in ("prescriber", "practice") for one in said.values())),
        _patient(said),
        _coverage([row for row in flat if isinstance(row, Period) and row.fact == COVERAGE and row.low]),
        _organization("payer-1", payer, {"identifier": [{"system": PAYER, "value": payer}]}),
        _organization("supplier-1", "Supplier"),
        _practitioner("prescriber-1", "Prescriber"),
        *_questionnaires([row for row in flat if row.source is Source.ANSWER], vocabulary, as_of),
        *_readings([row for row in flat if isinstance(row, Event) and row.source is Source.RECORD]),
    ]
    made: Json = {
        "resourceType": "Bundle",
        "id": name,
        "type": "collection",
        "timestamp": f"{iso(as_of)}T12:00:00Z",
        "entry": [
            {"fullUrl": f"urn:priorauth:{one['resourceType']}:{one['id']}", "resource": one} for one in resources
        ],
    }
    return made, _judgments([row for row in flat if row.source is Source.JUDGMENT], as_of)


def _claim(said: Mapping[str, Answer], as_of: int, name: str, *, prescribed: bool) -> Json:
    """Return the claim; ``prescribed``: it names the prescriber."""
    product, quantity, service = (_text(said, fact) for fact in ("product_code", "quantity_requested", "service_on"))
    item: Json = {
        "sequence": 1,
        "productOrService": {"coding": [{"system": HCPCS, "code": product}] if product else [], "text": product or "?"},
        "quantity": {"value": int(quantity or 1)},
        "servicedDate": service or iso(as_of),
    }
    if (bought := _text(said, "purchase_or_rental", Source.RECORD)) is not None:
        item["modifier"] = [{"coding": [{"system": HCPCS, "code": {"rental": "RR"}.get(bought, "NU")}]}]
    team = [{"sequence": 1, "provider": {"reference": "Practitioner/prescriber-1"}}]
    return {
        **({"careTeam": team} if prescribed else {}),
        "resourceType": "Claim",
        "id": "claim-1",
        "identifier": [{"system": "urn:priorauth:case", "value": name}],
        "status": "active",
        "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}]},
        "use": "preauthorization",
        "patient": {"reference": "Patient/member-1"},
        "created": iso(as_of),
        "insurer": {"reference": "Organization/payer-1"},
        "provider": {"reference": "Organization/supplier-1"},
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage-1"}}],
        "item": [item],
    }


def _text(said: Mapping[str, Answer], fact: str, source: Source | None = None) -> str | None:
    row = said.get(fact)
    return row.text if row is not None and source in (None, row.source) else None


def _patient(said: Mapping[str, Answer]) -> Json:
    made: Json = {"resourceType": "Patient", "id": "member-1", "name": [{"family": "Witness"}]}
    for fact, key in (("sex", "gender"), ("birth_date", "birthDate")):
        if (text := _text(said, fact)) is not None:
            made[key] = text
    return made


def _coverage(periods: list[Period]) -> Json:
    """Return the coverage; without a row for it, it is cancelled."""
    present = [row for row in periods if row.low == 1]
    made: Json = {
        "resourceType": "Coverage",
        "id": "coverage-1",
        "status": "active" if present else "cancelled",
        "beneficiary": {"reference": "Patient/member-1"},
        "payor": [{"reference": "Organization/payer-1"}],
        "class": [{"type": {"coding": [{"code": "plan"}]}, "value": "plan-1", "name": "Plan"}],
    }
    for row in present:
        start = {"start": iso(row.start_first)} if row.start_first > FIRST_DAY else {}
        end = {"end": iso(row.end_last)} if row.end_last < LAST_DAY else {}
        if start or end:
            made["period"] = {**start, **end}
    return made


def _organization(ident: str, called: str, more: Json | None = None) -> Json:
    return {"resourceType": "Organization", "id": ident, "active": True, "name": called, **(more or {})}


def _practitioner(ident: str, called: str) -> Json:
    return {"resourceType": "Practitioner", "id": ident, "active": True, "name": [{"family": called}]}


def _readings(events: list[Event]) -> Iterator[Json]:
    """Yield meter readings, an hour apart where several are of one day: each shows the row that carries a number."""
    hours: dict[int, int] = {}
    for place, row in enumerate((one for one in events if one.low is not None and one.fact == "hypoglycemia"), 1):
        hour = hours.setdefault(row.first, NOON)
        hours[row.first] = min(hour + 1, LAST_HOUR)
        yield {
            "resourceType": "Observation",
            "id": f"reading-{place}",
            "status": "final",
            "code": {"coding": [{"system": LOINC, "code": METER}]},
            "subject": {"reference": "Patient/member-1"},
            "effectiveDateTime": f"{iso(row.first)}T{hour:02}:00:00Z",
            "valueQuantity": {"value": row.low, "unit": "mg/dL", "system": UCUM, "code": "mg/dL"},
        }


# ---- the questionnaire


_AUTHORS: Mapping[str, str] = {
    "prescriber": "Practitioner/prescriber-1",
    "practice": "Practitioner/prescriber-1",
    "supplier": "Organization/supplier-1",
    "member": "Patient/member-1",
}
"""Who fills in what somebody of a role states; a profession is that of a clinician of its own."""


def _questionnaires(rows: list[Row], vocabulary: Vocabulary, as_of: int) -> Iterator[Json]:
    """Yield a form of the prescriber, and one of each whose role a row bears, with the clinicians that they need."""
    by_role: dict[str | None, list[Row]] = {None: []}
    for row in rows:
        by_role.setdefault(row.author if isinstance(row, Answer) else None, []).append(row)
    for place, (role, listed) in enumerate(by_role.items(), 1):
        form = _questionnaire(listed, vocabulary, as_of)
        if role is not None:
            form |= {"id": f"answers-{place}", "author": {"reference": _AUTHORS.get(role, f"Practitioner/{role}-1")}}
        yield form
        if role is not None and role not in _AUTHORS:
            yield _practitioner(f"{role}-1", role.capitalize()) | {"qualification": _qualified(role)}


def _qualified(role: str) -> list[Json]:
    """Return the qualification of somebody of a profession: the first code that shows it."""
    system, codes = next(iter(roles()[role].codes.items()))
    return [{"code": {"coding": [{"system": SYSTEMS[system][0], "code": codes[0].replace("*", "Q00000X")}]}}]


def _questionnaire(rows: list[Row], vocabulary: Vocabulary, as_of: int) -> Json:
    items = [part for fact, listed in by_fact(rows).items() for part in _items(vocabulary[fact], listed, as_of)]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "answers-1",
        "status": "completed",
        "subject": {"reference": "Patient/member-1"},
        "authored": iso(as_of),
        "author": {"reference": "Practitioner/prescriber-1"},
        "item": items,
    }


def _items(fact: Fact, rows: tuple[Row, ...], as_of: int) -> Iterator[Json]:
    """Yield the rows of one fact as items of a questionnaire."""
    for row in rows:
        match row:
            case Answer():
                yield {"linkId": fact.name, "answer": [_answer(fact, row)]}
            case Event():
                yield {"linkId": fact.name, "answer": [{"valueDate": iso(row.first)}]}
            case Measurement():
                dated = {"linkId": f"{fact.name}.date", "answer": [{"valueDate": iso(row.first)}]}
                value = {"valueQuantity": _quantity(fact, row.low or 0), "item": [dated]}
                yield {"linkId": fact.name, "answer": [value]}
            case Period() if _follows(row, rows):
                continue
            case Period():
                yield {"linkId": fact.name, "item": list(_period(fact, row))}
            case Whole() if fact.kind in ("measurement", "event"):
                empty = all(isinstance(other, Whole) for other in rows)
                if empty and row.first == FIRST_DAY and row.last >= as_of:
                    yield {"linkId": f"{fact.name}.none", "answer": [{"valueBoolean": True}]}
                    continue
                if row.first > FIRST_DAY:
                    yield {"linkId": f"{fact.name}.complete_from", "answer": [{"valueDate": iso(row.first)}]}
                yield {"linkId": f"{fact.name}.complete_until", "answer": [{"valueDate": iso(row.last)}]}


def _follows(row: Period, rows: Iterable[Row]) -> bool:
    """Whether an absence follows from the stated beginning of another row."""
    return row.high == 0 and any(isinstance(one, Period) and one.start_first == row.end_first + 1 for one in rows)


def _answer(fact: Fact, row: Answer) -> Json:
    match fact.values:
        case ():
            return {"valueBoolean": row.text == "yes"}
        case ("date",):
            return {"valueDate": iso(row.low or 0)}
        case ("number",) | ("integer",):
            return {"valueDecimal": _number(fact, row.low or 0)}
        case _:
            return {"valueCoding": {"code": row.text}}


def _period(fact: Fact, row: Period) -> Iterator[Json]:
    """Yield a period; an absence at all times has no dates."""
    always = fact.kind == "condition" and row.low == 0 and row.start_first == FIRST_DAY
    value = (
        {"valueBoolean": row.low == 1} if fact.kind == "condition" else {"valueDecimal": _number(fact, row.low or 0)}
    )
    yield {"linkId": f"{fact.name}.value", "answer": [value]}
    if always:
        return
    if row.start_first > FIRST_DAY:
        yield {"linkId": f"{fact.name}.from", "answer": [{"valueDate": iso(row.start_first)}]}
    if row.end_last < LAST_DAY:
        yield {"linkId": f"{fact.name}.until", "answer": [{"valueDate": iso(row.end_last)}]}


def _quantity(fact: Fact, multiple: int) -> Json:
    return {"value": _number(fact, multiple), "unit": fact.unit, "system": UCUM, "code": fact.unit}


def _number(fact: Fact, multiple: int) -> int | float:
    exact = Fraction(multiple) * fact.resolution
    return int(exact) if exact.denominator == 1 else float(show(multiple, fact.resolution))


def _judgments(rows: list[Row], as_of: int) -> Json:
    items = [
        {"linkId": row.fact, "answer": [{"valueBoolean": row.text == "yes"}]} for row in rows if isinstance(row, Answer)
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "judgments-1",
        "basedOn": [{"reference": "Claim/claim-1"}],
        "status": "completed",
        "subject": {"reference": "Patient/member-1"},
        "authored": iso(as_of),
        "author": {"type": "Practitioner", "display": "Clinician of the payer"},
        "item": items,
    }
