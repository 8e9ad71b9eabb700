"""Which facts a form asks for."""

from __future__ import annotations

from priorauth.export.asked import FOLLOW, LOGS, OF_REQUEST, is_asked, of_leaf
from priorauth.policy.tree import Leaf
from tests.asking import criterion
from tests.export.filling import CATALOG

VOCABULARY = CATALOG.vocabulary


def asked(line: str) -> tuple[str, ...]:
    test = criterion(line).test
    assert isinstance(test, Leaf)
    return of_leaf(test, VOCABULARY)


def test_every_name_that_is_left_out_is_a_fact() -> None:
    assert all(name in VOCABULARY for name in OF_REQUEST | FOLLOW | LOGS)


def test_judgments_and_what_the_payer_or_the_request_knows_are_not_asked() -> None:
    assert not is_asked("other_indication_accepted", VOCABULARY)
    assert not is_asked("benefit_covers_item", VOCABULARY)
    assert not is_asked("product_code", VOCABULARY)
    assert not is_asked("insulin_pump_requested_together", VOCABULARY)
    assert not is_asked("no_such_fact", VOCABULARY)
    assert is_asked("motivated", VOCABULARY)


def test_a_line_asks_for_its_own_fact_and_for_the_day_from_which_it_counts() -> None:
    assert asked("insulin_injections >= 3 /d throughout 6 months before pump_start") == (
        "insulin_injections",
        "insulin_pump_use",
    )
    assert asked("latest hba1c within 12 months > 7.0 %") == ("hba1c",)
    assert asked("latest hba1c within 6 months while insulin_injections >= 3 /d > 7.0 %") == (
        "hba1c",
        "insulin_injections",
    )
