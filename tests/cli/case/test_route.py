"""`priorauth case route`."""

from __future__ import annotations

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_case_goes_to_the_directors_and_back(ledger: str, capsys: Capture) -> None:
    nurse = words(ledger, "nina", "nurse")
    assert "26-0001: with-director, version 2" in printed(capsys, "case", "route", "26-0001", "director", *nurse)
    assert "26-0001: with-nurse, version 3" in printed(capsys, "case", "route", "26-0001", "nurse", *nurse)


def test_a_clinic_routes_nothing(ledger: str, capsys: Capture) -> None:
    said = ("case", "route", "26-0001", "director", *words(ledger, "cora", "coordinator"))
    assert refusal(capsys, *said).startswith("no-right: ")
