"""Instants: which came later, to the fraction of a second and in any zone."""

from __future__ import annotations

import pytest

from priorauth.population.ingest.instants import UNKNOWN, instant


def test_zones_and_fractions_are_read() -> None:
    assert instant("1970-01-01T00:00:01Z") == 1_000_000
    assert instant("2026-05-01T02:00:00.250+02:00") == instant("2026-05-01T00:00:00Z") + 250_000
    assert instant("2026-05-01T00:00:00-05:00") > instant("2026-05-01T04:59:59Z")


@pytest.mark.parametrize("text", ["", "soon", "2026-05-01", "2026-05-01T10:00:00", "2026-13-01T10:00:00Z"])
def test_what_could_be_any_moment_of_a_day_is_no_instant(text: str) -> None:
    assert instant(text) == UNKNOWN
