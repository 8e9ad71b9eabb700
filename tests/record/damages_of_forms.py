"""Damages to what people wrote: forms by their state, author and date, answers of a wrong type, files of judgments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, Final

from priorauth.policy.catalog import open_catalog
from tests.record.damage import (
    LOCAL,
    NPI,
    UNKNOWN_MODIFIER,
    Damage,
    Edit,
    held,
    out,
    put,
    ref,
    void,
)
from tests.record.worked import JUDGMENTS, Change, Json, Worked, copied, name

FORM: Final = ("QuestionnaireResponse",)
JUDGED: Final = (JUDGMENTS,)
NPI_OID: Final = "urn:oid:2.16.840.1.113883.4.6"
SUPPLIERS_NPI: Final = {"system": NPI, "value": "1444444442"}
Silent = frozenset[str]


def silent() -> Silent:
    """Name the facts of which silence says no."""
    return frozenset(fact.name for fact in open_catalog().vocabulary.facts.values() if fact.silent_no)


# ---- forms as a whole


def _authored(day: Callable[[Worked], str]) -> Edit:
    return lambda resource, worked: {**resource, "authored": day(worked)}


def _day_after(worked: Worked) -> str:
    return (dt.date.fromisoformat(worked.case.bundle["timestamp"][:10]) + dt.timedelta(days=2)).isoformat()


def _of_forms() -> Iterator[Damage]:
    row = "QuestionnaireResponse: authored"
    yield void(row, "before birth", FORM, _authored(lambda w: f"{int(w.patient['birthDate'][:4]) - 1}-06-15"))
    yield void(row, "two years after the request", FORM, _authored(lambda w: f"{int(w.day[:4]) + 2}-06-15"))
    yield void(row, "two days after the Bundle", FORM, _authored(_day_after))
    yield void(row, "9999", FORM, _authored(lambda _w: "9999-12-31"))
    yield void(row, "no date", FORM, _authored(lambda _w: "yesterday"))
    yield void(row, "missing", FORM, out("authored"))


def _by_supplier(author: Callable[[Json], Json], *more: Callable[[Json, Worked], Json], **elements: Any) -> Edit:
    """Let the supplier, who now has an NPI, write the form; ``author`` and ``more`` are made from its reference."""

    def edit(resource: Json, worked: Worked) -> list[Json]:
        supplier = worked.claim["provider"]
        return [{**resource, **elements, "author": author(supplier)}, *(make(supplier, worked) for make in more)]

    return edit


def _plainly(resource: Json, worked: Worked) -> tuple[list[Json], ...]:
    """Give the form as the supplier's own, said plainly."""
    return ([{**copied(resource), "author": worked.claim["provider"]}],)


def _with_npi(damage: Damage) -> Damage:
    """Give the supplier of the case an NPI."""

    def changes(resource: Json, worked: Worked) -> Iterator[Change]:
        found = worked.find(worked.claim["provider"]["reference"])
        if found is not None and found["resourceType"] == "Organization":
            own = {**found, "identifier": [*found.get("identifier", ()), SUPPLIERS_NPI]}
            for change in damage.changes(resource, worked):
                yield change._replace(others={name(found): own})

    return Damage(damage.kind, damage.name, damage.types, damage.expects, changes)


def _twin(_supplier: Json, _worked: Worked) -> Json:
    return {"resourceType": "Organization", "id": "twin", "name": "Another name", "identifier": [SUPPLIERS_NPI]}


def _fitter(_supplier: Json, _worked: Worked) -> Json:
    return {"resourceType": "Practitioner", "id": "fitter", "name": [{"family": "Fitter"}]}


def _job(supplier: Json, _worked: Worked) -> Json:
    job: Json = {"resourceType": "PractitionerRole", "id": "job", "practitioner": ref("Practitioner/fitter")}
    return {**job, "organization": supplier}


def _order(supplier: Json, worked: Worked) -> Json:
    item = worked.claim["item"][worked.items[0]]
    return {
        "resourceType": "DeviceRequest", "id": "order-of-supplier", "status": "active", "intent": "order",
        "codeCodeableConcept": item["productOrService"], "subject": ref(name(worked.patient)), "requester": supplier,
        "authoredOn": worked.day,
    }  # fmt: skip


def _visit(supplier: Json, worked: Worked) -> Json:
    order = next((one for one in worked.resources if one["resourceType"] == "DeviceRequest"), {})
    people = [one for one in (supplier, order.get("requester")) if one]
    return {
        "resourceType": "Encounter", "id": "visit-of-supplier", "status": "planned", "class": {"code": "HH"},
        "subject": ref(name(worked.patient)), "participant": [{"individual": one} for one in people],
        "serviceProvider": supplier, "period": {"start": worked.day},
    }  # fmt: skip


def _of_authors() -> Iterator[Damage]:
    inner = {"resourceType": "Organization", "id": "me", "name": "Harbor", "identifier": [SUPPLIERS_NPI]}
    edits: dict[str, Edit] = {
        "another record of the same NPI": _by_supplier(lambda _s: ref("Organization/twin"), _twin),
        "its NPI alone": _by_supplier(lambda _s: {"identifier": SUPPLIERS_NPI}),
        "its NPI, by its object identifier": _by_supplier(
            lambda _s: {"identifier": {**SUPPLIERS_NPI, "system": NPI_OID}}
        ),
        "a contained copy": _by_supplier(lambda _s: ref("#me"), contained=[inner]),
        "a role there": _by_supplier(lambda _s: ref("PractitionerRole/job"), _job, _fitter),
        "a fitter with a role there": _by_supplier(lambda _s: ref("Practitioner/fitter"), _job, _fitter),
        "with an order of its own": _by_supplier(lambda s: s, _order),
        "with a planned visit of its own": _by_supplier(lambda s: s, _visit),
    }
    for what, edit in edits.items():
        yield _with_npi(held("QuestionnaireResponse: the supplier writes", what, FORM, edit, _plainly))


# ---- answers

WRONG: Final[dict[str, dict[str, Json]]] = {
    "valueBoolean": {
        "valueString": {"valueString": "yes"}, "valueInteger": {"valueInteger": 1}, "valueDecimal": {"valueDecimal": 1},
        "valueCoding": {"valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"}},
        "valueDate": {"valueDate": "2026-01-01"}, "valueQuantity": {"valueQuantity": {"value": 1, "code": "1"}},
    },
    "valueDate": {"valueString": {"valueString": "9 June"}, "valueBoolean": {"valueBoolean": True}},
    "valueCoding": {
        "code not listed": {"valueCoding": {"system": LOCAL, "code": "X-17"}}, "valueBoolean": {"valueBoolean": True},
        "valueString": {"valueString": "see the letter"},
    },
    "valueDecimal": {"valueString": {"valueString": "several"}, "valueBoolean": {"valueBoolean": True}},
    "valueInteger": {"valueString": {"valueString": "several"}, "valueBoolean": {"valueBoolean": True}},
    "valueQuantity": {
        "valueString": {"valueString": "high"}, "valueBoolean": {"valueBoolean": True},
        "unit unknown": {"valueQuantity": {"value": 5, "unit": "furlong", "code": "furlong"}},
        "-1": {"valueQuantity": {"value": -1, "unit": "%", "code": "%"}},
    },
}  # fmt: skip
"""Type of an answer -> answers that say nothing of the same."""

Path = tuple[str | int, ...]


def at(resource: Any, path: Path) -> Any:
    for step in path:
        resource = resource[step]
    return resource


def answers(items: list[Json], path: Path = ("item",)) -> Iterator[tuple[Path, Json]]:
    """Give every answer of a form, with the way to it."""
    for turn, item in enumerate(items):
        for place, answer in enumerate(item.get("answer", ())):
            yield (*path, turn, "answer", place), answer
            yield from answers(answer.get("item", []), (*path, turn, "answer", place, "item"))
        yield from answers(item.get("item", []), (*path, turn, "item"))


def without(resource: Json, path: Path) -> Json:
    """Leave out an answer, with its item where that was its only one: of a part, with the whole of its fact."""
    made = copied(resource)
    link = str(at(made, path[:-2])["linkId"])
    whole = "." in link and not link.endswith((".none", ".complete_from", ".complete_until"))
    if whole and link.rpartition(".")[2] in ("value", "from", "until", "date"):
        del made["item"][path[1]]
        return made
    listed = at(made, path[:-1])
    del listed[path[-1]]
    if not listed:
        del at(made, path[:-3])[path[-3]]
    return made


def _wrong(value: str, wrong: Json) -> Callable[[Json, Worked], Iterator[Change]]:
    def changes(resource: Json, _worked: Worked) -> Iterator[Change]:
        for path, answer in answers(resource.get("item", [])):
            link = str(at(resource, path[:-2])["linkId"])
            fact = link.partition(".")[0]
            if value not in answer or fact not in open_catalog().vocabulary or _one_of_many(resource, path, link):
                continue
            made = copied(resource)
            old = at(made, path)
            old.pop(value)
            old.update(wrong)
            states = [[without(resource, path)]]
            if fact in silent() and value == "valueBoolean":
                flipped = copied(resource)
                at(flipped, path)[value] = not answer[value]
                states.append([flipped])
            yield Change([made], tuple(states), link, silent=fact)

    return changes


def _one_of_many(resource: Json, path: Path, link: str) -> bool:
    """Say whether an answer is to a part that its fact has several times: then more is left of the fact."""
    if "." not in link:
        return False
    top = resource["item"][path[1]]
    links = [at(top, way[:-2])["linkId"] for way, _ in answers(top.get("item", []), ("item",))]
    return links.count(link) != 1


def _of_answers() -> Iterator[Damage]:
    for value, listed in WRONG.items():
        row = f"answers: {value} written otherwise"
        for what, wrong in listed.items():
            yield Damage(row, what, FORM, "held", _wrong(value, wrong))


# ---- judgments


def _by_prescriber(author: Callable[[Json], Json], **elements: Any) -> Edit:
    """Let someone whom the case names write the judgments; nothing where the case names nobody."""

    def edit(resource: Json, worked: Worked) -> Json | None:
        order = next((one for one in worked.resources if one["resourceType"] == "DeviceRequest"), {})
        found = worked.find(order.get("requester", {}).get("reference", ""))
        if found is None or not found.get("identifier"):
            return None
        inner = [{**found, "id": "me"}] if "contained" in elements else []
        return {**resource, "author": author(found), **({"contained": inner} if inner else {})}

    return edit


def _judged(value: Json) -> Callable[[Json, Worked], Iterator[Change]]:
    def changes(resource: Json, _worked: Worked) -> Iterator[Change]:
        for path, answer in answers(resource.get("item", [])):
            if "valueBoolean" in answer:
                made = copied(resource)
                old = at(made, path)
                old.pop("valueBoolean")
                old.update(value)
                link = str(at(resource, path[:-2])["linkId"])
                yield Change([made], ([without(resource, path)],), link, silent=link)

    return changes


def _of_judgments() -> Iterator[Damage]:
    row = "judgments: who judges"
    people: dict[str, Edit] = {
        "the prescriber": _by_prescriber(lambda p: ref(name(p))),
        "the prescriber, with a name": _by_prescriber(lambda p: {**ref(name(p)), "display": "Dr. A, medical director"}),
        "the prescriber's NPI": _by_prescriber(lambda p: {"type": "Practitioner", "identifier": p["identifier"][0]}),
        "a contained copy of the prescriber": _by_prescriber(lambda _p: ref("#me"), contained=True),
        "another record of the prescriber": _by_prescriber(
            lambda p: {"reference": "Practitioner/another", "identifier": p["identifier"][0]}
        ),
        "the supplier": lambda r, w: {**r, "author": w.claim["provider"]},
        "the supplier, called a clinician": lambda r, w: {
            **r, "author": {**w.claim["provider"], "type": "Practitioner", "display": "Dr. B"}
        },
        "nobody": out("author"),
        "an empty name": put(author={"display": "  "}),
    }  # fmt: skip
    yield from (void(row, what, JUDGED, edit) for what, edit in people.items())
    row = "judgments: what is judged"
    other = {"basedOn": [ref("Claim/another")]}
    yield void(row, "another request", JUDGED, lambda r, _w: out("extension")({"extension": [], **r, **other}, _w))
    yield void(row, "no request", JUDGED, lambda r, _w: out("extension", "basedOn")({"extension": [], **r}, _w))
    yield void(row, "another member", JUDGED, put(subject=ref("Patient/somebody-else")))
    row = "judgments: status and modifierExtension"
    for code in ("in-progress", "stopped", "entered-in-error", "Completed", "gibberish"):
        yield void(row, code, JUDGED, put(status=code))
    yield void(row, "modifierExtension", JUDGED, put(modifierExtension=UNKNOWN_MODIFIER))
    for value in ({"valueString": "yes"}, {"valueInteger": 1}, {"valueCoding": {"code": "Y"}}):
        yield Damage("judgments: written otherwise", next(iter(value)), JUDGED, "held", _judged(value))


FORMS: Final[tuple[Damage, ...]] = (*_of_forms(), *_of_authors(), *_of_answers(), *_of_judgments())
