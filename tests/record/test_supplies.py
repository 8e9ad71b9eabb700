"""What a request asks for of supplies, as rows of its own day: by the quantity of each item."""

from __future__ import annotations

import pytest

from priorauth.facts.rows import Measurement, Source
from priorauth.record import supplies
from tests.record.building import VOCABULARY, Json, concept, read

SUPPLIES = "monitor_supply_units"
CANCELLED = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled"
Found = list[tuple[str, int | None, int | None]]


def asking(*products: tuple[str, int | None]) -> Json:
    """Items in their order, each a HCPCS code with its quantity."""
    listed: list[Json] = []
    for number, (code, count) in enumerate(products, 1):
        made: Json = {"sequence": number, "productOrService": concept(f"hcpcs:{code}")}
        listed.append(made if count is None else {**made, "quantity": {"value": count}})
    return {"item": listed}


def said(claim: Json, of: int = 1) -> Found:
    """What an item of a request is known to ask for."""
    made = next(one for one in read(Claim=claim).requests if one.item == of)
    rows = [row for row in made.rows.get(SUPPLIES, ()) if isinstance(row, Measurement)]
    assert all(row.first == row.last == made.requested_on and row.source is Source.RECORD for row in rows)
    return [(row.ref, row.low, row.high) for row in rows]


@pytest.mark.parametrize(("count", "units"), [(1, 1), (3, 3), (None, 1)])
def test_an_item_is_a_row_of_as_many_units_as_it_asks_for(count: int | None, units: int) -> None:
    assert said(asking(("A4239", count))) == [("Claim/clm-1#item=1", units, units)]


def test_all_items_of_a_request_are_added_up_of_whichever_it_is_asked() -> None:
    claim = asking(("A4239", 2), ("E2103", 1), ("A4238", 1))
    both = [("Claim/clm-1#item=1", 2, 2), ("Claim/clm-1#item=3", 1, 1)]
    assert [said(claim, of) for of in (1, 2, 3)] == [both, both, both]


def test_a_product_without_units_is_no_row() -> None:
    assert said(asking(("E2103", 4))) == []


def test_an_item_that_was_cancelled_asks_for_nothing() -> None:
    claim = asking(("A4239", 2), ("A4239", 3))
    claim["item"][1]["modifierExtension"] = [{"url": CANCELLED, "valueBoolean": True}]
    assert said(claim) == [("Claim/clm-1#item=1", 2, 2)]


def test_of_a_part_of_an_item_the_number_is_not_known() -> None:
    claim = asking(("E2103", 1))
    claim["item"][0]["detail"] = [{"sequence": 1, "productOrService": concept("hcpcs:A4239")}]
    assert said(claim) == [("Claim/clm-1#item=1", None, None)]


def test_the_facts_are_those_of_the_vocabulary_that_name_products() -> None:
    assert [fact.name for fact in supplies.facts(VOCABULARY)] == [
        name for name, fact in VOCABULARY.facts.items() if fact.requested
    ]
    assert SUPPLIES in {fact.name for fact in supplies.facts(VOCABULARY)}
