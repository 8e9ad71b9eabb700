"""Scopes of both versions, which operation wants which, and that nobody gets more than is asked or allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.guard import scopes
from priorauth.exchange.operations import OPERATIONS

LETTERS = st.sets(st.sampled_from("cruds"), min_size=1).map(lambda held: "".join(one for one in "cruds" if one in held))
KINDS = st.sampled_from(["Claim", "Questionnaire", "Subscription", "ValueSet", "Patient", "*"])
SCOPES = st.builds("system/{}.{}".format, KINDS, LETTERS | st.sampled_from(["read", "write", "*"]))


@pytest.mark.parametrize(
    ("text", "letters"),
    [("system/Claim.c", "c"), ("system/Claim.cruds", "cruds"), ("system/Claim.read", "rs"),
     ("system/Claim.write", "cud"), ("system/*.*", "cruds")],
)  # fmt: skip
def test_a_scope_is_read_in_both_spellings(text: str, letters: str) -> None:
    found = scopes.read(text)
    assert found is not None
    assert found.letters == frozenset(letters)


@pytest.mark.parametrize(
    "text",
    ["", "system/Claim", "system/Claim.", "system/Claim.sc", "system/Claim.cc", "patient/Claim.c",
     "user/Claim.read", "system/claim.c",
     "system/Claim.c?status=active", "system/Claim.execute", "openid", " system/Claim.c", "system/Claim.c\n"],
)  # fmt: skip
def test_what_is_no_scope_of_a_system_or_a_narrower_one_is_none(text: str) -> None:
    assert scopes.read(text) is None


def test_each_operation_is_allowed_by_what_it_wants_and_by_nothing_of_another_kind() -> None:
    for operation, wanted in scopes.wanted().items():
        for one in wanted:
            assert scopes.allows([f"system/{one}"], operation)
        assert scopes.allows(["system/*.cruds"], operation)
        assert scopes.allows(["system/*.read", "system/*.write"], operation)
        assert not scopes.allows(["system/Patient.cruds", "openid"], operation)
    assert not scopes.allows(["system/Claim.read"], "submit")
    assert not scopes.allows(["system/*.cruds"], "nothing of that name")


def test_every_operation_that_is_served_wants_a_scope_that_there_is() -> None:
    wanted = {one.scope for one in OPERATIONS if one.kind == "fhir"} - {"anybody"}
    assert wanted <= scopes.wanted().keys()


@given(st.lists(SCOPES, max_size=4), st.lists(SCOPES, max_size=3))
def test_what_is_given_was_asked_for_and_lets_nothing_be_asked_that_is_not_allowed(
    asked: list[str], allowed: list[str]
) -> None:
    found = scopes.granted(" ".join(asked), allowed)
    assert set(found) <= set(asked)
    for operation in scopes.wanted():
        if scopes.allows(found, operation):
            assert scopes.allows(asked, operation)
            assert not allowed or scopes.allows(allowed, operation)


def test_all_that_is_said_to_be_supported_is_given() -> None:
    assert scopes.granted(" ".join(scopes.supported()), ()) == scopes.supported()
    assert {"system/Claim.c", "system/Claim.cru"} & set(scopes.granted("system/Claim.c", ())) == {"system/Claim.c"}
