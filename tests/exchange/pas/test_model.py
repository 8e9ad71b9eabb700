"""The model of an answer: frozen, and equal where all is equal."""

from __future__ import annotations

from typing import get_args

import pytest

from priorauth.exchange.pas.model import Action, Error, Result
from priorauth.exchange.pas.standing import PENDING


def test_what_software_may_say_of_an_open_item_is_never_a_denial() -> None:
    assert set(PENDING.values()) == {"A4", "NA", "CT"}
    assert "A3" in get_args(Action)


def test_a_result_is_a_value() -> None:
    made = [Result(sequence=1, administration="1-1", trace="t", action="A4", outcome="o", requested={}) for _ in "ab"]
    assert made[0] == made[1]
    with pytest.raises(AttributeError):
        made[0].action = "A3"  # type: ignore[misc]
    assert Error("name", "text").path == ""
