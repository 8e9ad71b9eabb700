"""The offices of the demo: one for each payer, as the settings of a plan have them, and made up."""

from __future__ import annotations

import msgspec

from priorauth.letters.facts import Sender
from priorauth.server.demo.offices import OFFICES, offices
from priorauth.synthetic.cohort import PAYERS


def test_there_is_an_office_for_every_payer_and_all_of_them_are_made_up() -> None:
    assert set(OFFICES) == set(PAYERS)
    for payer, made in offices().items():
        found = msgspec.convert(made, Sender)
        assert "demo" in found.name, payer
        assert all(one.phone.startswith("555-") for one in (found.contact, found.appeals, found.clinicians))
        assert not any(one.verified for one in found.notices)
