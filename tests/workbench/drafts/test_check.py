"""A check before sending: what is missing, what answers make of it, which clock would run; nothing is decided."""

from __future__ import annotations

import json
from datetime import date, timedelta

from msgspec import structs

from priorauth.workbench.drafts import check, uploads
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.forms import Attached
from tests.workbench.drafts.hand import ANSWERS, AT, SUPPLIER, TYPED, example


def test_a_coordinator_learns_before_sending_that_the_hba1c_is_too_old() -> None:
    found = check.checked(example(), AT)
    assert [one.title for one in found.things] == [
        "Most recent HbA1c above 7.0 percent",
        "At least four glucose tests a day",
    ]
    (held,) = found.things[0].held
    assert "8.7 %, 15 Jul 2025" in held
    assert "too old" in held
    assert all(one.check for one in found.found)


def test_the_answers_that_lack_make_it_ready() -> None:
    found = check.checked(structs.replace(example(), answers=ANSWERS), AT)
    assert found.ready
    assert found.things == ()


def test_the_clock_that_would_run_is_said_with_what_asking_does_to_it() -> None:
    found = check.checked(example(), AT)
    assert found.clock is not None
    assert found.clock.says.startswith("decide by Tue 1 Dec 2026")
    assert found.clock.asking == "asking does not stop the clock"


def test_a_request_that_was_typed_is_checked_without_a_name() -> None:
    fields = {name: TYPED[name] for name in ("payer", "product", "kind")}
    found = check.checked(Draft(fields=fields), AT)
    assert found.faults == ()
    assert len(found.things) > 5


def test_what_a_check_still_needs_is_said() -> None:
    found = check.checked(Draft(fields={"family": "Rivera"}), AT)
    assert found.faults == ("still to be written: the payer, the product, what is asked for",)


def meter(a_day: int) -> Paper:
    """Return a meter's log of so many readings a day over the days that count."""
    days = [date(2026, 10, 15) + timedelta(days=place) for place in range(37)]
    lines = [f"{day} {7 + 3 * turn:02}:00,{110 + turn}" for day in days for turn in range(a_day)]
    content = "\n".join(["Time,Meter glucose (mg/dL)", *lines]).encode()
    return uploads.told(Attached("meter.csv", "text/csv", content))


def test_a_meter_file_turns_four_tests_a_day_to_shown() -> None:
    log = meter(5)
    assert (log.kind, log.said) == ("glucose-log", "")
    found = check.checked(example().added((log,)), AT)
    assert [one.title for one in found.things] == ["Most recent HbA1c above 7.0 percent"]
    assert "At least four glucose tests a day" in [one.title for one in found.shown[0].shown]


def test_a_supplier_is_shown_no_fields_for_what_it_cannot_settle() -> None:
    found = check.checked(example(), structs.replace(AT, who=SUPPLIER))
    (way,) = found.things[0].ways
    (asked,) = way.fields
    assert (asked.mine, asked.inputs) == (False, ())


def test_an_earlier_answer_on_a_stamped_bundle_counts() -> None:
    """The stamp of a Bundle that was put together earlier takes nothing from what is answered later."""
    found = check.checked(structs.replace(example(), answers=ANSWERS), AT)
    made = json.loads(found.request)
    assert made["timestamp"].startswith("2026-11-24T14:00:00")
