"""The picture of the states shows what the table of states says."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from priorauth.ledger.allowed import states
from tools import docs
from tools import states as picture


def test_the_picture_in_the_docs_is_not_stale() -> None:
    text = picture.PICTURE.read_text("utf-8")
    assert text == picture.drawn()
    assert docs.FILLED["docs/states.svg"](text) == text


def test_the_picture_names_every_state_and_every_act_that_changes_one() -> None:
    words = " ".join(one.text or "" for one in ET.fromstring(picture.drawn()).iter())  # noqa: S314 - drawn here
    table = states()
    assert [name for name in table.states if name not in words] == []
    assert [act for acts in picture.leads(table).values() for act in acts if act not in words] == []


def test_nothing_leads_out_of_a_closed_case() -> None:
    table = states()
    assert {state for state, _ in picture.leads(table)} <= {name for name, one in table.states.items() if one.open}


def test_only_a_director_has_the_case_that_is_decided_against() -> None:
    found = picture.ends(states())
    assert found["adverse"] == {"decide-adversely": ["with-director"]}
    assert found["partly-approved"] == {"decide-in-part": ["with-director"]}
