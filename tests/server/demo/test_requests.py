"""Requests of the demo."""

from __future__ import annotations

import msgspec

from priorauth import determine
from priorauth.server.demo.requests import made
from priorauth.synthetic.cohort import PAYERS

DAY = "2026-11-23"


def test_the_same_count_and_day_give_the_same_bytes() -> None:
    assert made(10, DAY) == made(10, DAY)
    assert made(10, DAY) != made(10, "2026-11-22")


def test_requests_go_to_every_payer_the_oldest_first_none_after_the_day() -> None:
    found = made(20, DAY)
    assert {one.payer for one in found} == set(PAYERS)
    days = [one.day for one in found]
    assert days == sorted(days)
    assert "2026-08-20" < days[0] <= days[-1] <= DAY
    assert sum(day > "2026-11-10" for day in days) >= 5


def test_a_request_can_be_decided_and_names_nothing_that_it_does_not_hold() -> None:
    for one in made(5, DAY):
        (found,) = determine(one.bundle)
        assert found.request.payer is not None
        bundle = msgspec.json.decode(one.bundle)
        here = {f"{of['resource']['resourceType']}/{of['resource']['id']}" for of in bundle["entry"]}
        claim = next(of["resource"] for of in bundle["entry"] if of["resource"]["resourceType"] == "Claim")
        assert {claim["patient"]["reference"], claim["insurer"]["reference"]} <= here
        assert not any(of["resource"]["resourceType"] == "QuestionnaireResponse" for of in bundle["entry"])


def test_nothing_in_a_request_is_dated_after_it() -> None:
    for one in made(5, DAY):
        dates = [
            str(of["resource"][name])[:10]
            for of in msgspec.json.decode(one.bundle)["entry"]
            for name in ("effectiveDateTime", "authoredOn", "recordedDate")
            if name in of["resource"]
        ]
        assert max(dates, default="") <= one.day
