"""What was kept of calls goes when its time has passed, and nothing before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from priorauth.exchange import retention
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.exchange.house import Exchange, both, exchanging
from tests.ledger.house import NOW, TENANT


def kept(exchange: Exchange, days_ago: int) -> None:
    at = NOW - timedelta(days=days_ago)
    call = {
        "call": f"call-{days_ago}", "client": "clinic-ehr", "version": "2.2", "hook": "order-sign", "at": at,
        "status": 200, "request": b"{}", "answer": b"{}", "receipts": {}, "microseconds": 1,
    }  # fmt: skip
    asked = {
        "client": "clinic-ehr", "sha256": f"{days_ago:064}", "operation": "Claim/$submit", "version": "2.2", "at": at,
        "case_no": None, "status": 200, "answer": b"{}",
    }  # fmt: skip
    context: dict[str, Any] = {
        "context": f"context-{days_ago}", "client": "clinic-ehr", "version": "2.2", "member": "1", "policy": None,
        "product": None, "data": {}, "bundle": b"{}", "made_at": at, "ends_at": at + timedelta(days=10),
    }  # fmt: skip
    for table, row in ((t.hook_call, call), (t.ask, asked), (t.context, context)):
        traffic.keep(exchange.store, TENANT, table, row)


@both
def test_what_is_older_than_the_plan_keeps_it_goes(store: Store) -> None:
    with exchanging(store, {"hook_days": 30, "ask_days": 200}) as exchange:
        for days in (1, 29, 31, 199, 201):
            kept(exchange, days)
        retention.round_of(exchange.running.service)
        left = {
            table.name: {str(row[name]).lstrip("0") for row in traffic.found(exchange.store, TENANT, table)}
            for table, name in ((t.hook_call, "call"), (t.ask, "sha256"), (t.context, "context"))
        }
        assert left == {
            "hook_call": {"call-1", "call-29"},
            "ask": {"1", "29", "31", "199"},
            "context": {"context-1"},
        }
        line = exchange.running.lines()[-1]
        assert (line["event"], line["hook_call"], line["ask"], line["context"]) == ("retention", 3, 1, 4)


def test_settings_that_cannot_be_read_let_nothing_go(store: Store) -> None:
    with exchanging(store, {"hook_dayz": 1}) as exchange:
        kept(exchange, 10_000)
        retention.round_of(exchange.running.service)
        assert len(traffic.found(exchange.store, TENANT, t.hook_call)) == 1
