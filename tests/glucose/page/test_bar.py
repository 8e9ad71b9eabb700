import pytest

from priorauth.glucose.page.bar import bar
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.period import latest
from tests.glucose.drawn import readings, sensor
from tests.glucose.page.picked import fortnight, of_class, texts

MIXED = sensor([50] * 10 + [60] * 10 + [100] * 60 + [200] * 15 + [300] * 5)


def test_the_bar_says_every_zone_with_values_share_hours_and_goal() -> None:
    said = texts(bar(latest(MIXED)))
    for words in ("Very high", "above 250 mg/dL", "5.0 %", "1 h 12 min a day", "goal: less than 5 %"):
        assert words in said
    for words in ("Target", "70 to 180 mg/dL", "60.0 %", "14 h 24 min a day", "goal: more than 70 %"):
        assert words in said


def test_both_sides_are_said_together_with_their_goals() -> None:
    said = texts(bar(latest(MIXED)))
    above, below = said.index("above the target"), said.index("below the target")
    assert (said[above - 1], said[above + 1]) == ("20.0 %", "goal: less than 25 %")
    assert (said[below - 1], said[below + 1]) == ("20.0 %", "goal: less than 4 %")


def test_the_bar_is_as_high_as_the_shares_with_the_highest_on_top() -> None:
    bars = of_class(bar(latest(MIXED)), "zone")
    assert [(part.get("class") or "").split()[1] for part in bars] == ["very-high", "high", "target", "low", "very-low"]
    heights = [float(part.get("height") or 0) for part in bars]
    assert [height / sum(heights) * 100 for height in heights] == pytest.approx([5, 15, 60, 10, 10], abs=0.1)
    tops = [float(part.get("y") or 0) for part in bars]
    for top, height, after in zip(tops, heights, tops[1:], strict=False):
        assert top + height == pytest.approx(after, abs=0.2)


def test_a_zone_with_one_reading_of_many_is_still_seen_and_one_without_is_not_drawn() -> None:
    bars = of_class(bar(latest(sensor([50] + [100] * 3000))), "zone")
    assert [(part.get("class") or "").split()[1] for part in bars] == ["target", "very-low"]
    assert float(bars[1].get("height") or 0) > 2.5


def test_the_table_has_every_zone_and_both_sides() -> None:
    table = bar(latest(MIXED)).table
    assert table.head == ("range", "glucose", "share of readings", "time a day", "goal")
    assert [row[0] for row in table.rows] == [
        "Very high", "High", "All above the target", "Target", "Low", "Very low", "All below the target",
    ]  # fmt: skip
    assert table.rows[3] == ("Target", "70 to 180 mg/dL", "60.0 %", "14 h 24 min", "goal: more than 70 %")
    assert table.rows[-1] == ("All below the target", "", "20.0 %", "4 h 48 min", "goal: less than 4 %")


def test_in_pregnancy_there_are_four_zones() -> None:
    picture = bar(latest(MIXED, Choice("pregnancy")))
    assert "Very high" not in texts(picture)
    assert [row[0] for row in picture.table.rows] == [
        "High", "All above the target", "Target", "Low", "Very low", "All below the target",
    ]  # fmt: skip
    assert "type 1" in picture.table.caption


def test_a_meter_s_shares_are_of_readings_not_of_time_and_have_no_goals() -> None:
    picture = bar(latest(readings("meter", (480, 100), (720, 60))))
    assert picture.title == "Readings in ranges"
    assert picture.table.head == ("range", "glucose", "share of readings")
    assert not any("a day" in said or "goal" in said for said in texts(picture))


def test_the_bar_is_told_in_words() -> None:
    assert bar(latest(fortnight())).says.startswith("Share of 4,032 readings: very high (above 250 mg/dL) 0.")
    assert bar(latest(readings("cgm"))).says == "No readings."
