"""The timeline: every row is drawn once and stands in the table; nothing leaves the paper or covers another's words."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from priorauth.decide.decided import Assessed, Evidence, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided
from priorauth.decide.page.criteria import walk
from priorauth.facts.case import Case
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from priorauth.workbench.pictures.lanes import Days, lanes
from priorauth.workbench.pictures.svg import Picture
from priorauth.workbench.pictures.timeline import stretch, timeline
from priorauth.workbench.pictures.windows import policy_of
from tests.workbench.pictures import seen

EXAMPLES = Path(__file__).parent.parent.parent.parent / "examples"
HOSTILE = "</title><script>alert(1)</script>\"'&\x00\u202e" + "W" * 300


def example(name: str) -> tuple[Determination, Policy, Case]:
    found = decided((EXAMPLES / f"{name}.json").read_bytes())[0]
    policy = policy_of(found.determination, open_catalog())
    assert policy is not None
    return found.determination, policy, found.case


def picture(name: str, *, every: bool = False) -> Picture:
    made, policy, case = example(name)
    found = timeline(made, policy, open_catalog().vocabulary, case, every=every)
    assert found is not None
    return found


def title(one: ET.Element) -> str:
    return one.findtext(f"{seen.SVG}title") or ""


def texts(drawn: str) -> list[str]:
    return [one.text or "" for one in seen.root(drawn).iter(f"{seen.SVG}text")]


def test_a_result_that_is_too_old_stands_hollow_before_the_window_with_why() -> None:
    found = picture("ask")
    for drawn in seen.both(found):
        assert {"8.7 %: too old", "window: 21 Nov 2025 to 20 Nov 2026", "request 20 Nov 2026"} <= set(texts(drawn))
        (row,) = seen.groups(seen.root(drawn), "refused")
        (bar,) = (one for one in seen.groups(seen.root(drawn), "window") if "21 Nov 2025" in title(one))
        square, window = next(seen.boxes(row)), next(seen.boxes(bar))
        assert square.right < window.left
        assert row.find(f"{seen.SVG}rect").get("fill") == "none"  # type: ignore[union-attr]  # there is one
    (cells,) = (row for row in found.table.rows if row[1] == "HbA1c 8.7 %")
    assert cells[2:4] == ("15 Jul 2025", "no: too old, counts from 21 Nov 2025")


def test_days_that_are_not_known_are_hatched_and_a_whole_file_is_solid() -> None:
    asked, whole = (seen.root(picture(name).wide) for name in ("ask", "conflict"))
    assert len(seen.groups(asked, "unknown")) == 2
    assert len(seen.groups(whole, "whole")) == 1
    assert not seen.groups(whole, "unknown")


def test_two_tests_of_one_day_stand_below_each_other() -> None:
    dots = [next(seen.boxes(one)) for one in seen.groups(seen.root(picture("conflict").wide), "row")]
    circles = [one for one in dots if one.said == "circle"]
    assert len(set(circles)) == len(circles) == 63


def test_the_request_is_a_line_through_all_lanes() -> None:
    drawn = seen.root(picture("ask").wide)
    (line,) = (one for group in seen.groups(drawn, "request") for one in seen.boxes(group) if one.said == "line")
    for lane in seen.groups(drawn, "lane"):
        ground = next(seen.boxes(lane))
        assert line.top <= ground.top
        assert line.bottom >= ground.bottom


def test_open_criteria_alone_are_drawn_unless_every_one_is_wanted() -> None:
    assert {row[0] for row in picture("ask").table.rows} == {
        "At least four glucose tests a day (II.A.T.5): missing",
        "Most recent HbA1c above 7.0 percent (II.A.T.7): missing",
    }
    assert len({row[0] for row in picture("ask", every=True).table.rows}) > 10


def test_an_approval_has_no_open_criterion_to_draw() -> None:
    made, policy, case = example("approve")
    assert timeline(made, policy, open_catalog().vocabulary, case) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Days(739911, 739940), "22 Oct 2026 to 20 Nov 2026"),
        (Days(739940, 739940), "20 Nov 2026"),
        (Days(None, 739940), "up to 20 Nov 2026"),
        (Days(739940, None), "from 20 Nov 2026 on"),
        (Days(None, None), "all days"),
    ],
)
def test_a_stretch_says_its_two_dates(days: Days, said: str) -> None:
    assert stretch(days) == said


@settings(max_examples=30)
@given(number_of=st.integers(0, len(seen.policies()) - 1), seed=st.integers(0, 10_000), rows_too=st.booleans())
def test_whatever_is_drawn_is_whole_on_its_paper_and_legible(number_of: int, seed: int, *, rows_too: bool) -> None:
    policy = seen.policies()[number_of]
    made, case = seen.drawn(policy, seed)
    vocabulary = open_catalog().vocabulary
    given_rows = case if rows_too else None
    found = timeline(made, policy, vocabulary, given_rows, every=True)
    if found is None:
        assert not any(one.evidence or one.refused for one in walk(made.criteria))
        return
    holds(found, made)
    assert found == timeline(made, policy, vocabulary, given_rows, every=True)
    assert len(found.table.rows) == sum(
        len(lane.marks) + len(lane.windows) + len(lane.gaps) + len(lane.wholes) + bool(lane.more)
        for lane in lanes(made, policy, vocabulary, given_rows, every=True)
    )


def holds(found: Picture, made: Determination) -> None:
    """See that each row of a determination is drawn once in each picture and stands in the table."""
    wanted = {(row.reference, row.date, row.value) for one in walk(made.criteria) for row in rows(one)}
    said = [row for row in found.table.rows if row[4]]
    assert {reference for reference, _, _ in wanted} == {row[4].rpartition(" (")[2][:-1] for row in said}
    for drawn in seen.both(found):
        assert len(seen.groups(seen.root(drawn), "row")) == len(said) >= len(wanted)
        assert seen.beyond(drawn) == []
        assert seen.touching(drawn) == []
        assert seen.plain(drawn)
        lanes_of_their_own(drawn)


def rows(one: Assessed) -> tuple[Evidence | Refused, ...]:
    return (*one.evidence, *one.refused)


def lanes_of_their_own(drawn: str) -> None:
    below = 0.0
    for lane in seen.groups(seen.root(drawn), "lane"):
        ground, *parts = seen.boxes(lane)
        assert ground.top >= below
        below = ground.bottom
        assert all(ground.top <= part.top and part.bottom <= ground.bottom for part in parts)


def test_hostile_text_stays_text_and_on_the_paper() -> None:
    made, policy, case = example("conflict")

    def spoilt(one: Assessed) -> Assessed:
        change = {"reference": HOSTILE, "value": HOSTILE, "kind": HOSTILE, "display": HOSTILE}
        return structs.replace(
            one,
            title=HOSTILE,
            evidence=tuple(structs.replace(row, **change) for row in one.evidence[:3]),
            refused=tuple(structs.replace(row, **change, ground=HOSTILE) for row in one.refused[:2]),
            parts=tuple(map(spoilt, one.parts)),
        )

    worse = structs.replace(made, criteria=tuple(map(spoilt, made.criteria)))
    found = timeline(worse, policy, open_catalog().vocabulary, case, every=True)
    assert found is not None
    for drawn in seen.both(found):
        names = {one.tag.removeprefix(seen.SVG) for one in seen.root(drawn).iter()}
        assert names <= seen.DRAWN | {"svg", "g", "title", "desc", "defs", "pattern"}
        assert seen.beyond(drawn) == []
        assert "<script" not in drawn
