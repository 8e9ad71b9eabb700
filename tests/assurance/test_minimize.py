"""Of all patients of whom something holds one with little in the way and little on file is found."""

from __future__ import annotations

from pathlib import Path

from priorauth.assurance.minimize import least
from priorauth.assurance.replay import holds
from priorauth.assurance.witness import witness
from priorauth.engines.solver.outcome import World
from priorauth.engines.solver.view import not_
from tests.assurance.planted import SOUND, catalog, laid


def world(folder: Path) -> World:
    return laid(catalog(folder, d2020=SOUND))


def test_nothing_is_on_file_that_an_approval_does_not_rest_on(tmp_path: Path) -> None:
    asked = world(tmp_path)
    model = least(asked, [asked.one.verdict().approve], [])
    assert model is not None
    on_file = witness(model, asked.patient).case.rows
    assert {"hba1c", "motivated", "clinical_notes_dated"} <= on_file.keys()
    assert "only_for_convenience" not in on_file
    assert len(on_file["hba1c"]) == 1


def test_wishes_are_granted_as_far_as_they_go_together_and_the_first_list_first(tmp_path: Path) -> None:
    asked = world(tmp_path)
    motivated = asked.patient.statement("motivated").when(lambda text: text == "yes")
    initial = asked.patient.statement("request_kind").when(lambda text: text == "initial")
    model = least(asked, [not_(asked.one.verdict().approve)], [[motivated, initial], [not_(motivated)]])
    assert model is not None
    assert holds(model, motivated)
    assert holds(model, initial)


def test_where_there_is_nobody_there_is_none(tmp_path: Path) -> None:
    asked = world(tmp_path)
    approve = asked.one.verdict().approve
    assert least(asked, [approve, not_(approve)], []) is None


def test_the_next_question_is_asked_of_everybody_again(tmp_path: Path) -> None:
    asked = world(tmp_path)
    approve = asked.one.verdict().approve
    assert least(asked, [approve], []) is not None
    assert least(asked, [not_(approve)], []) is not None
    assert asked.ask(approve) is not None
