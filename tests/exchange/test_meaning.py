"""One meaning: the same request is answered alike at a hook, by the adaptive form and when it is submitted, in both
versions; no answer denies anything that a person has not denied; and who has looked is said as it was.

Requests are drawn from the worked cases. A hook makes a request of an order and a chart; that very request is then
asked of the form and submitted, and held against what `determine` makes of it. The request as it was drawn is submitted
too: no order says that a pump is rented, so that nothing is required of it is met there alone. Nothing holds vacuously:
the mix is reported, and every outcome of the table has to be in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, Final

import numpy as np
import pytest

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.errors import InputRefused
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.decisions import Approve, DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from priorauth.ledger.work import Done, perform
from tests.casebook.kept import every
from tests.exchange.house import Exchange, exchanging
from tests.exchange.kit.elements import at
from tests.exchange.shapes import PLAIN, resources, shaped
from tests.ledger import house

Json = dict[str, Any]
FEW, MANY = 30, 250
SEED: Final = 20261129
COVERAGE: Final = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
ACTION: Final = "adjudication.extension:reviewAction.extension:reviewActionCode.valueCodeableConcept.coding.code"
FLAG: Final = "extension:claimResponseReviewer.extension"
OUTCOMES: Final = {
    "approve", "clinical-review", "request-information", "not-applicable", "other-criteria", "not-yet",
}  # fmt: skip
SUBMITTED: Final = {
    "approve": "A1", "not-required": "NA", "request-information": "A4", "not-yet": "A4", "clinical-review": "A4",
    "not-applicable": "CT", "other-criteria": "CT",
}  # fmt: skip
HOOKED: Final[dict[str, tuple[set[str], set[str | None]]]] = {
    "approve": ({"covered"}, {"auth-needed"}),
    "not-required": ({"covered"}, {"no-auth"}),
    "request-information": ({"covered"}, {"auth-needed"}),
    "not-yet": ({"covered"}, {"auth-needed"}),
    "clinical-review": ({"covered"}, {"auth-needed"}),
    "not-applicable": ({"indeterminate", "conditional"}, {None, "conditional"}),
    "other-criteria": ({"indeterminate", "conditional"}, {None, "conditional"}),
}
"""By outcome what a hook may say of ``covered`` and of ``pa-needed``; 2.0.1 has no indeterminate."""
DOCUMENTS: Final = {"clinical", "admin", "patient", "both"}


def drawn(count: int) -> Iterator[tuple[str, Json]]:
    """Yield worked cases in their plainest shape, of each outcome in turn while there are any."""
    rng = np.random.default_rng(SEED)
    listed = [(str(one), one.load()) for one in every()]
    piles: dict[str, list[tuple[str, Json]]] = {}
    for place in rng.permutation(len(listed)):
        name, case = listed[int(place)]
        if "bundle" in case and "outcome" in case["expect"]:
            piles.setdefault(case["expect"]["outcome"], []).append((name, case))
    turns = [one for row in zip_longest(*(piles[name] for name in sorted(piles))) for one in row if one is not None]
    for name, case in turns[:count]:
        yield name, shaped(case["bundle"], PLAIN)


def hook(bundle: Json, number: int) -> Json:
    """Return a call that signs an order for the first item of a request; the chart comes with it."""
    (claim,) = resources(bundle, "Claim")
    patient = resources(bundle, "Patient")[0]
    covers = resources(bundle, "Coverage")[:1]
    item = claim["item"][0]
    kind = "DeviceRequest" if _code(item)[:1] in "EAKL" else "ServiceRequest"
    order = {
        "resourceType": kind,
        "id": f"order-{number}",
        "status": "draft",
        "intent": "order",
        "codeCodeableConcept" if kind == "DeviceRequest" else "code": item["productOrService"],
        "subject": {"reference": f"Patient/{patient['id']}"},
        "authoredOn": claim["created"][:10],
        "insurance": [{"reference": f"Coverage/{one['id']}"} for one in covers],
    }
    chart = [
        one["resource"]
        for one in bundle["entry"]
        if one["resource"]["resourceType"] not in {"Claim", "Patient", "Coverage"}
    ]
    return {
        "hook": "order-sign",
        "hookInstance": f"00000000-0000-4000-8000-{number:012}",
        "context": {
            "userId": "Practitioner/somebody",
            "patientId": patient["id"],
            "draftOrders": _bundle([order]),
        },
        "prefetch": {"patient": patient, "coverage": _bundle(covers), "chart": _bundle(chart)},
    }


def _code(item: Json) -> str:
    return str(item["productOrService"]["coding"][0].get("code", ""))


def _bundle(listed: list[Json]) -> Json:
    entries = [
        {"fullUrl": f"https://ehr.example.org/fhir/{one['resourceType']}/{one['id']}", "resource": one}
        for one in listed
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def said(told: Json) -> dict[str, list[Any]]:
    """Return what a hook says of coverage, by its parts."""
    found: dict[str, list[Any]] = {}
    for action in told["systemActions"]:
        for one in action["resource"]["extension"]:
            for part in one.get("extension", ()) if one["url"] == COVERAGE else ():
                value = next((value for name, value in part.items() if name.startswith("value")), part)
                found.setdefault(part["url"], []).append(value)
    return found


def item(told: Json) -> tuple[str, bool | None, Json]:
    """Return of an answer to a submission: the action, whether somebody looked, and the response."""
    response = told["entry"][0]["resource"]
    (action,) = at(response["item"][0], ACTION)
    flags = [one["valueBoolean"] for one in at(response, FLAG) if one["url"] == "wasHumanReviewedFlag"]
    return action, flags[0] if flags else None, response


class Asked:
    """A request as a hook made it, and what was said of it."""

    def __init__(self, exchange: Exchange, version: str, bundle: Json, number: int) -> None:
        (claim,) = resources(bundle, "Claim")
        exchange.running.clock.now = datetime.fromisoformat(f"{claim['created'][:10]}T17:00:00").replace(tzinfo=UTC)
        self.exchange, self.version = exchange, version
        told = exchange.post("/cds-services/order-sign-crd", hook(bundle, number), version)
        assert told.status_code == 200, told.text
        self.hooked = said(told.json())
        self.text = told.text
        self.context = self.hooked.get("coverage-assertion-id", [""])[0]

    def request(self) -> bytes | None:
        """Return the request that the hook made; None where it made none."""
        rows = traffic.found(self.exchange.store, house.TENANT, t.context, context=self.context)
        return bytes(rows[0]["bundle"]) if rows and rows[0]["bundle"] else None

    def submit(self, request: bytes) -> Json:
        told = self.exchange.post("/fhir/Claim/$submit", request, self.version)
        assert told.status_code == 200, told.text
        found: Json = told.json()
        return found

    def form(self) -> Json | None:
        """Return the adaptive form after its first questions; None where there is no form."""
        cover = {"name": "coverage", "resource": {"resourceType": "Coverage", "id": "cover", "status": "active"}}
        body = {"resourceType": "Parameters", "parameter": [cover, {"name": "context", "valueString": self.context}]}
        told = self.exchange.post("/fhir/Questionnaire/$questionnaire-package", body, self.version)
        if told.status_code != 200:
            return None
        packages = [one["resource"] for one in told.json()["parameter"] if one["resource"]["resourceType"] == "Bundle"]
        (response,) = resources(packages[0], "QuestionnaireResponse")
        asked = self.exchange.post("/fhir/Questionnaire/$next-question", response, self.version)
        assert asked.status_code == 200, asked.text
        found: Json = asked.json()
        return found


def alike(asked: Asked, found: Determination, told: Json, mix: Counter[str]) -> None:
    """Hold what was said three times of one request against what is determined of it."""
    covered, needed = HOOKED[found.outcome]
    assert set(asked.hooked["covered"]) <= covered
    assert set(asked.hooked.get("pa-needed", [None])) <= needed
    documents = set(asked.hooked.get("doc-needed", []))
    assert bool(documents) == (found.outcome == "request-information")
    assert documents <= DOCUMENTS
    assert "satisfied-pa-id" not in asked.hooked
    action, looked, _ = item(told)
    assert action == SUBMITTED[found.outcome]
    assert looked is (False if asked.version == "2.2" else None)
    form = asked.form() if documents else None
    if form is not None:
        facts = {one.fact for one in found.questions}
        items = list(_questions(_form(form)["item"]))
        assert form["status"] == "in-progress"
        assert items
        assert {one["linkId"].partition(".")[0] for one in items} <= {"form", *facts}
        mix["a form asks"] += 1


def in_force(bundle: Json) -> bool:
    """Whether a request's coverage is active on its day."""
    day = resources(bundle, "Claim")[0]["created"][:10]
    cover = resources(bundle, "Coverage")[0]
    period = cover.get("period", {})
    return bool(cover["status"] == "active" and period.get("start", day)[:10] <= day <= period.get("end", day)[:10])


def _form(response: Json) -> Json:
    found: Json = next(one for one in response["contained"] if one["resourceType"] == "Questionnaire")
    return found


def _questions(items: list[Json]) -> Iterator[Json]:
    for one in items:
        if one["type"] not in {"group", "display"}:
            yield one
        yield from _questions(one.get("item", []))


def judged(asked: Asked, request: bytes, told: Json, number: int, mix: Counter[str]) -> None:
    """Let a clinician decide what was pended, by turns for and against, and hold the answer to the same ask."""
    case = item(told)[2]["identifier"][0]["value"]
    store, now = asked.exchange.store, asked.exchange.running.clock.now
    against = number % 2 == 0
    perform(store, RouteToDirector(case=case), house.NURSE, now)
    deny = DecideAdversely(case=case, licence=house.LICENCE, reasons=(house.REASON,))
    done = perform(store, deny if against else Approve(case=case, why="seen"), house.DIRECTOR, now)
    if not isinstance(done, Done):
        mix["not decided"] += 1
        return
    action, looked, response = item(asked.submit(request))
    assert action == ("A3" if against else "A1")
    assert looked is (True if asked.version == "2.2" else None)
    if against:
        assert any(house.REASON.criterion in one["text"] for one in response["processNote"])
    mix["denied" if against else "approved by a person"] += 1


def held(store: Store, count: int) -> Counter[str]:
    """Hold the property over so many requests; return the mix."""
    mix: Counter[str] = Counter()
    with exchanging(store) as exchange:
        for number, (name, bundle) in enumerate(drawn(count)):
            version = ("2.0", "2.2")[number % 2]
            asked = Asked(exchange, version, bundle, number)
            each = [one.outcome for one in determine(bundle)]
            plainly = each[0]
            waits = "A4" in [SUBMITTED[one] for one in each]  # a case is answered whole: an item waits for the others
            assert item(asked.submit(json.dumps(bundle).encode()))[0] == ("A4" if waits else SUBMITTED[plainly]), name
            mix[f"{plainly}, as drawn"] += 1
            if asked.hooked.get("covered") == ["not-covered"]:
                assert not in_force(bundle), name
                mix["not covered"] += 1
                continue
            request = asked.request()
            if request is None:
                mix["no request"] += 1
                continue
            try:
                found = determine(json.loads(request))
            except InputRefused:
                mix["refused"] += 1
                continue
            told = asked.submit(request)
            mix[found[0].outcome] += 1
            mix[f"version {version}"] += 1
            alike(asked, found[0], told, mix)
            if item(told)[0] == "A4":
                judged(asked, request, told, number, mix)
    return mix


def complete(mix: Counter[str]) -> None:
    print(dict(sorted(mix.items())))
    wanted = {*OUTCOMES, "version 2.0", "version 2.2", "denied", "approved by a person", "a form asks"}
    assert {one for one in wanted if not mix[one]} == set()
    assert {one for one in (*OUTCOMES, "not-required") if not mix[f"{one}, as drawn"]} == set()
    assert mix["no request"] + mix["refused"] < sum(mix[one] for one in OUTCOMES) // 4


def test_a_request_is_answered_alike_by_hook_form_and_submission_and_only_people_deny(store: Store) -> None:
    complete(held(store, FEW))


@pytest.mark.slow
def test_the_same_of_many_requests(store: Store) -> None:
    complete(held(store, MANY))
