"""The runs of a case: what each found, what the next found differently, and that they are found again bit for bit."""

from __future__ import annotations

from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.workbench.house import Desk, plain
from tests.workbench.pages.test_moves import RESULT


def with_two_runs(day: Desk) -> str:
    number = day.receive("ask")
    file = File(title="lab.json", media="application/fhir+json", content=RESULT, kind="resources")
    house.done(day.store, FileDocument(case=number, file=file), house.COORDINATOR)
    return number


def test_each_run_says_why_it_was_made_and_what_it_found(day: Desk) -> None:
    text = plain(day.get(f"/c/{with_two_runs(day)}/runs", house.NURSE).text)
    assert text.index("lab.json came Something is missing") < text.index("the request came Something is missing")


def test_the_difference_of_two_runs_is_said_in_sentences(day: Desk) -> None:
    number = with_two_runs(day)
    text = plain(day.get(f"/c/{number}/runs/1..2", house.NURSE).text)
    assert "Most recent HbA1c above 7.0 percent (II.A.T.7): missing before, shown now." in text
    assert "no longer asked: What is the most recent HbA1c" in text


def test_the_runs_are_done_again_and_are_the_same_bit_for_bit(day: Desk) -> None:
    number = with_two_runs(day)
    text = plain(day.send(f"/c/{number}/runs", f"/c/{number}/replay", house.NURSE).text)
    assert "The same bit for bit: yes, all 2 runs." in text


def test_a_case_is_run_again_as_it_stands(day: Desk) -> None:
    number = day.receive("ask")
    at = f"/c/{number}/runs"
    assert day.send(at, f"/c/{number}/repeat", house.NURSE).headers["location"] == f"{at}?said=repeated"
    assert "somebody asked for it" in day.get(at, house.NURSE).text


def test_a_pair_that_is_none_is_not_found(day: Desk) -> None:
    number = day.receive("ask")
    for pair in ("1..9", "1", "0..1", "a..b"):
        assert day.get(f"/c/{number}/runs/{pair}", house.NURSE).status_code == 404
