"""Roles are data: each is spoken, and shown by a standing around the request or by codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts.roles import STANDINGS, roles, words


def test_every_role_is_spoken_and_shown_by_standing_or_codes() -> None:
    for name, role in roles().items():
        assert role.name == name
        assert role.say
        assert (role.standing is None) is bool(role.codes)
    assert {role.standing for role in roles().values()} == {None, *STANDINGS}


def test_roles_for_certain_and_perhaps_are_words_in_one_order() -> None:
    assert words(frozenset({"supplier", "member"}), frozenset({"educator", "member"})) == "educator? member supplier"
    assert words(frozenset(), frozenset()) == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("roles: []", "expected a mapping under `roles:`"),
        ("roles: {a: {standing: supplier}}", "a: expected `say:`"),
        ("roles: {a: {say: b, what: c}}", "a: expected `say:`"),
        ("roles: {a: {say: b}}", "a: expected `standing:` or `codes:`"),
        ("roles: {a: {say: b, standing: friend}}", "a: expected `standing:` one of prescriber"),
    ],
)
def test_a_file_of_roles_that_cannot_be_read_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFaults, match=fault):
        roles(path)
