"""Papers and logs of the demo."""

from __future__ import annotations

import io
from datetime import date

from pypdf import PdfReader

from priorauth.server.demo import papers

DAY = date(2026, 11, 20)


def test_a_letter_has_two_pages_of_words_that_can_be_read() -> None:
    pages = PdfReader(
        io.BytesIO(papers.letter("case (1)", "North Clinic", DAY, ["Five tests a day."])), strict=True
    ).pages
    assert len(pages) == 2
    assert "About: case (1)" in pages[0].extract_text()
    assert "Five tests a day." in pages[0].extract_text()
    assert "Signed by" in pages[1].extract_text()


def test_a_meter_of_the_demo_measures_twice_a_day_and_ends_before_its_day() -> None:
    lines = papers.meter(DAY, 3).decode().splitlines()
    assert len(lines) == 1 + 2 * 3
    assert lines[1].startswith("2026-11-17 07:10,")
    assert lines[-1].startswith("2026-11-19 18:30,")


def test_a_sensor_of_the_demo_reads_every_five_minutes_what_a_sensor_can_show() -> None:
    lines = papers.sensor(DAY, 2).decode().splitlines()[1:]
    assert len(lines) == 2 * 288
    assert all(40 <= int(line.split(",")[1]) <= 400 for line in lines)
