"""The page of HTML with each sentence beside its rules."""

from __future__ import annotations

from html.parser import HTMLParser

from priorauth.trace.lay import lay
from priorauth.trace.sheet import sheet
from tests.trace.invented import OLD, copy, policy, traced


class Tags(HTMLParser):
    """Counts the rows, and holds that every tag is closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append(str(dict(attrs).get("class")))
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def shown(text: str) -> tuple[str, Tags]:
    made = sheet(policy(), traced(), lay(copy(text), traced().rows))
    tags = Tags()
    tags.feed(made)
    assert tags.open == []
    return made, tags


def test_every_sentence_has_a_row_and_its_kind_is_told_in_words_too() -> None:
    made, tags = shown(OLD)
    assert (tags.rows.count("rule"), tags.rows.count("other"), tags.rows.count("new")) == (29, 21, 0)
    assert '<span class="id">II.B</span> HbA1c above 8.0 percent, not older than six months' in made
    assert '<span class="kind">heading</span>' in made


def test_a_sentence_that_is_not_known_is_marked() -> None:
    made, tags = shown(OLD.replace("hospital", "clinic").replace("often adjusted", "rarely adjusted"))
    assert tags.rows.count("new") == 1
    assert "the trace does not know this sentence" in made


def test_words_of_a_text_are_never_markup() -> None:
    made, _ = shown(OLD.replace("Cedar R.", "Cedar R. &lt;script&gt; & < 7 'x' \"y\""))
    assert "&amp;lt;script&amp;gt;" in made
    assert "&lt; 7" in made
    assert "<script" not in made
