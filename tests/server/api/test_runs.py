"""Runs over the network."""

from __future__ import annotations

import json

from priorauth import determine
from tests.ledger import house
from tests.server.running import Running


def test_a_run_is_what_determine_gives(served: Running) -> None:
    case = served.receive("ask")
    found = served.get(f"/api/v1/cases/{case}/runs/1", house.NURSE).json()
    assert found["determinations"] == [json.loads(one.to_json()) for one in determine(house.example("ask"))]
    assert found["pins"]["1"]["sha256"] == found["determinations"][0]["receipt"]["sha256"]


def test_runs_are_listed_without_what_they_found(served: Running) -> None:
    case = served.receive("ask")
    (one,) = served.get(f"/api/v1/cases/{case}/runs", house.COORDINATOR).json()["runs"]
    assert (one["number"], one["cause"], one["outcomes"]) == (1, "received", {"1": "request-information"})
    assert "determinations" not in one


def test_the_difference_of_two_runs_is_told_as_data_and_in_words(served: Running) -> None:
    case = served.receive("conflict")
    found = served.act(case, "settle", house.NURSE, criterion="II.A.T.5", value=True, why="The letter is newer.")
    assert found.status_code == 200
    found = served.get(f"/api/v1/cases/{case}/runs/1/difference/2", house.DIRECTOR).json()
    assert (found["before"], found["after"]) == (1, 2)
    assert found["items"][0]["turned"]
    assert any("II.A.T.5" in line for line in found["says"])


def test_a_run_that_is_not_there_is_not_there(served: Running) -> None:
    case = served.receive("ask")
    for path in ("runs/2", "runs/1/difference/2", "runs/2147483647"):
        assert served.get(f"/api/v1/cases/{case}/{path}", house.NURSE).status_code == 404
    assert served.get(f"/api/v1/cases/{case}/runs/0", house.NURSE).status_code == 422


def test_before_the_notice_a_clinic_sees_no_run_with_a_word_of_the_payer(served: Running) -> None:
    case = served.receive("conflict")
    served.act(case, "settle", house.NURSE, criterion="II.A.T.5", value=True, why="The letter is newer.")
    assert served.get(f"/api/v1/cases/{case}/runs/2", house.COORDINATOR).status_code == 404
    assert served.get(f"/api/v1/cases/{case}/runs/1", house.COORDINATOR).status_code == 200
