"""The offices that write the letters of the demo, one for each payer: all of them are made up."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from msgspec import to_builtins

from priorauth.letters.facts import Contact, Line, Notice, Sender


class Office(NamedTuple):
    """A payer's line of business and state, and how it is called."""

    line: Line
    state: str
    name: str
    plan: dict[str, str] = {}  # noqa: RUF012 - never changed
    """What is known of the plans of the payer where a request does not say it, by fact: which clocks run."""


_INSURED: Final = {"line_of_business": "commercial", "funding": "insured", "coverage_state": "CT"}
OFFICES: Final = {
    "masshealth": Office("masshealth", "MA", "MassHealth (demo)", {"plan_type": "payer-direct"}),
    "husky": Office("husky", "CT", "HUSKY Health (demo)", {"coverage_program": "husky-a"}),
    "caresource": Office(
        "caresource-qhp", "IN", "CareSource (demo)", {"line_of_business": "marketplace", "coverage_state": "IN"}
    ),
    "anthem": Office("anthem-insured", "CT", "Anthem (demo)", _INSURED),
    "uhc-medicare-advantage": Office("uhc-ma", "CT", "Medicare Advantage (demo)", {"plan_type": "payer-direct"}),
}
_HEARS: Final = ("masshealth", "husky")
_OUTSIDE: Final = ("caresource-qhp", "anthem-insured")
_NOTICE: Final = "[The plan's own notice stands here.]"


def offices() -> dict[str, Any]:
    """Return the offices by payer, as the settings of a plan have them."""
    return {payer: to_builtins(_sender(one)) for payer, one in OFFICES.items()}


def plans() -> dict[str, dict[str, str]]:
    """Return what is known of the plans by payer, as the settings of a plan have it."""
    return {payer: dict(one.plan) for payer, one in OFFICES.items()}


def _sender(one: Office) -> Sender:
    outside = one.line in _OUTSIDE
    return Sender(
        name=one.name,
        line=one.line,
        state=one.state,
        contact=_contact(f"{one.name}, Prior Authorization", 1),
        appeals=_contact(f"{one.name}, Appeals", 2),
        fast_appeals=_contact(f"{one.name}, Fast Appeals", 3),
        clinicians=_contact(f"{one.name}, Clinicians", 4),
        notices=(
            Notice("language", _NOTICE, "45 CFR 92.11", verified=False),
            Notice("aids", _NOTICE, "45 CFR 92.11", verified=False),
            Notice("nondiscrimination", _NOTICE, "45 CFR 92.10", verified=False),
        ),
        policy_page="pa.example.org/policies",
        zone="Eastern time",
        hearings=_contact("State Hearing Office (demo)", 5) if one.line in _HEARS else None,
        outside=_contact("State Insurance Department (demo)", 6) if outside else None,
        outside_form="Request for External Review" if outside else "",
        help=_contact("Consumer Help (demo)", 7),
    )


def _contact(name: str, digit: int) -> Contact:
    return Contact(
        name=name,
        address=(f"{digit} Example Street", "Springfield 00000"),
        phone=f"555-010-000{digit}",
        tty="711",
        fax=f"555-010-100{digit}",
        hours="Monday to Friday, 8 a.m. to 5 p.m.",
        page="pa.example.org/answer",
    )
