"""One criterion whole: paragraph, reading and who may change it, every row, its history; timeline and glucose."""

from __future__ import annotations

from pathlib import Path

from priorauth.ledger.acts.files import File, FileDocument
from tests.ledger import house
from tests.workbench.house import Desk, plain

LOG = Path(__file__).parents[2] / "data" / "glucose" / "plain_sensor.csv"


def test_a_criterion_names_paragraph_reading_figure_and_who_may_change_it(day: Desk) -> None:
    text = plain(day.get(f"/c/{day.receive('ask')}/criterion/II.A.T.7", house.NURSE).text)
    assert "paragraph II.A.T.7" in text
    assert "hba1c age 12 months" in text
    assert "Who may change it" in text
    assert "latest hba1c within hba1c_age > 7.0 %" in text
    assert "does not count: too old, counts from 21 Nov 2025" in text


def test_the_history_says_what_each_run_made_of_it(day: Desk) -> None:
    number = day.receive("conflict")
    at = f"/c/{number}/settle/II.A.T.5"
    day.send(at, at, house.NURSE, value="shown", why="The second meter.")
    page = plain(day.get(f"/c/{number}/criterion/II.A.T.5", house.NURSE).text)
    history = page[page.index("What each run said of it") :]
    assert history.index("2 Tue 24 Nov 2026 09:00 EST II.A.T.5 settled shown") < history.index(
        "the request came two sides"
    )


def test_every_row_stands_there_folded_where_they_are_many(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('conflict')}/criterion/II.A.T.5", house.NURSE).text
    assert "<details><summary>Every step and every row (64)</summary>" in page
    assert page.count("Observation/smbg-1022-1") >= 1


def test_the_clinic_reads_the_criterion_and_finds_nothing_to_settle(day: Desk) -> None:
    page = day.get(f"/c/{day.receive('conflict')}/criterion/II.A.T.5", house.COORDINATOR).text
    assert "paragraph" in page
    assert "/settle/" not in page
    assert "What each run said" not in page


def test_a_criterion_that_is_none_is_not_found(day: Desk) -> None:
    assert day.get(f"/c/{day.receive('ask')}/criterion/%3Cb%3E", house.NURSE).status_code == 404


def test_the_timeline_draws_the_open_criteria_and_on_request_every_one(day: Desk) -> None:
    number = day.receive("conflict")
    open_ = day.get(f"/c/{number}/timeline", house.NURSE).text
    every = day.get(f"/c/{number}/timeline?show=every", house.NURSE).text
    assert "At least four glucose tests a day" in open_
    assert "Injections were tried" not in open_
    assert every.count("window: ") > open_.count("window: ")
    assert "HbA1c over time" in plain(open_)


def test_a_case_of_which_nothing_is_open_offers_every_criterion(day: Desk) -> None:
    text = plain(day.get(f"/c/{day.receive('approve')}/timeline", house.NURSE).text)
    assert "No open criterion counts days. Show every criterion" in text


def test_glucose_is_drawn_from_the_files_that_came_and_says_where_none_did(day: Desk) -> None:
    number = day.receive("review")
    assert "No glucose readings came with this case." in day.get(f"/c/{number}/glucose", house.NURSE).text
    file = File(title="sensor.csv", media="text/csv", content=LOG.read_bytes(), kind="glucose-log")
    house.done(day.store, FileDocument(case=number, file=file), house.COORDINATOR)
    page = day.get(f"/c/{number}/glucose", house.NURSE).text
    assert "<svg" in page
    assert "from sensor.csv" in plain(page)
    assert "days before the request of 15 Jun 2026." in plain(page)
