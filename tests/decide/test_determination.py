"""A determination is read back from JSON exactly, and writes itself as the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import priorauth
from priorauth import determine
from priorauth.decide.page.text import page
from tests.casebook.kept import Kept, every

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
WORKED = every()[::4]


@pytest.mark.parametrize("kept", WORKED, ids=str)
def test_what_is_read_back_is_the_same_determination(kept: Kept) -> None:
    bundle = kept.load()["bundle"]
    try:
        found = determine(bundle)
    except ValueError:
        return  # a case that is refused
    for one in found:
        assert priorauth.Determination.from_json(one.to_json()) == one
        assert priorauth.Determination.from_json(one.to_json().encode()) == one
        assert priorauth.Determination.from_json(one.as_json()) == one
        assert json.loads(one.to_json()) == one.as_json()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{}", "missing required field `claim`"),
        ("[]", "Expected `object`"),
        ("{", "truncated"),
        (b"\xff", "expected a determination"),
        ({"claim": 1}, "Expected `str`, got `int`"),
    ],
)
def test_what_is_no_determination_is_refused_with_its_place(source: str | bytes | dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match="expected a determination") as refused:
        priorauth.Determination.from_json(source)
    assert said in str(refused.value)


def test_a_determination_writes_itself_as_its_page() -> None:
    (found,) = determine((EXAMPLES / "ask.json").read_bytes())
    assert found.to_text() == page([found])
    assert found.to_text(full=True) == page([found], full=True)
