"""Figures in words, and their addresses, which say exactly which cases are meant."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from priorauth.ledger.counted import Asked
from priorauth.ledger.decided import counting
from priorauth.workbench.view import figures


def test_an_address_says_every_line_unless_one_is_meant_and_an_unknown_one_is_empty() -> None:
    assert figures.link(2026, Asked(figure="requests")) == "/metrics/cases?year=2026&figure=requests"
    said = figures.link(2026, Asked(figure="a.of", line=None, contract="H 1&2", above=24))
    found = parse_qs(urlsplit(said).query, keep_blank_values=True)
    assert found == {
        "year": ["2026"], "figure": ["a.of"], "line": [""], "contract": ["H 1&2"], "above": ["24"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(figure="standard-denied"), "Standard requests decided against"),
        (Asked(figure="standard-denied.of"), "Standard requests decided"),
        (Asked(figure="extended-approved.of"), "Requests decided"),
        (Asked(figure="standard-time", above=24, until=72),
         "Standard requests with a notice that was mailed, more than 24 hours, at most 72 hours"),
        (Asked(figure="standard-time.untimed"), "Standard requests without a notice that was mailed"),
        (Asked(figure="clock-missed.mh-std"),
         "Requests decided after the clock had run out: Federal 7 days, Medicaid fee for service"),
        (Asked(figure="clock-missed.gone"), "Requests decided after the clock had run out: gone"),
        (Asked(figure="sample"), "Approvals by rule to look at again"),
    ],
)  # fmt: skip
def test_a_figure_says_which_requests_it_counts(asked: Asked, said: str) -> None:
    assert figures.title(asked, {}) == said


def test_what_is_not_known_is_never_nought() -> None:
    assert (figures.percent(None), figures.percent(0.0), figures.percent(66.67)) == ("not known", "0.0 %", "66.7 %")
    assert (figures.hours(None), figures.hours(5.25), figures.hours(168)) == ("not known", "5.2 h", "168 h (7.0 days)")


def test_every_time_falls_into_one_band() -> None:
    bands = figures.bands()
    assert len(bands) == len(counting().bands) + 1
    for spent in (0.0, 24.0, 24.01, 72.0, 100.0, 336.0, 336.5, 9999.0):
        fits = [
            said
            for above, until, said in bands
            if (above is None or spent > above) and (until is None or spent <= until)
        ]
        assert len(fits) == 1, spent
    picture = figures.spread(2026, "standard-time", [3.0, 30.0, 400.0], "Standard")
    assert picture is not None
    assert [row[1] for row in picture.table.rows] == ["1 of 3", "1 of 3", "0 of 3", "0 of 3", "1 of 3"]
    assert figures.spread(2026, "standard-time", [], "Standard") is None
