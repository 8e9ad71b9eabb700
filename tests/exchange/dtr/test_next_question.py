"""``$next-question``: a form asks what the case leaves open, and ends; what it says is what the request will say."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from priorauth import determine
from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.export.answers import on_file
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import load
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.record.answers.scopes import split
from tests.casebook.kept import every
from tests.exchange.dtr.desk import DAY, Hand, Json, begun, context, followed, form_of, walked
from tests.exchange.house import Exchange
from tests.ledger import house

VOCABULARY = load()
COVERAGE = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
CASE, POLICY = "missing-hba1c", "masshealth/insulin-pumps"
CLINICAL = frozenset({
    "Condition", "DocumentReference", "Encounter", "MedicationRequest", "Observation", "Procedure",
    "QuestionnaireResponse",
})  # fmt: skip


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
    return drawn(20)


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


def watched(one: Drawn, count: Counter[str]) -> Callable[[Json], None]:
    """See that what is added to a form is what the request, with the answers so far, asks."""
    before: set[str] = set()

    def seen(response: Json) -> None:
        nonlocal before
        now = facts(form_of(response).get("item", []))
        made = requested(one.bundle, response if response.get("item") else None, one.day)
        asked = {question.fact for question in made.questions}
        for fact in now - before:
            assert fact in asked, fact
            assert VOCABULARY[fact].kind != "judgment"
            assert VOCABULARY[fact].asked_of != "payer"
            count["facts"] += 1
        before = now

    return seen


@pytest.mark.parametrize(
    ("version", "cases"),
    [
        ("2.0", drawn_few),
        ("2.2", drawn_few),
        pytest.param("2.0", drawn_many, marks=pytest.mark.slow),
        pytest.param("2.2", drawn_many, marks=pytest.mark.slow),
    ],
)
@pytest.mark.shall(
    "DTR 2.2.0/spec-17", "DTR 2.2.0/spec-43", "DTR 2.2.0/spec-33", "DTR 2.0.1/52", "DTR 2.0.1/53", "DTR 2.0.1/219"
)
def test_a_form_asks_what_the_request_asks_and_ends_and_means_the_same_there(
    exchange: Exchange, version: str, cases: Callable[[], tuple[Drawn, ...]]
) -> None:
    count: Counter[str] = Counter()
    for place, one in enumerate(cases()):
        name = f"context-{place}"
        exchange.running.clock.now = datetime.combine(one.day, time(14), UTC)
        context(exchange, one.bundle, name)
        hand = Hand(place, one.day, one.values(version))
        begin = begun(one.policy, patient(one.bundle), name, one.day)
        done = followed(exchange, begin, hand, version, watched(one, count))
        made = requested(one.bundle, done, one.day)
        (row,) = traffic.found(exchange.store, house.TENANT, t.context, context=name)
        assert row["data"]["completed"]["outcome"] == made.outcome, one.name
        said = parts(done)
        wanted = {"not-required": "no-auth", "not-applicable": None, "other-criteria": None}
        assert said.get("pa-needed") == wanted.get(made.outcome, "auth-needed") or version == "2.0", one.name
        assert said.get("covered") != "not-covered"
        assert "satisfied-pa-id" not in said
        count[made.outcome] += 1
    print(version, dict(count))
    assert count["facts"] > len(cases())
    assert count["approve"] > 0
    assert len([one for one in count if one != "facts"]) > 2
