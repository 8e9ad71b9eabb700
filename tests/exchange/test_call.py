"""A call: as whom the ledger knows who makes it."""

from __future__ import annotations

from priorauth.exchange.call import Call
from priorauth.exchange.plan import Partner, Plan
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from tests.ledger import house
from tests.server.running import running


def test_a_partner_is_a_system_that_speaks_for_its_organisation(store: Store) -> None:
    house.furnish(store)
    with running(store) as found:
        call = Call(
            service=found.service,
            store=store,
            tenant="plan",
            plan=Plan(),
            version="2.2",
            client="ehr",
            partner=Partner(organisation="clinic"),
            base="https://plan.example/plan/2.2",
            now=house.NOW,
            request="1",
            settings={},
        )
    assert call.who == Who("plan", None, "system", "clinic")
    assert call.fhir == "https://plan.example/plan/2.2/fhir"
