import datetime as dt
import re

from priorauth.glucose.metrics import columns as c
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.daily import daily
from priorauth.glucose.page.period import latest
from priorauth.glucose.page.picture import Scale
from tests.glucose.drawn import readings
from tests.glucose.page.picked import SVG, fortnight, of_class, parsed, texts


def test_fourteen_days_stand_in_two_rows_of_weeks_under_their_weekdays() -> None:
    said = texts(daily(latest(fortnight(30))))
    named = [words for words in said if re.match(r"\w+day ", words)]
    assert named[0] == "Wednesday Jan 17"
    assert named[7] == "Wednesday Jan 24"
    assert named[-1] == "Tuesday Jan 30"
    assert len(named) == 14


def test_a_week_has_one_row_and_days_before_the_period_are_empty() -> None:
    picture = daily(latest(fortnight(3)))
    assert texts(picture).count("before the period") == 4
    assert len(picture.table.rows) == 3


def test_a_day_without_readings_says_so() -> None:
    picture = daily(latest(readings("cgm", (0, 100), (1440 * 6, 100))))
    assert texts(picture).count("no readings") == 5
    assert picture.table.rows[1][1:6] == ("0", "none", "none", "none", "unknown")


def test_of_more_than_fourteen_days_the_latest_are_drawn() -> None:
    picture = daily(latest(fortnight(30), days=30))
    assert len(picture.table.rows) == 14
    assert picture.table.rows[0][0] == "2024-01-17 Wednesday"


def test_the_scale_is_labelled_in_the_unit() -> None:
    said = texts(daily(latest(fortnight(), Choice("pregnancy", "mmol/L"))))
    assert {"7.8", "3.5", "mmol/L", "12:00"} <= set(said)


def test_what_leaves_the_target_is_filled_up_to_its_limit() -> None:
    glucose = [(5 * place, value) for place, value in enumerate([100, 200, 220, 100, 100, 60, 60, 100])]
    picture = daily(latest(readings("cgm", *glucose)))
    high, low = of_class(picture, "outside")
    assert ((high.get("class"), low.get("class"))) == ("outside high", "outside low")
    scale = Scale(12, 82).at  # of a panel of the first row
    ys = [float(y) for y in re.findall(r"[ML ][\d.]+ ([\d.]+)", high.get("d") or "")]
    assert (min(ys), max(ys)) == (round(scale(220), 1), round(scale(180), 1))
    ys = [float(y) for y in re.findall(r"[ML ][\d.]+ ([\d.]+)", low.get("d") or "")]
    assert (min(ys), max(ys)) == (round(scale(70), 1), round(scale(60), 1))


def test_a_trace_is_cut_at_a_step_above_twenty_minutes_and_one_alone_is_a_dot() -> None:
    picture = daily(latest(readings("cgm", (0, 100), (20, 100), (41, 100), (46, 100), (500, 100))))
    assert len(of_class(picture, "trace")) == 2
    assert len(of_class(picture, "reading")) == 1


def test_meter_readings_are_dots() -> None:
    picture = daily(latest(readings("meter", (480, 100), (490, 110))))
    assert len(of_class(picture, "reading")) == 2
    assert of_class(picture, "trace") == []


def test_low_events_point_down_at_the_foot_and_high_ones_up_at_the_top() -> None:
    low = [(600, 100), *((605 + 5 * place, 50) for place in range(3)), (620, 100)]
    high = [(800 + 5 * place, 300) for place in range(18)]
    marks = of_class(daily(latest(readings("cgm", *low, *high))), "event")
    assert [part.get("class") for part in marks] == ["event low", "event low", "event high", "event high"]
    assert [part.get("fill") == "#ffffff" for part in marks] == [True, False, True, False]  # hollow, then filled
    for part in marks:
        ys = [float(y) for y in re.findall(r"[ML ][\d.]+ ([\d.]+)", part.get("d") or "")]
        assert (ys[2] > ys[0]) == ("low" in str(part.get("class")))


def test_the_events_in_words_and_in_the_table_are_those_of_the_metrics() -> None:
    period = latest(fortnight())
    picture = daily(period)
    counted = [int(period.counted.events_of(kind)[0]) for kind in (c.HYPO_1, c.HYPO_2, c.HYPER_1, c.HYPER_2)]
    assert [int(part) for part in re.findall(r"(\d+) (?:below|above)", picture.says)] == counted
    assert picture.table.head[6:] == (
        "events below 70 mg/dL", "events below 54 mg/dL", "events above 180 mg/dL", "events above 250 mg/dL",
    )  # fmt: skip
    assert [sum(int(row[place]) for row in picture.table.rows) for place in range(6, 10)] == counted


def test_the_numbers_of_a_day_are_those_of_its_readings() -> None:
    picture = daily(latest(readings("cgm", (0, 60), (5, 100), (10, 201))))
    assert picture.table.rows[-1][:6] == ("2024-01-01 Monday", "3", "120", "60", "201", "33.3 %")


def test_the_days_are_told_in_words() -> None:
    said = daily(latest(fortnight(30))).says
    assert said.startswith("14 days with readings from 2024-01-17 to 2024-01-30. Events that begin on them: ")
    assert daily(latest(readings("cgm"))).says == "No days with readings."


def test_the_paper_is_as_high_as_the_weeks_ask_for() -> None:
    heights = [parsed(daily(latest(fortnight(days)))).get("viewBox") for days in (7, 8)]
    assert heights == ["0 0 720 95", "0 0 720 178"]


def test_days_are_local() -> None:
    picture = daily(latest(readings("cgm", (60, 100), offset=-300)))
    assert picture.table.rows[-1][0] == f"{dt.date(2023, 12, 31)} Sunday"
    assert len(list(parsed(picture).iter(f"{SVG}circle"))) == 1
