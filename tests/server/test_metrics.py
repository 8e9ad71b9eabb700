"""What Prometheus reads."""

from __future__ import annotations

from datetime import timedelta

from tests.ledger import house
from tests.server.running import Running


def test_acts_are_counted_by_what_became_of_them(served: Running) -> None:
    case = served.receive("review")
    assert served.act(case, "take", house.COORDINATOR, version=1).status_code == 403
    said = served.client.get("/metrics").text
    assert 'priorauth_acts_total{act="receive",result="done"} 1.0' in said
    assert 'priorauth_acts_total{act="take",result="no-right"} 1.0' in said


def test_the_length_of_queues_is_that_of_the_ledger(served: Running) -> None:
    served.receive("review")
    served.receive("ask")
    said = served.client.get("/metrics").text
    assert 'priorauth_cases_open{queue="nurse"} 1.0' in said
    assert 'priorauth_cases_open{queue="clinic"} 1.0' in said
    assert "priorauth_cases_overdue 0.0" in said
    assert "priorauth_outbox_dead 0.0" in said
    served.clock.now += timedelta(days=60)
    assert "priorauth_cases_overdue 2.0" in served.client.get("/metrics").text


def test_answers_are_timed_by_the_pattern_of_their_address(served: Running) -> None:
    case = served.receive("ask")
    served.get(f"/api/v1/cases/{case}")
    said = served.client.get("/metrics").text
    assert 'route="/api/v1/cases/{case}"' in said
    assert case not in said
