"""A plan with some history, for tests of the care: a denial, its appeal, an approval by rule, a question, a paper."""

from __future__ import annotations

from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, DIRECTOR, LICENCE, NURSE, REASON, done, furnish, received

DENIED = "26-0001"
APPEALED = "26-0002"
APPROVED = "26-0003"
ASKED = "26-0004"


def lived(store: Store) -> None:
    """Let a plan live through a little."""
    furnish(store)
    assert received(store, "review") == DENIED
    done(store, RouteToDirector(case=DENIED, version=1, key="route"), NURSE)
    done(store, DecideAdversely(case=DENIED, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    assert done(store, Appeal(case=DENIED), COORDINATOR).case == APPEALED
    assert received(store, "approve") == APPROVED
    assert received(store, "ask") == ASKED
    paper = File(title="fax", media="image/tiff", content=b"a fax \0 of pages")
    done(store, FileDocument(case=ASKED, file=paper), COORDINATOR)
