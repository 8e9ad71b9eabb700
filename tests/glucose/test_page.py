import re
from html.parser import HTMLParser

from priorauth.glucose import census
from priorauth.glucose.definitions import definitions
from priorauth.glucose.page import page
from priorauth.glucose.summary import summary
from priorauth.glucose.traces import Device, Traces
from tests.glucose.drawn import readings, sensor


class Outline(HTMLParser):
    """The tags of a page, and which of them were left open."""

    VOID = ("meta", "path", "rect", "circle")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the parser's)
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the same)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def of(traces: Traces, heading: str = "p-1") -> str:
    device: Device = "meter" if traces.meters[0] else "cgm"
    found = summary(device, traces.minutes, traces.offsets, traces.glucose, traces.flags)
    return page(found, census.take(traces), heading=heading)


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


def test_the_heading_cannot_become_markup() -> None:
    assert "<b>" not in of(WEEK, heading="<b>p-1</b>")


def test_the_legend_takes_its_figures_from_the_definitions() -> None:
    ranges = definitions().ranges
    assert f"below {ranges.low} mg/dL (filled: below {ranges.very_low})" in of(WEEK)


def test_an_empty_stream_has_a_page_too() -> None:
    text = of(readings("cgm"))
    assert "no readings" in text
    assert Outline(text).open == []
