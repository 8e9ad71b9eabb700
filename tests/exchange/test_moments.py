"""The dates of a response have a second and a zone, and come from its request."""

from __future__ import annotations

import pytest

from priorauth import determine
from priorauth.exchange.moments import moments
from priorauth.exchange.pas_response import response
from tests.exchange.shapes import example, resources


@pytest.mark.parametrize(
    ("created", "timestamp", "when", "stamp"),
    [
        ("2026-11-20", "2026-11-20T09:45:00-05:00", "2026-11-20T09:45:00-05:00", "2026-11-20T09:45:00-05:00"),
        ("2026-11-20", "2026-11-21T09:45:00-05:00", "2026-11-20T12:00:00Z", "2026-11-21T09:45:00-05:00"),
        ("2026-11-20", None, "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
        ("2026-11-20", "2026-11-20", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
        ("2026-11-20T08:00:00", "2026-11-20T09:45:00-05:00", "2026-11-20T08:00:00-05:00", "2026-11-20T09:45:00-05:00"),
        ("2026-11-20T08:00:00", None, "2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
        ("2026-11-20T08:00:00.5+01:00", "2026-11-20", "2026-11-20T08:00:00.5+01:00", "2026-11-20T08:00:00.5+01:00"),
        ("2026-11-20", "2026-02-30T09:45:00Z", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00Z"),
    ],
)
def test_dates_are_those_of_the_request_with_a_zone(created: str, timestamp: object, when: str, stamp: str) -> None:
    bundle = example()
    resources(bundle, "Claim")[0]["created"] = created
    bundle["timestamp"] = timestamp
    made = response(determine(bundle), bundle)
    assert (made["entry"][0]["resource"]["created"], made["timestamp"]) == (when, stamp)


def test_where_nothing_can_be_read_the_day_of_the_determination_stands() -> None:
    assert moments(None, "yesterday", "2026-11-20") == ("2026-11-20T12:00:00Z",) * 2
