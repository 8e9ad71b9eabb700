"""Pictures of a case rest on the rows of its newest run; a criterion that counts no days has none."""

from __future__ import annotations

import pytest

from priorauth.decide.determine import decided
from priorauth.policy.catalog import open_catalog
from priorauth.workbench.view.drawn import Drawer
from tests.ledger.house import example


def drawer(name: str) -> Drawer:
    found = tuple(decided(example(name)))
    return Drawer(open_catalog(), tuple(one.determination for one in found), tuple(one.case for one in found))


def test_one_criterion_is_drawn_alone() -> None:
    found = drawer("ask")
    one, every = found.timeline(1, only="II.A.T.7"), found.timeline(1, every=True)
    assert one is not None
    assert every is not None
    assert {row[0].partition(" (")[0] for row in one.table.rows} == {"Most recent HbA1c above 7.0 percent"}
    assert len(every.table.rows) > len(one.table.rows)


@pytest.mark.parametrize("item", [1, 2])
def test_what_is_not_there_is_not_drawn(item: int) -> None:
    assert drawer("ask").timeline(item, only="Z.9") is None


def test_results_of_each_measured_fact_are_drawn_over_time() -> None:
    captions = [picture.table.caption for picture in drawer("conflict").results(1)]
    assert any(caption.startswith("HbA1c") for caption in captions)
    assert list(drawer("conflict").results(2)) == []


def test_the_same_run_gives_the_same_picture() -> None:
    assert drawer("conflict").timeline(1) == drawer("conflict").timeline(1)
