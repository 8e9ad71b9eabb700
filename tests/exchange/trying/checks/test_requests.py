"""A request and its answer, an inquiry, an update, the end of a request: what is wrong with each is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from priorauth.exchange.trying.checks import requests
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.shapes import PAS
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import (
    OK,
    Exchanged,
    Json,
    Spoil,
    answers,
    broken,
    configured,
    every,
    on,
    pop,
    says,
)

SHOWN: Json = {**OK, "entry": [{"resource": {"resourceType": "ClaimResponse", "item": [{}]}}]}


def response(change: Callable[[Json], object]) -> Spoil:
    return every("ClaimResponse", change, "$submit")


def action(code: str) -> Callable[[Json], object]:
    """Return what gives each item another action."""

    def changed(one: Json) -> None:
        for item in one["item"]:
            for held in item["adjudication"]:
                for review in held["extension"]:
                    review["extension"] = [
                        {
                            "url": f"{PAS}/extension-reviewActionCode",
                            "valueCodeableConcept": {"coding": [{"code": code}]},
                        }
                    ]

    return changed


def cancels(one: Exchanged) -> bool:
    return b"extension-certificationType" in one.asked and b'"related"' in one.asked


def strange(one: Exchanged) -> bool:
    return b"never-sent-" in one.asked


SPOILED: dict[str, Spoil] = {
    "submit.answers": on("$submit", lambda one: {**one, "entry": one["entry"][1:]}),
    "submit.bundle": on("$submit", lambda one: {**one, "type": "searchset"}),
    "submit.claim-response": response(pop("created")),
    "submit.outcome": response(says(outcome="queued")),
    "submit.request": response(says(request={"reference": "Claim/another"})),
    "submit.items": response(lambda one: one["item"][0].update(itemSequence=2)),
    "submit.adjudication": response(action("A9")),
    "submit.approved": response(action("A1")),
    "submit.pended": response(lambda one: one["item"][0].pop("extension")),
    "submit.denied": response(lambda one: (action("A3")(one), one.pop("processNote"))),
    "submit.reviewer": response(pop("extension")),
    "submit.references": response(says(insurer={"reference": "Organization/nowhere"})),
    "submit.echo": every("Patient", says(identifier=[]), "$submit"),
    "submit.parameters": answers("$submit", 400, when=lambda one: b"Parameters" in one.asked),
    "submit.percent": answers("%24submit", 404),
    "submit.unknown-elements": answers("$submit", 400, when=configured("nobody knows")),
    "submit.no-json": answers("$submit", 500, when=broken),
    "submit.empty": answers("$submit", 200, OK, when=lambda one: (one.asks or {}).get("entry") == []),
    "submit.first": answers("$submit", 200, OK),
    "submit.kind": answers("$submit", 404),
    "submit.media": answers("$submit", 200, OK, when=broken),
    "inquire.answers": answers("$inquire", 501),
    "inquire.finds": answers("$inquire", 200, OK),
    "inquire.same": response(says(preAuthRef="another")),
    "inquire.stranger": answers("$inquire", 200, SHOWN),
    "inquire.no-json": answers("$inquire", 500, when=broken),
    "update.unknown": answers("$submit", 200, OK, when=strange),
    "cancel.answers": answers("$submit", 422, when=cancels),
    "cancel.result": response(action("A4")),
}  # fmt: skip

NAMES = named(requests)
ELSEWHERE = {"submit.time"}
UNASKED: dict[str, set[str]] = {
    "2.0": {"submit.approved", "submit.denied", "submit.reviewer"},
    "2.2": {"submit.approved", "submit.denied"},
}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found


def test_an_answer_that_took_too_long_is_found(good: Tried) -> None:
    session = good.session()
    _ = session.submitted
    session.kept["submitted"] = replace(session.kept["submitted"], seconds=15.5)
    (found,) = run(session, ("submit.time",))
    assert (found.stand, "15.5 s" in found.found) == ("failed", True)
