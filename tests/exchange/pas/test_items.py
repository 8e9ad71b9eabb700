"""An item of a response: its numbers, what was granted of it, and what was asked, as it was asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from priorauth.exchange.pas import items
from priorauth.exchange.pas.model import Grant, Result
from priorauth.exchange.plan import Codes
from tests.exchange.pas.sending import action, extended

Json = dict[str, Any]
GRANT = Grant("26-1-1", date(2026, 11, 24), date(2026, 12, 1), None, "E0784", 2, {})
FRAME = items.Frame("2.2", Codes(), "https://h/plan/trace")


def result(kind: str = "A1", requested: Json | None = None, grant: Grant | None = GRANT) -> Result:
    return Result(
        sequence=4, administration="26-1-1", trace="t", action=kind, outcome="approve", requested=requested or {},  # type: ignore[arg-type]
        grant=grant, notes=("approved", "approved"),
    )  # fmt: skip


def written(one: Result, frame: items.Frame = FRAME, **claim: Any) -> Json:
    return items.lines((one,), (), claim, {}, frame)


def names(line: Json) -> list[str]:
    return [one["url"].rpartition("extension-")[2] for one in line["extension"]]


def test_an_approval_without_a_last_day_has_none() -> None:
    assert items.period(GRANT) == {"start": "2026-12-01"}


def test_a_note_is_said_once_and_numbered() -> None:
    made = items.lines((result(),), ("of the whole",), {}, {}, FRAME)
    assert [one["text"] for one in made["processNote"]] == ["of the whole", "Item 4: approved"]
    assert made["item"][0]["noteNumber"] == [2]


@pytest.mark.parametrize("requested", [{"servicedDate": "2026-12-01"}, {"servicedPeriod": {"start": "2026-12-01"}}])
def test_the_days_of_service_come_back_as_they_were_asked(requested: Json) -> None:
    (line,) = written(result(requested=requested))["item"]
    (found,) = [one for one in line["extension"] if one["url"].endswith("itemRequestedServiceDate")]
    assert next(part for key, part in found.items() if key != "url") == next(iter(requested.values()))


def test_a_cancelled_item_says_nothing_of_what_was_granted() -> None:
    (line,) = written(result("C"))["item"]
    assert names(line) == ["itemTraceNumber", "administrationReferenceNumber"]


def test_another_product_than_was_asked_is_said_by_its_own_code() -> None:
    asked = {"productOrService": {"coding": [{"system": items.HCPCS, "code": "E0787"}]}, "quantity": {"value": 5}}
    made = written(result("A6", asked))
    (added,) = made["addItem"]
    assert added["productOrService"]["coding"] == [{"system": items.HCPCS, "code": "E0784"}]
    assert added["quantity"] == {"value": 2, "unit": "units"}
    assert (action(made["item"][0]), action(added)) == ("A6", "A1")


def test_dates_of_admission_go_to_the_items_that_name_them() -> None:
    stated = [
        {"sequence": 3, "category": {"coding": [{"code": "admissionDates"}]}, "timingPeriod": {"start": "2026-12-01"}},
        {"sequence": 5, "category": {"coding": [{"code": "dischargeDates"}]}, "timingDate": "2026-12-04"},
    ]
    (line,) = written(result(requested={"informationSequence": [3]}), supportingInfo=stated)["item"]
    assert "admissionDates" in names(line)
    assert "dischargeDate" not in names(line)
    (every,) = written(result(), supportingInfo=stated)["item"]
    assert {"admissionDates", "dischargeDate"} <= set(names(every))


def test_their_own_trace_numbers_come_back_and_ours_stands_once() -> None:
    theirs = extended("itemTraceNumber", "Identifier", {"system": "urn:theirs", "value": "1"})
    ours = extended("itemTraceNumber", "Identifier", {"system": "https://h/plan/trace", "value": "t"})
    (line,) = written(result(requested={"extension": [ours, theirs]}))["item"]
    assert [one["valueIdentifier"]["value"] for one in line["extension"] if "itemTrace" in one["url"]] == ["1", "t"]


def test_a_determination_without_a_ledger_has_no_trace_of_ours() -> None:
    (line,) = written(result(grant=None), items.Frame("2.2", Codes(), None))["item"]
    assert names(line) == ["administrationReferenceNumber"]
