"""What a call is answered from: an order begins with nothing decided and nothing said, and each call has its own."""

from __future__ import annotations

from priorauth.exchange.call import Call
from priorauth.exchange.crd.charts import Chart
from priorauth.exchange.crd.held import Held, Item
from priorauth.ledger import runs
from tests.exchange.calling import called
from tests.exchange.crd.hooking import example, hooked
from tests.exchange.crd.test_case import DAY, opened
from tests.exchange.house import Exchange


def held(call: Call) -> Held:
    """What a call about a worked example is answered from."""
    asked, pool, _ = opened(hooked(example("ask")))
    chart = Chart(asked, (), call.service.tick)
    return Held(call, asked, pool, chart, dict(call.settings), runs.catalog(call.settings), DAY)


def test_an_order_begins_with_nothing_decided_and_nothing_said() -> None:
    _, _, case = opened(hooked(example("ask")))
    item = Item(case)
    assert (item.bundle, item.made, item.rows, item.said) == (b"", None, "", None)


def test_the_orders_of_one_call_are_not_those_of_another(exchange: Exchange) -> None:
    one, other = held(called(exchange)), held(called(exchange, "other-ehr"))
    assert one.items == []
    one.items.append(Item(opened(hooked(example("ask")))[2]))
    assert (len(one.items), other.items) == (1, [])
