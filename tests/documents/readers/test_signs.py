"""Signs for boxes."""

from __future__ import annotations

from priorauth.documents.readers.signs import SIGNS


def test_each_sign_is_one_for_one_and_none_is_changed_twice() -> None:
    assert all(len(sign) == 1 for sign in SIGNS.values())
    assert not {ord(sign) for sign in SIGNS.values()} & set(SIGNS)


def test_boxes_of_wingdings_are_ticked_or_empty() -> None:
    assert "\uf0a8\uf0fe\uf0fd\uf06f a●".translate(SIGNS) == "☐☑☒☐ a●"
