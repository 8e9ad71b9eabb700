"""A desk at which adaptive forms are filled in: a context as CRD leaves it, and a hand that answers what is asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.export.answers import on_file
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import load
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.record.answers.scopes import split
from tests.casebook.kept import case_of, every
from tests.exchange.house import Exchange
from tests.ledger import house

Json = dict[str, Any]
PATH = "/fhir/Questionnaire/$next-question"
ORIGIN = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/information-origin"
QR_CONTEXT = "http://hl7.org/fhir/us/davinci-dtr/StructureDefinition/qr-context"
CONTEXT = "0f2c7a34-5a0c-5d0e-9d5e-0d8f0b7a3c15"
DAY = house.NOW.date()
MOST_CALLS = 60
NONE = 0.3
VOCABULARY = load()
COVERAGE = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
CLINICAL = frozenset({
    "Condition", "DocumentReference", "Encounter", "MedicationRequest", "Observation", "Procedure",
    "QuestionnaireResponse",
})  # fmt: skip


YES: Json = {"valueBoolean": True}
PERCENT = {"system": "http://unitsofmeasure.org", "code": "%", "unit": "%"}
SHOWN: dict[str, Any] = {
    **dict.fromkeys(
        ("motivated", "able_to_operate_pump", "follows_diet_and_exercise", "injections_ineffective",
         "recurring_hypoglycemia", "prescription_complete", "frequent_dose_self_adjustment.value"), YES,
    ),
    "frequent_dose_self_adjustment.from": {"valueDate": "2025-06-10"},
    "frequent_dose_self_adjustment.until": None,
    "hba1c": {"valueQuantity": {"value": 8.1, **PERCENT}},
    "hba1c.date": {"valueDate": "2026-11-04"},
    "glucose_tests_per_day.value": {"valueDecimal": 5},
    "glucose_tests_per_day.from": {"valueDate": "2026-05-08"},
    "glucose_tests_per_day.until": None,
}  # fmt: skip
"""Answers of a practice by which all is shown that a first pump of MassHealth wants."""
WAYS = ("glucose_tests_per_day", "recurring_hypoglycemia")


def practice(said: dict[str, Any] | None = None) -> Hand:
    """A practice that can show all; ``said`` answers otherwise."""
    return Hand(1, said={**SHOWN, **(said or {})}, ways=WAYS)


def missing() -> Json:
    """A case of a first pump of MassHealth, of which what the practice knows is missing."""
    bundle: Json = case_of("masshealth/missing-hba1c")["bundle"]
    bundle["entry"] = [one for one in bundle["entry"] if one["resource"]["resourceType"] != "QuestionnaireResponse"]
    return bundle


def form_name(policy: str) -> str:
    """The name of the adaptive form of a policy."""
    return f"{policy.replace('/', '.')}.adaptive"


def context(exchange: Exchange, bundle: Json, name: str = CONTEXT, client: str = "clinic-ehr", **data: Any) -> None:
    """Leave a context as a hook leaves it."""
    by_kind = {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}
    about = {
        "order": "DeviceRequest/order-pump",
        "coverage": f"Coverage/{by_kind['Coverage']['id']}",
        "patient": f"Patient/{by_kind['Patient']['id']}",
        "hook": "order-sign",
        "rows": "0" * 64,
        "pathway": None,
        **data,
    }
    row = {
        "context": name,
        "client": client,
        "version": "2.2",
        "member": about["patient"],
        "policy": None,
        "product": None,
        "data": about,
        "bundle": json.dumps(bundle).encode(),
        "made_at": exchange.running.clock.now,
        "ends_at": exchange.running.clock.now + timedelta(days=90),
    }
    traffic.keep(exchange.store, house.TENANT, t.context, row)


def begun(policy: str, subject: str, name: str | None = CONTEXT, day: date = DAY) -> Json:
    """The answers with which a form is begun: none, and an empty form."""
    form: Json = {
        "resourceType": "Questionnaire",
        "id": "form",
        "status": "active",
        "derivedFrom": [f"http://localhost/plan/2.2/fhir/Questionnaire/{form_name(policy)}"],
    }
    if name is not None:
        form["identifier"] = [{"system": "http://localhost/plan/2.2/trace", "value": name}]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "answers",
        "contained": [form],
        "extension": [{"url": QR_CONTEXT, "valueReference": {"reference": "DeviceRequest/order-pump"}}],
        "questionnaire": "#form",
        "status": "in-progress",
        "subject": {"reference": subject},
        "authored": f"{day}T14:00:00Z",
    }


def form_of(response: Json) -> Json:
    """The form that answers carry with them."""
    return next(one for one in response["contained"] if f"#{one['id']}" == response["questionnaire"])


def walked(items: list[Json]) -> Iterator[Json]:
    """Every item, those below after the one above."""
    for one in items:
        yield one
        yield from walked(one.get("item", []))
        for answer in one.get("answer", []):
            yield from walked(answer.get("item", []))


def links(response: Json) -> list[str]:
    """The linkIds of the form, in order."""
    return [one["linkId"] for one in walked(form_of(response).get("item", []))]


@dataclass
class Hand:
    """Answers questions by lot. ``said`` settles some by linkId: a value, or None for no answer."""

    seed: int
    day: date = DAY
    said: dict[str, Any] = field(default_factory=dict)
    left: float = 0.1
    """How often a question that may be left open is left open."""
    ways: tuple[str, ...] = ()
    """Of the ways to show a thing those that are chosen where they are among them, by their codes."""

    def __post_init__(self) -> None:
        """Begin to draw."""
        self.rng = np.random.default_rng(self.seed)

    def pick(self, listed: Sequence[Any]) -> Any:
        return listed[int(self.rng.integers(len(listed)))]

    def fill(self, response: Json) -> Json:
        """Answer all that is open and has no answer."""
        made = copy.deepcopy(response)
        made["item"] = self._filled(form_of(made).get("item", []), made.get("item", []), {})
        return made

    def _filled(self, items: list[Json], given: list[Json], seen: dict[str, Any]) -> list[Json]:
        """Answer items in the order of the form; ``seen`` are the answers so far, by linkId."""
        found: list[Json] = []
        for item in items:
            link = item["linkId"]
            old = [one for one in given if one["linkId"] == link]
            if not _enabled(item, seen):
                continue
            if item["type"] == "group":
                below = self._filled(item.get("item", []), old[0].get("item", []) if old else [], seen)
                found.append({"linkId": link, **({"item": below} if below else {})})
            elif old:
                seen[link] = old[0]["answer"][0]
                found.extend(old)
            elif item["type"] != "display" and not item.get("readOnly"):
                answers = self._answers(item, seen)
                if answers:
                    seen[link] = answers[0]
                    found.append({"linkId": link, "answer": answers})
        return found

    def _answers(self, item: Json, seen: dict[str, Any]) -> list[Json]:
        link = item["linkId"]
        if link in self.said:
            value = self.said[link]
            values = [] if value is None else value if isinstance(value, list) else [value]
        elif not item.get("required") and self.rng.random() < self.left:
            values = []
        else:
            values = [self._value(item) for _ in range(self.pick((1, 1, 3)) if item.get("repeats") else 1)]
        answers = []
        for value in values:
            answer = {**value, "extension": [_origin("manual")]}
            below = self._filled(item.get("item", []), [], {**seen, link: answer})
            answers.append({**answer, "item": below} if below else answer)
        return answers

    def _value(self, item: Json) -> Json:
        match item["type"]:
            case "boolean":
                return {"valueBoolean": self.rng.random() < (0.95 if item["linkId"].endswith(".attest") else 0.6)}
            case "date":
                return {"valueDate": str(self.day - timedelta(days=self.pick((1, 5, 30, 100, 200, 400))))}
            case "decimal":
                return {"valueDecimal": self.pick((1, 3, 4, 6, 6.9, 7, 7.1, 60, 120))}
            case "integer":
                return {"valueInteger": self.pick((1, 3, 12))}
            case "quantity":
                return {"valueQuantity": {"value": self.pick((1, 6.9, 7.0, 8.1, 45, 180)), **self._unit(item)}}
            case "choice":
                options = [one["valueCoding"] for one in item.get("answerOption", [])]
                if not options:
                    options = [{"code": value} for value in VOCABULARY[item["linkId"]].values]
                for one in options:
                    if one["code"] in self.ways:
                        return {"valueCoding": one}
                some = [one for one in options if one["code"] != "none" or self.rng.random() < NONE]
                return {"valueCoding": self.pick(some)}
        raise AssertionError(item["type"])

    def _unit(self, item: Json) -> Json:
        units = [one["valueCoding"] for one in item.get("extension", []) if one["url"].endswith("unitOption")]
        return {} if not units else {"system": units[0]["system"], "code": units[0]["code"]}


def _origin(source: str) -> Json:
    return {"url": ORIGIN, "extension": [{"url": "source", "valueCode": source}]}


def _enabled(item: Json, seen: dict[str, Any]) -> bool:
    held = [_holds(one, seen) for one in item.get("enableWhen", [])]
    return not held or (any(held) if item.get("enableBehavior") == "any" else all(held))


def _holds(when: Json, seen: dict[str, Any]) -> bool:
    given = seen.get(when["question"])
    if when["operator"] == "exists":
        return (given is not None) is when["answerBoolean"]
    name = next(one for one in when if one.startswith("answer"))
    value = None if given is None else given.get(f"value{name.removeprefix('answer')}")
    if isinstance(value, dict):
        return bool(value.get("code") == when[name]["code"])
    return bool(value == when[name])


def followed(
    exchange: Exchange,
    response: Json,
    hand: Hand,
    version: str = "2.2",
    seen: Callable[[Json], object] = lambda _: None,
) -> Json:
    """Answer a form to its end; ``seen`` sees it after each call."""
    for _ in range(MOST_CALLS):
        told = exchange.post(PATH, response, version)
        assert told.status_code == 200, (told.text, response.get("item"))
        response = told.json()
        seen(response)
        if response["status"] == "completed":
            return response
        response = hand.fill(response)
    raise AssertionError(f"the form does not end: {links(response)}")


def facts(items: list[Json]) -> set[str]:
    """The facts that items ask for."""
    found = (split(one["linkId"].removeprefix("form."), VOCABULARY) for one in walked(items))
    return {one[0] for one in found if one}


def requested(bundle: Json, answers: Json | None, day: date = DAY) -> Determination:
    """What the request decides that has the answers in it, sent on a day."""
    made = copy.deepcopy(bundle)
    made.pop("timestamp", None)
    for entry in made["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            entry["resource"]["created"] = day.isoformat()
    if answers is not None:
        made["entry"].append({"resource": {**answers, "status": "completed"}})
    return determine(made)[0]


def patient(bundle: Json) -> str:
    found = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient")
    return f"Patient/{found['id']}"


class Drawn(NamedTuple):
    """A case of the book from which by lot some of the record is taken away, and what the whole record answers."""

    name: str
    bundle: Json
    policy: str
    day: date
    whole: Case

    def values(self, version: str) -> dict[str, Any]:
        """What the whole record answers, by linkId."""
        base = f"http://localhost/plan/{version}/fhir"
        return dict(on_file(self.whole, VOCABULARY, VOCABULARY, base))


@cache
def drawn(count: int, seed: int = 7) -> tuple[Drawn, ...]:
    rng, cases, found = np.random.default_rng(seed), every(), list[Drawn]()
    while len(found) < count:
        one = cases[int(rng.integers(len(cases)))]
        whole = one.load()["bundle"]
        claim = next(entry["resource"] for entry in whole["entry"] if entry["resource"]["resourceType"] == "Claim")
        day, share = date.fromisoformat(claim["created"][:10]), float(rng.choice((0.3, 0.8, 1.0)))
        kept = [
            one for one in whole["entry"] if one["resource"]["resourceType"] not in CLINICAL or rng.random() > share
        ]
        made = requested({**whole, "entry": kept}, None, day)
        if made.policy is not None and made.questions and len(claim["item"]) == 1:
            found.append(Drawn(one.name, {**whole, "entry": kept}, made.policy.id, day, decided(whole)[0].case))
    return tuple(found)


def drawn_few() -> tuple[Drawn, ...]:
    return drawn(20, 12)


def drawn_many() -> tuple[Drawn, ...]:
    return drawn(200, 11)


def parts(response: Json) -> dict[str, Any]:
    """What is said of coverage, by the name of the part; nothing where nothing is said."""
    found = [one for one in response["extension"] if one["url"] == COVERAGE]
    return (
        {}
        if not found
        else {one["url"]: next(one[key] for key in one if key != "url") for one in found[0]["extension"]}
    )
