"""Which clocks run for a request: federal and state at once, and nothing is guessed where it is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.calendar import Calendar
from priorauth.ledger.clocks.load import load, shipped
from priorauth.ledger.clocks.select import (
    NoClock,
    Request,
    Rules,
    Unknown,
    appeals_of,
    calendar_for,
    duties_for,
    longer,
    rules_for,
    urgencies,
)  # fmt: skip
from tests.ledger.clocks.drawn import NEW_YORK
from tests.ledger.clocks.reading import events
from tests.ledger.clocks.test_load import OWN, own

MASSHEALTH = Request("masshealth", plan_type="payer-direct")
INDIANA = Request("caresource", line_of_business="marketplace", coverage_state="IN")


def clocks(request: Request) -> list[str]:
    found = rules_for(shipped(), request)
    assert isinstance(found, Rules), found
    return [clock.id for clock in found.clocks]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (MASSHEALTH, ["mh-std", "mh-std-state"]),
        (Request("masshealth", "expedited", plan_type="payer-direct"), ["mh-exp"]),
        (Request("masshealth", "standard", "concurrent", plan_type="payer-direct"), ["mh-cont", "mh-cont-state"]),
        (Request("masshealth", plan_type="contracted-mco"), ["mco-std"]),
        (Request("husky", coverage_program="husky-a"), ["hu-std"]),
        (Request("husky", "standard", "concurrent", coverage_program="husky-d"), ["hu-cont"]),
        (Request("husky", "expedited", coverage_program="husky-b"), ["hu-b-exp"]),
        (INDIANA, ["cs-fed-std", "cs-in-std"]),
        (
            Request("caresource", "expedited", coverage_program="marketplace", coverage_state="GA"),
            ["cs-fed-urg", "cs-ga-urg"],
        ),
        (Request("caresource", "standard", "retrospective", "OH", line_of_business="marketplace"), ["cs-fed-retro"]),
        (
            Request("caresource", "expedited", "concurrent", "WV", line_of_business="marketplace"),
            ["cs-fed-conc", "cs-fed-urg", "cs-wv-urg"],
        ),
        (Request("caresource", line_of_business="medicaid", coverage_state="OH"), ["mco-std"]),
        (Request("anthem", line_of_business="commercial", funding="self-insured"), ["an-erisa-std"]),
        (
            Request("anthem", coverage_state="CT", line_of_business="commercial", funding="insured"),
            ["an-erisa-std", "an-ct-std"],
        ),
        (
            Request("anthem", coverage_state="OH", line_of_business="commercial", funding="insured"),
            ["an-erisa-std", "cs-oh-std"],
        ),
        (Request("uhc-medicare-advantage"), ["uh-std"]),
        (Request("uhc-medicare-advantage", "expedited", "part-b-drug"), ["uh-bdrug-exp"]),
        (Request("uhc-medicare-advantage", "standard", "without-authorization"), ["uh-std-open"]),
    ],
    ids=str,
)
def test_the_clocks_that_run_are_those_of_the_line_the_state_and_the_kind(
    request_: Request, expected: list[str]
) -> None:
    assert clocks(request_) == expected


def test_a_condition_that_is_not_known_is_taken_to_hold() -> None:
    def retro(contracted: str | None) -> list[str]:
        return clocks(Request("uhc-medicare-advantage", "standard", "retrospective", contracted=contracted))

    assert retro(None) == retro("no") == ["uh-retro", "uh-retro-clean"]
    assert retro("yes") == ["uh-retro"]


@pytest.mark.parametrize(
    ("request_", "says", "facts", "beside"),
    [
        (Request("masshealth"), "the line of business of this plan of masshealth is not known", ("plan_type",), []),
        (Request("anthem", line_of_business="commercial"), "the line of business", ("funding",), []),
        (Request("caresource"), "the line of business", ("line_of_business", "coverage_program"), []),
        (
            Request("husky", coverage_program="husky-limited-benefit"),
            "no clocks are entered for this plan of husky",
            (),
            [],
        ),
        (Request("nobody"), "no clocks are entered for this plan of nobody; ask the plan", (), []),
        (
            Request("caresource", line_of_business="marketplace"),
            "Marketplace plan (QHP): the state of the plan is not known",
            ("coverage_state",),
            ["cs-fed-std"],
        ),
        (
            Request("anthem", line_of_business="commercial", funding="insured", coverage_state="TX"),
            "Commercial insured plan, TX: the clock of this state is not entered; ask the plan",
            (),
            ["an-erisa-std"],
        ),
        (
            Request("uhc-medicare-advantage", plan_type="integrated"),
            "Medicare Advantage, applicable integrated plan, pre-service, standard: its figures",
            (),
            [],
        ),
        (Request("uhc-medicare-advantage", "expedited", "retrospective"), "Medicare Advantage, retrospective", (), []),
    ],
    ids=str,
)
def test_what_is_not_known_is_said_in_one_value(
    request_: Request, says: str, facts: tuple[str, ...], beside: list[str]
) -> None:
    found = rules_for(shipped(), request_)
    assert isinstance(found, Unknown)
    assert found.says.startswith(says)
    assert found.facts == facts
    assert [clock.id for clock in found.beside] == beside


@pytest.mark.parametrize(
    ("request_", "entry"),
    [
        (Request("masshealth", "standard", "retrospective", plan_type="payer-direct"), "mh-retro"),
        (Request("medicare"), "mcr"),
    ],
    ids=str,
)
def test_that_no_clock_runs_is_said_apart_from_not_knowing(request_: Request, entry: str) -> None:
    found = rules_for(shipped(), request_)
    assert isinstance(found, NoClock)
    assert found.id == entry


def test_every_shipped_clock_runs_for_some_request() -> None:
    book = shipped()
    seen = set()
    for payer in book.profiles:
        known = {fact: values[0] for fact, values in payer.conditions.items()}
        for clock in book.clocks.values():
            for kind in clock.kinds:
                for state in clock.states or ("OH",):
                    request = Request(payer.payer, clock.urgency, kind, state, **known)
                    found = rules_for(book, request)
                    seen |= {one.id for one in (found.clocks if isinstance(found, Rules) else ())}
    assert seen == set(book.clocks)


def test_a_request_made_fast_keeps_its_first_clock_and_a_refused_one_has_that_alone() -> None:
    granted = events(
        ["received 2026-11-02 10:00", "expedite-asked 2026-11-04 09:00", "expedite-granted 2026-11-04 11:00"], NEW_YORK
    )
    refused = events(["expedite-refused 2026-11-05 11:00"], NEW_YORK)
    assert urgencies("standard", granted[:1]) == ("standard",)
    assert urgencies("standard", granted) == ("expedited", "standard")
    assert urgencies("expedited", granted) == ("expedited",)
    assert urgencies("expedited", (*granted, *refused)) == urgencies("expedited", (*refused, *granted)) == ("standard",)
    both = (h.ExpediteGranted(refused[0].at), h.ExpediteRefused(refused[0].at))
    assert urgencies("standard", both) == ("standard",)


def test_a_plan_has_the_zone_and_the_holidays_of_its_state() -> None:
    assert calendar_for(shipped(), INDIANA) == Calendar("America/Indiana/Indianapolis", "IN")
    assert calendar_for(shipped(), MASSHEALTH) == Calendar("America/New_York", "MA")
    assert calendar_for(shipped(), Request("uhc-medicare-advantage")) == Calendar("America/New_York")
    assert calendar_for(shipped(), Request("nobody", coverage_state="CA")) == Calendar("America/Los_Angeles", "CA")


def test_a_tenants_own_plan_zone_and_clock_are_asked_first(tmp_path: Path) -> None:
    row = "{payer: masshealth, when: {plan: [ours]}, line: medicaid-ffs, state: MA, zone: America/Chicago}"
    text = f"{OWN}profiles:\n  - {row}\n"
    book = load(own(tmp_path, text))
    request = Request("masshealth", plan="ours")
    found = rules_for(book, request)
    assert isinstance(found, Rules)
    assert [clock.name for clock in found.clocks] == ["Massachusetts", "our contract"]
    assert calendar_for(book, request).zone == "America/Chicago"
    assert list(longer(shipped(), book)) == []


@pytest.mark.parametrize("amount", ["8 calendar days", "48 hours"])
def test_a_tenants_clock_that_gives_more_time_or_counts_it_otherwise_is_named(tmp_path: Path, amount: str) -> None:
    book = load(own(tmp_path, OWN.replace("5 calendar days", amount) + OWN[8:].replace("  mh-std:", "  our-own:")))
    ((clock, figure),) = longer(shipped(), book)
    assert (clock.id, str(figure.amount)) == ("mh-std", "7 calendar days")


def test_appeals_and_duties_are_those_of_the_line_and_state() -> None:
    found = rules_for(shipped(), INDIANA)
    assert isinstance(found, Rules)
    assert [one.id for one in appeals_of(shipped(), found.clocks)] == ["marketplace", "indiana"]
    sent = duties_for(shipped(), "medicaid-ffs", "MA", "submission")
    assert [duty.id for duty in sent] == ["mh-rx", "mh-cont-arrival"]
    assert [duty.id for duty in duties_for(shipped(), "chip", None, "retention")] == ["keep"]
