"""What a proposal of a role says, and which roles two people grant."""

from __future__ import annotations

from datetime import date

from priorauth.ledger.allowed import rights
from priorauth.ledger.proposed import TWO_TO_GRANT, said

FIRST, LAST = date(2026, 12, 1), date(2027, 11, 30)


def test_a_proposal_says_the_role_with_its_days() -> None:
    assert said("director", FIRST, LAST) == {
        "role": "director",
        "valid_from": "2026-12-01",
        "valid_until": "2027-11-30",
    }
    assert said("director", FIRST, None)["valid_until"] is None


def test_whoever_signs_adversely_and_whoever_grants_is_granted_by_two() -> None:
    found = rights().rights
    signing = {role for act in ("decide-adversely", "decide-in-part") for role in found[act]}
    granting = set(found["grant-role"]) - {"system"}
    assert signing | granting == TWO_TO_GRANT
