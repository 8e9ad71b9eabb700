"""The cast of a working day."""

from __future__ import annotations

from datetime import date

import msgspec

from priorauth import determine
from priorauth.server.demo import stories
from priorauth.server.demo.cast import cast
from priorauth.server.demo.requests import made

TODAY = date(2026, 11, 24)


def test_every_part_is_given_once_and_no_request_is_lost() -> None:
    listed = made(80, "2026-11-23")
    found = cast(listed, TODAY)
    assert [one.request.day for one in found] == [one.day for one in listed]
    told = [one.story for one in found if one.story is not None]
    assert {stories.overdue, stories.two_sides, stories.worn, stories.called, stories.on_appeal} == set(told)
    assert found == cast(listed, TODAY)


def test_the_case_of_georgia_says_so_in_its_bundle_and_asks_for_nothing() -> None:
    (part,) = (one for one in cast(made(80, "2026-11-23"), TODAY) if one.story is stories.overdue)
    (found,) = determine(part.request.bundle)
    assert found.outcome not in {"request-information", "approve"}
    answers = {
        item["linkId"]: item["answer"]
        for entry in msgspec.json.decode(part.request.bundle)["entry"]
        if entry["resource"]["resourceType"] == "QuestionnaireResponse"
        for item in entry["resource"]["item"]
        if "answer" in item
    }
    assert answers["coverage_state"] == [{"valueCoding": {"code": "GA"}}]


def test_without_requests_there_is_no_cast() -> None:
    assert cast([], TODAY) == []
