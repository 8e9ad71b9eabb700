import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics import counts
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.profile import profile
from priorauth.glucose.metrics.series import Device, Series
from priorauth.glucose.metrics.summary import Summary, summary
from priorauth.glucose.page.picture import Text, profile_picture
from priorauth.glucose.page.report import Beside, Statement, _environment, page, render
from tests.glucose.drawn import readings, sensor


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


def both(series: Series) -> tuple[Summary, Counts]:
    device: Device = "meter" if series.meters[0] else "cgm"
    found = summary(device, series.minutes, series.offsets, series.glucose, series.flags)
    return found, counts.count(series)


def of(series: Series, heading: str = "p-1") -> str:
    return page(*both(series), heading=heading)


PLAIN = Statement("?", "open", "any low", "open")
WEEK = sensor([100 + (7 * place) % 90 for place in range(288 * 7)])


def test_a_page_is_whole_and_has_both_pictures() -> None:
    outline = Outline(of(WEEK))
    assert outline.open == []
    assert outline.seen.count("svg") == 2


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
    assert "Enough for the consensus metrics" in of(sensor([100] * 288 * 15))


HOSTILE = """</style><script>alert('1')</script>"&{{ 7 * 7 }}{% raw %}"""


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    said = Statement("+", HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE), 2)
    text = page(*both(WEEK), heading=HOSTILE, beside=Beside(HOSTILE, (said,)), notes=[HOSTILE])
    outline = Outline(text)
    assert outline.open == []
    assert outline.seen.count("script") == 0
    mild = Statement("+", "shown", "any low", "shown", ("2024-01-01",))
    assert outline.seen == Outline(page(*both(WEEK), heading="p-1", beside=Beside("", (mild,)), notes=[""])).seen
    assert outline.words.count(HOSTILE) == 8  # title, heading, as of, statement, verdict, two days, note
    assert outline.spoken == [HOSTILE]


def test_hostile_words_of_a_metric_stay_words() -> None:
    found, counted = both(WEEK)
    known, unknown = found.evidence["gri"], found.evidence["tests_per_day"]
    evil = {"gri": replace(known, definition=HOSTILE, unit=HOSTILE), "tests_per_day": replace(unknown, why=HOSTILE)}
    outline = Outline(page(replace(found, evidence={**found.evidence, **evil}), counted, heading="p-1"))
    assert outline.words.count(HOSTILE) == 3
    assert outline.seen.count("script") == 0


def test_hostile_words_of_a_picture_stay_words() -> None:
    drawn = replace(profile_picture(profile(WEEK)), labels=(Text(1, 1, HOSTILE),))
    drawn = replace(drawn, frame=replace(drawn.frame, title=HOSTILE, says=HOSTILE))
    root = ET.fromstring(render("profile.svg", profile=drawn))  # noqa: S314  (our own text)
    assert [part.text for part in root].count(HOSTILE) == 3


def test_a_value_that_a_template_names_and_nobody_gives_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'profile' is undefined"):
        render("profile.svg")


def test_the_templates_are_loaded_for_a_page_and_for_nothing_else() -> None:
    lazily = "import sys, priorauth.glucose.page.report; print('jinja2' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", lazily], capture_output=True, text=True, check=True).stdout == "False\n"
    )


def test_statements_stand_beside_the_pictures_and_notes_at_the_foot() -> None:
    said = Statement("-", "not so", "fewer than 4 tests", "not so, 2", ("2024-01-01 2",), 3)
    text = page(*both(WEEK), heading="p-1", beside=Beside("2024-01-07", (said, PLAIN)), notes=["log.csv: 2 left out"])
    assert "<p>As of 2024-01-07. + shown, - not so, ? open.</p><ul>" in text
    assert (
        '<li><b aria-label="not so">-</b> fewer than 4 tests: not so, 2<br><span class="note">2024-01-01 2 and 3 more'
        "</span></li>\n"
        '<li><b aria-label="open">?</b> any low: open</li>'
    ) in text
    assert text.endswith('<p class="note">log.csv: 2 left out.</p>\n</body>\n</html>\n')
    assert "<aside" not in of(WEEK)


def test_the_legend_takes_its_figures_from_the_definitions() -> None:
    ranges = definitions().ranges
    assert f"below {ranges.low} mg/dL (filled: below {ranges.very_low})" in of(WEEK)


def test_an_empty_stream_has_a_page_too() -> None:
    text = of(readings("cgm"))
    assert "no readings" in text
    assert Outline(text).open == []


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


def test_figures_have_one_digit_none_or_commas_as_the_filter_says() -> None:
    made = _environment().from_string("{{ x | tenths }} {{ x | whole }} {{ n | thousands }}").render(x=12.34, n=1234567)
    assert made == "12.3 12 1,234,567"
