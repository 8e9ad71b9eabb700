import io
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics.series import Series
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.period import Period, latest
from priorauth.glucose.page.report import Beside, Statement, _environment, facts, page, pictures, render
from tests.glucose.drawn import readings, sensor
from tests.glucose.page.picked import fortnight


class Outline(HTMLParser):
    """The tags of a page, which of them were left open, its words, and what marks are called aloud."""

    VOID = ("meta", "path", "rect", "circle", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words = ""
        self.spoken: list[str | None] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "b":
            self.spoken.append(dict(attrs).get("aria-label"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the parser's)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def of(series: Series, heading: str = "p-1", choice: Choice | None = None) -> str:
    return page(latest(series, choice), heading=heading)


PLAIN = Statement("?", "open", "any low", "open")
WEEK = sensor([100 + (7 * place) % 90 for place in range(288 * 7)])


def test_a_page_is_whole_and_has_its_three_pictures_each_with_a_table() -> None:
    outline = Outline(of(WEEK))
    assert outline.open == []
    assert (outline.seen.count("svg"), outline.seen.count("details")) == (3, 4)
    for picture in pictures(latest(WEEK)):
        assert picture.svg in of(WEEK)
        assert picture.table.caption in outline.words


def test_a_page_needs_nothing_from_outside() -> None:
    text = of(WEEK)
    assert re.findall(r"<(?:script|link|img|iframe)|@import|url\(|src=|href=", text) == []


def test_every_metric_is_on_the_page_with_its_definition_or_the_reason_why_not() -> None:
    text = of(WEEK)
    assert "glucose.mean.1" in text
    assert "tests per day" in text
    assert "takes a meter" in text


def test_a_page_says_whether_the_data_suffice() -> None:
    assert "Not enough for the consensus metrics, which ask for 14 days" in of(WEEK)
    assert "Enough for the consensus metrics" in of(fortnight(15))


def test_a_page_says_the_days_that_it_is_of_and_the_span_of_the_log() -> None:
    words = Outline(of(fortnight(30))).words
    assert "14 days, 2024-01-17 to 2024-01-30: 4,032 readings of a sensor on 14 of them." in words
    assert "The log holds 8,640 readings, 2024-01-01 to 2024-01-30 (30 days, 30 with readings)." in words


def head(period: Period) -> dict[str, tuple[str, str]]:
    return {fact.name: (fact.value, fact.goal) for fact in facts(period)}


def test_the_numbers_at_the_head_are_the_metrics_with_the_goals_of_adults() -> None:
    period = latest(fortnight())
    value = period.summary.value
    assert head(period) == {
        "Sensor active of the 14 days": (f"{value('active_window_percent'):.1f} %", "goal: 70 % or more"),
        "Mean glucose": (f"{value('mean_mg_dl'):.0f} mg/dL", "goal: less than 154 mg/dL"),
        "Glucose management indicator (GMI)": (f"{value('gmi_percent'):.1f} %", "goal: less than 7 %"),
        "Standard deviation": (f"{value('sd_mg_dl'):.0f} mg/dL", ""),
        "Variability (coefficient of variation, CV)": (f"{value('cv_percent'):.1f} %", "goal: 36 % or less"),
        "Low events, below 70 mg/dL": (f"{value('hypo_level_1_events')}", ""),
        "Low events, below 54 mg/dL": (f"{value('hypo_level_2_events')}", ""),
        "High events, above 180 mg/dL": (f"{value('hyper_level_1_events')}", ""),
        "High events, above 250 mg/dL": (f"{value('hyper_level_2_events')}", ""),
    }


def test_other_populations_have_no_goal_of_mean_and_gmi_and_mmol_is_said_throughout() -> None:
    made = head(latest(fortnight(), Choice("pregnancy", "mmol/L")))
    assert (made["Mean glucose"][1], made["Glucose management indicator (GMI)"][1]) == ("", "")
    assert made["Mean glucose"][0].endswith(" mmol/L")
    assert "mg/dL" not in re.sub(
        r"<details>.*?</details>", "", of(fortnight(), choice=Choice("older", "mmol/L")), flags=re.DOTALL
    )


def test_a_meter_has_its_tests_at_the_head_and_no_goals() -> None:
    made = head(
        latest(readings("meter", *[(1440 * day + 60 * hour, 100) for day in range(14) for hour in (7, 12, 18, 22)]))
    )
    assert (made["Tests a day, over all days"], made["Days with four tests or more"]) == (
        ("4.0 /day", ""),
        ("14 of 14", ""),
    )
    assert {goal for _, goal in made.values()} == {""}
    assert not any("Sensor" in name or "GMI" in name or "High events" in name for name in made)


HOSTILE = """</style><script>alert('1')</script>"&{{ 7 * 7 }}{% raw %}"""


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    said = Statement("+", HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE), 2, (HOSTILE,))
    text = page(latest(WEEK), heading=HOSTILE, beside=Beside(HOSTILE, (said,), HOSTILE), notes=[HOSTILE])
    outline = Outline(text)
    assert outline.open == []
    assert outline.seen.count("script") == 0
    mild = Statement("+", "shown", "any low", "shown", ("2024-01-01",), missing=("days",))
    assert outline.seen == Outline(page(latest(WEEK), heading="p-1", beside=Beside("", (mild,)), notes=[""])).seen
    assert (
        outline.words.count(HOSTILE) == 10
    )  # title, heading, whose, as of, statement, verdict, two days, missing, note
    assert outline.spoken == [None, HOSTILE]


def test_hostile_words_of_a_metric_stay_words() -> None:
    period = latest(WEEK)
    known, unknown = period.summary.evidence["gri"], period.summary.evidence["tests_per_day"]
    evil = {"gri": replace(known, definition=HOSTILE, unit=HOSTILE), "tests_per_day": replace(unknown, why=HOSTILE)}
    summary = replace(period.summary, evidence={**period.summary.evidence, **evil})
    outline = Outline(page(replace(period, summary=summary), heading="p-1"))
    assert outline.words.count(HOSTILE) == 3
    assert outline.seen.count("script") == 0


def test_a_value_that_a_template_names_and_nobody_gives_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'heading' is undefined"):
        render("page.html")


def test_the_templates_are_loaded_for_a_page_and_for_nothing_else() -> None:
    lazily = "import sys, priorauth.glucose.page.report; print('jinja2' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", lazily], capture_output=True, text=True, check=True).stdout == "False\n"
    )


def test_statements_stand_below_the_pictures_and_notes_at_the_foot() -> None:
    said = Statement("-", "not so", "fewer than 4 tests", "not so, 2", ("2024-01-01 2",), 3)
    text = page(latest(WEEK), heading="p-1", beside=Beside("2024-01-07", (said, PLAIN)), notes=["log.csv: 2 left out"])
    assert (
        "What the policies ask by these readings alone <span>as of 2024-01-07; + shown, - not so, ? open</span>" in text
    )
    assert (
        '<li><b aria-label="not so">-</b> fewer than 4 tests: not so, 2<br><span class="note">2024-01-01 2 and 3 more'
        "</span></li>\n"
        '<li><b aria-label="open">?</b> any low: open</li>'
    ) in text
    assert "by the ids in the list of all metrics. log.csv: 2 left out.</p>" in text
    assert "<aside" not in of(WEEK)


def test_the_legend_takes_its_figures_from_the_definitions() -> None:
    ranges = definitions().ranges
    assert f"below {ranges.low} mg/dL (filled: below {ranges.very_low} mg/dL)" in of(WEEK)


def test_an_empty_stream_has_a_page_too() -> None:
    text = of(readings("cgm"))
    assert "No readings." in text
    assert Outline(text).open == []


def test_a_page_of_ninety_days_is_made_in_half_a_second() -> None:
    of(WEEK)  # loads the templates
    begin = time.process_time()
    of(fortnight(90))
    assert time.process_time() - begin < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_with_its_statements_it_is_one_printed_page_in_a_browser(tmp_path: Path, paper: str) -> None:
    from playwright.sync_api import sync_playwright
    from pypdf import PdfReader

    asked = Statement(
        "+",
        "shown",
        "any episode of hypoglycemia on 3 days or more (3 months)",
        "shown, 13",
        ("2024-01-01 40 mg/dL",) * 3,
        20,
    )
    text = page(
        latest(fortnight()), heading="p-1", beside=Beside("2024-01-14", (asked,) * 14), notes=["a.csv: 2 left out"]
    )
    (tmp_path / "page.html").write_text(text, "utf-8")
    with sync_playwright() as programs:
        browser = programs.chromium.launch(executable_path=shutil.which("chromium"))
        sheet = browser.new_page()
        sheet.goto((tmp_path / "page.html").as_uri())
        made = sheet.pdf(format=paper)
        browser.close()
    (only,) = PdfReader(io.BytesIO(made)).pages
    words = only.extract_text()
    assert "Time in ranges" in words
    assert "as a table" not in words


# ---- the templates


def test_a_value_is_text_and_never_html() -> None:
    made = _environment().from_string("<b>{{ name }}</b>").render(name="<script>'&\"")
    assert made == "<b>&lt;script&gt;&#39;&amp;&#34;</b>"


def test_a_value_that_a_template_names_and_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="name"):
        _environment().from_string("{{ name }}").render()


def test_a_template_that_is_not_in_the_package_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("none.html")


def test_figures_have_commas_where_the_filter_says() -> None:
    assert _environment().from_string("{{ n | thousands }}").render(n=1234567) == "1,234,567"
