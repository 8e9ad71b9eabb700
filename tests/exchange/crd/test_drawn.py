"""Drawn calls: whatever may be left out is left out, whatever may stand there stands there, and no call breaks a thing.

Worked requests give the content, so that every outcome is drawn.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from priorauth.exchange.crd import coverage
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.casebook.kept import every
from tests.exchange.crd.hooking import VERSIONS, Json, example, extensions, hooked, moment, parts, resources
from tests.exchange.house import Exchange, exchanging
from tests.ledger import house

HOOKS = ("order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start", "encounter-discharge")
ALLOWED = {200, 400, 412, 422}
WORKED = [one for one in every() if "bundle" in one.load()]


def usable(bundle: Json) -> bool:
    claim = next((one for one in resources(bundle) if one["resourceType"] == "Claim"), None)
    return claim is not None and bool(claim.get("item")) and "/" in claim.get("patient", {}).get("reference", "")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a body that can be taken away."""
    parts_ = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts_:
        yield (*path, key)
        yield from places(part, (*path, key))


def without(body: Json, path: tuple[Any, ...]) -> Json:
    made = copy.deepcopy(body)
    held: Any = made
    for part in path[:-1]:
        held = held[part]
    del held[path[-1]]
    return made


def held_to(answer: Any, hook: str, version: str) -> None:
    """An answer is one of the table: an outcome with a place or words, or actions that keep the rules."""
    assert answer.status_code in ALLOWED, answer.text
    found = answer.json()
    if answer.status_code != 200:
        assert found["resourceType"] == "OperationOutcome"
        assert found["issue"][0]["diagnostics"]
        return
    assert isinstance(found["cards"], list)
    assert isinstance(found["systemActions"], list)
    for one in extensions(found):
        said = parts(one)
        assert coverage.broken(one, version) == []  # type: ignore[arg-type]
        if said["covered"] == ["not-covered"]:
            assert said["reason"]
        if hook == "order-select" or hook.startswith("encounter"):
            assert not {"clinical", "admin", "both", "patient"} & set(said.get("doc-needed", ()))
            assert "questionnaire" not in said


@pytest.fixture(scope="module")
def everything() -> Json:
    return {"hooks": list(HOOKS), "unsolicited": True}


@pytest.mark.shall(
    "CRD 2.2.1/conf-12", "CRD 2.2.1/conf-7", "CRD 2.2.1/conf-8", "CRD 2.2.1/hook-22", "CRD 2.2.1/billopt-2",
)  # fmt: skip
@pytest.mark.parametrize("many", [25, pytest.param(400, marks=pytest.mark.slow)])
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("hook", HOOKS)
def test_any_element_may_be_left_out(store: Store, everything: Json, hook: str, version: str, many: int) -> None:
    with exchanging(store, everything) as exchange:
        bundle = example("ask")
        exchange.running.clock.now = moment(bundle)
        body = hooked(bundle, hook)
        every_place = list(places(body))
        frame = [one for one in every_place if one[:2] != ("prefetch", "chart")]
        rng = np.random.default_rng([len(hook), *version.encode()])
        among = frame if many < len(frame) else every_place
        for place in rng.permutation(len(among))[:many]:
            answer = exchange.post(f"/cds-services/{hook}-crd", without(body, among[int(place)]), version)
            held_to(answer, hook, version)


SPOILT: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "text",
    [],
    {},
    [None],
    [{}],
    {"reference": "#nobody"},
    {"coding": "x"},
    "2026-13-45",
)


def spoilt(body: Json, rng: np.random.Generator) -> Json:
    """Put something else into a few places of a call, its chart among them."""
    made = copy.deepcopy(body)
    for _ in range(int(rng.integers(1, 4))):
        where = ("context",) if rng.random() < 0.5 else ("context", "prefetch")
        found = [one for one in places(made) if one[0] in where]
        path = found[int(rng.integers(len(found)))]
        held: Any = made
        for part in path[:-1]:
            held = held[part]
        held[path[-1]] = copy.deepcopy(SPOILT[int(rng.integers(len(SPOILT)))])
    return made


@pytest.mark.parametrize("many", [60, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_stands_in_a_call_there_is_an_answer_of_the_table(
    store: Store, everything: Json, version: str, many: int
) -> None:
    rng, mix = np.random.default_rng(15), Counter[int]()
    bundles = [example(name) for name in ("ask", "approve", "conflict")]
    with exchanging(store, everything) as exchange:
        for place in range(many):
            hook = HOOKS[place % len(HOOKS)]
            bundle = bundles[place % 3]
            exchange.running.clock.now = moment(bundle)
            answer = exchange.post(f"/cds-services/{hook}-crd", spoilt(hooked(bundle, hook), rng), version)
            held_to(answer, hook, version)
            mix[answer.status_code] += 1
    assert mix[200] > many / 4
    assert mix[400] > many / 20


# ---- the table of meanings, over worked requests


def outcome_of(said: dict[str, list[Any]]) -> tuple[str, ...]:
    return tuple(str(said.get(key, ["-"])[0]) for key in ("covered", "pa-needed"))


EXPECTED = {
    "approve": {("covered", "satisfied"), ("covered", "auth-needed")},
    "not-required": {("covered", "no-auth")},
    "request-information": {("covered", "auth-needed")},
    "not-yet": {("covered", "auth-needed")},
    "clinical-review": {("covered", "auth-needed")},
    "not-applicable": {("indeterminate", "-")},
    "other-criteria": {("indeterminate", "-")},
}


def answered(exchange: Exchange, bundle: Json, hook: str) -> Json | None:
    exchange.running.clock.now = moment(bundle)
    answer = exchange.post(f"/cds-services/{hook}-crd", hooked(bundle, hook))
    held_to(answer, hook, "2.2")
    return answer.json() if answer.status_code == 200 else None


@pytest.mark.shall(
    "CRD 2.2.1/found-9", "CRD 2.0.1/23", "CRD 2.0.1/24", "CRD 2.2.1/hook-16", "CRD 2.2.1/resp-26", "CRD 2.2.1/conf-4",
    "CRD 2.0.1/3", "CRD 2.2.1/hook-26", "CRD 2.2.1/hook-33", "CRD 2.2.1/hook-39", "CRD 2.2.1/hook-19",
)  # fmt: skip
@pytest.mark.parametrize("place", [0, *(pytest.param(place, marks=pytest.mark.slow) for place in range(1, 8))])
def test_worked_requests_are_answered_as_the_table_says(store: Store, everything: Json, place: int) -> None:
    mix = Counter[str]()
    with exchanging(store, everything) as exchange:
        for number, kept in enumerate(WORKED[place::8]):
            bundle = kept.load()["bundle"]
            if not usable(bundle):
                continue
            hook = HOOKS[number % 4]
            found = answered(exchange, bundle, hook)
            for one in extensions(found) if found else ():
                said = parts(one)
                rows = traffic.found(exchange.store, house.TENANT, t.context, context=said["coverage-assertion-id"][0])
                if not rows or "number" not in rows[0]["data"]:
                    mix["no policy"] += 1
                    continue
                outcome = rows[0]["data"]["outcome"]
                mix[outcome] += 1
                assert outcome_of(said) in EXPECTED[outcome], str(kept)
    assert mix["approve"] > 3
    assert mix["request-information"] > 3
    assert mix["clinical-review"] > 3


def test_the_requests_that_are_drawn_reach_every_outcome() -> None:
    found = {one.load()["expect"].get("outcome") for one in WORKED}
    assert set(EXPECTED) <= found
