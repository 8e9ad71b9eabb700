"""`priorauth ledger person add`."""

from __future__ import annotations

from priorauth.ledger.schema import open_store
from priorauth.server import clock
from priorauth.workbench.signin import people
from tests.cli.house import ledger
from tests.cli.running import Capture, printed, refusal
from tests.ledger.house import TENANT

__all__ = ["ledger"]


def test_a_person_is_added_with_her_role_from_today_on(ledger: str, capsys: Capture) -> None:
    said = (
        "ledger",
        "person",
        "add",
        "mia",
        "--title",
        "Mia Marsh",
        "--role",
        "manager",
        "--email",
        "mia@plan.example",
    )
    assert "priorauth ledger person link mia" in printed(capsys, *said, "--db", ledger)
    store = open_store(ledger)
    with store.reading(TENANT) as connection:
        of = people.plan(connection, TENANT)
        assert of is not None
        found = people.person(connection, of, "mia", clock.now())
    store.close()
    assert found is not None
    assert (found.name, found.roles, found.details) == ("Mia Marsh", ("manager",), {"email": "mia@plan.example"})


def test_a_role_that_is_none_and_one_that_no_person_holds_are_refused(ledger: str, capsys: Capture) -> None:
    for role in ("queen", "system"):
        said = ("ledger", "person", "add", "mia", "--title", "Mia", "--role", role, "--db", ledger)
        assert "no role is named" in refusal(capsys, *said)
