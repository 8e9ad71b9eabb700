"""What is kept of a call: its row, with a context of each order that was answered, both or neither."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from priorauth import determine
from priorauth.exchange.call import Call
from priorauth.exchange.crd.case import bundle
from priorauth.exchange.crd.coverage import Said
from priorauth.exchange.crd.held import Held, Item
from priorauth.exchange.crd.kept import keep
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.exchange.calling import called
from tests.exchange.crd.hooking import example, hooked
from tests.exchange.crd.test_case import DAY, opened
from tests.exchange.crd.test_held import held
from tests.exchange.house import Exchange, both, exchanging
from tests.ledger import house

SAID = Said(covered="covered", pa="satisfied", number="26-0007-1", questionnaires=("https://p.example/q|1",))


def answered(call: Call, *, said: Said | None = SAID, decided: bool = True) -> Held:
    """A call with one order, as far as it was answered."""
    found = held(call)
    asked, pool, case = opened(hooked(example("ask")))
    sent = json.dumps(bundle(asked, case, [], pool, DAY)).encode()
    made = determine(sent)[0] if decided else None
    found.items.append(Item(case, sent, made, "r" * 64, said))
    return found


def rows(exchange: Exchange, table: Any) -> list[Any]:
    return list(traffic.found(exchange.store, house.TENANT, table))


@both
def test_of_each_order_that_was_answered_a_context_is_kept_by_which_forms_can_be_opened(exchange: Exchange) -> None:
    call = called(exchange)
    found = answered(call)
    (item,) = found.items
    keep(call, "order-sign", found, 200, b"{}", call.service.tick())
    (row,) = rows(exchange, t.context)
    assert item.made is not None
    assert (row["context"], row["client"], row["version"]) == (item.case.context, "clinic-ehr", "2.2")
    assert (row["member"], row["product"]) == (item.made.request.member, "E0784")
    assert (row["policy"], row["bundle"]) == ("masshealth/insulin-pumps", item.bundle)
    assert row["data"] == {
        "order": item.case.order.name,
        "coverage": item.case.cover.reference["reference"],
        "patient": f"Patient/{found.asked.patient}",
        "hook": "order-sign",
        "rows": "r" * 64,
        "pathway": item.made.pathway,
        "outcome": item.made.outcome,
        "identity": item.case.identity,
        "number": "26-0007-1",
        "questionnaires": ["https://p.example/q|1"],
    }


@both
def test_of_a_call_its_bytes_its_answer_and_its_receipts_are_kept_and_how_long_it_took(exchange: Exchange) -> None:
    call = called(exchange, raw=b'{"hook": "order-sign"}')
    found = answered(call)
    keep(call, "order-sign", found, 200, b'{"cards": []}', call.service.tick() - 2.5)
    (row,) = rows(exchange, t.hook_call)
    made = found.items[0].made
    assert made is not None
    assert (row["call"], row["client"], row["version"], row["hook"]) == ("a-request", "clinic-ehr", "2.2", "order-sign")
    assert (row["status"], row["request"], row["answer"]) == (200, b'{"hook": "order-sign"}', b'{"cards": []}')
    assert row["receipts"] == {found.items[0].case.context: json.loads(made.to_json())["receipt"]}
    assert 2_500_000 <= row["microseconds"] < 60_000_000


def test_a_context_holds_as_many_days_as_the_plan_says(store: Store) -> None:
    with exchanging(store, {"context_days": 12}) as exchange:
        call = called(exchange)
        keep(call, "order-sign", answered(call), 200, b"{}", call.service.tick())
        (row,) = rows(exchange, t.context)
    assert (row["made_at"], row["ends_at"]) == (call.now, call.now + timedelta(days=12))


@pytest.mark.parametrize("lacks", [{"said": None}, {"decided": False}], ids=["nothing said", "nothing decided"])
def test_an_order_that_was_not_decided_or_of_which_nothing_is_said_leaves_no_context(
    exchange: Exchange, lacks: dict[str, Any]
) -> None:
    call = called(exchange)
    keep(call, "order-select", answered(call, **lacks), 200, b"{}", call.service.tick())
    assert rows(exchange, t.context) == []
    assert [row["receipts"] for row in rows(exchange, t.hook_call)] == [{}]


def test_a_call_that_is_refused_is_kept_and_leaves_no_context(exchange: Exchange) -> None:
    call = called(exchange)
    keep(call, "order-sign", answered(call), 422, b"{}", call.service.tick())
    unread = called(exchange, request="another")
    keep(unread, "order-sign", None, 400, b"{}", call.service.tick())
    assert sorted((row["call"], row["status"]) for row in rows(exchange, t.hook_call)) == [
        ("a-request", 422),
        ("another", 400),
    ]
    assert rows(exchange, t.context) == []


def test_the_same_order_on_the_same_day_has_one_context_the_newest(exchange: Exchange) -> None:
    for name, number in (("first", None), ("second", "26-0009-1")):
        call = called(exchange, request=name)
        said = Said(covered="covered", pa="auth-needed", number=number)
        keep(call, "order-sign", answered(call, said=said), 200, b"{}", call.service.tick())
    assert [row["data"]["number"] for row in rows(exchange, t.context)] == ["26-0009-1"]
    assert len(rows(exchange, t.hook_call)) == 2


@both
def test_where_the_call_cannot_be_kept_its_context_is_not_kept_either(exchange: Exchange) -> None:
    call = called(exchange)
    keep(call, "order-sign", None, 400, b"{}", call.service.tick())
    with pytest.raises(IntegrityError):
        keep(call, "order-sign", answered(call), 200, b"{}", call.service.tick())
    assert rows(exchange, t.context) == []
