"""Shapes: one of its own for each kind of row, filled or hollow, each named in the legend."""

from __future__ import annotations

from typing import get_args

import pytest

from priorauth.decide.decided import Evidence
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.lanes import Days, Lane, Mark, Shape
from priorauth.workbench.pictures.marks import legend, outline, shape
from tests.workbench.pictures import seen

ROW = Evidence("Observation/1", None, "1", "laboratory result", "HbA1c")


def test_no_two_kinds_of_rows_look_alike() -> None:
    assert len({outline(one, 0, 0, hollow=False) for one in get_args(Shape)}) == len(get_args(Shape))


@pytest.mark.parametrize("one", get_args(Shape))
def test_a_hollow_shape_is_the_same_shape_without_its_filling(one: Shape) -> None:
    filled, hollow = (str(outline(one, 5, 5, hollow=each)) for each in (False, True))
    assert filled.replace('fill="currentColor"', 'fill="none"') == hollow != filled


def test_what_lies_off_the_days_has_a_line_beside_it() -> None:
    drawn = shape(Mark(ROW, "value", None, None), 7, 10, beyond=True)
    assert drawn.count("<line") == 1


@pytest.mark.parametrize("width", [svg.WIDE, svg.NARROW])
def test_the_legend_names_what_is_drawn_and_stays_on_the_paper(width: int) -> None:
    marks = tuple(Mark(ROW, one, None, "too old") for one in get_args(Shape))
    lane = Lane("A", "a", "missing", (), marks, (Days(1, 2),), (Days(1, 2),), 0)
    drawn, height = legend([lane], 0, width, "t")
    picture = svg.root("t", (width, height), ("", ""), drawn)
    assert [one.said for one in seen.boxes(seen.root(picture)) if one.said not in seen.DRAWN] == [
        "event",
        "value",
        "statement",
        "regimen or condition",
        "hollow: does not count",
        "hatched: not known",
        "the file is whole",
    ]
    assert seen.beyond(picture) == []
    assert seen.touching(picture) == []
