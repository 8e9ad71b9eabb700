"""What a template is given is text, marked as given; what it is not given is an error; nothing is from outside."""

import re

import pytest
from jinja2 import UndefinedError

from priorauth.letters import templates, wording
from priorauth.letters.page import own_words
from priorauth.letters.templates import _environment


def test_a_value_is_text_never_html_and_marked_as_given() -> None:
    made = _environment().from_string("<b>{{ name }}</b>").render(name="<script>")
    assert made == '<b><span class="given">&lt;script&gt;</span></b>'


def test_a_bare_value_is_escaped_and_not_marked() -> None:
    assert _environment().from_string('<a b="{{ name|bare }}">').render(name='"<') == '<a b="&#34;&lt;">'


def test_a_value_that_a_template_names_and_was_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        _environment().from_string("{{ name }}").render()


def test_no_template_loads_anything_from_outside() -> None:
    fonts = {f"letters:{path.name}" for path in templates.FONTS.glob("*.ttf")}
    for path in (*templates.FOLDER.rglob("*.html"), *templates.FOLDER.glob("*.css")):
        text = path.read_text("utf-8")
        assert not re.search(r"https?:|//\w|@import|<script|<link|<iframe|\bhref=", text), path.name
        assert set(re.findall(r"url\(([^)]*)\)", text)) <= fonts
        assert set(re.findall(r'src="([^"]*)"', text)) <= {"{{ barcode|bare }}"}


def test_no_template_uses_a_word_that_no_letter_uses() -> None:
    for path in templates.FOLDER.rglob("*.html"):
        plain = re.sub(r"\{[{%].*?[%}]\}", " ", path.read_text("utf-8"))
        assert [word for text in own_words(plain) for word in wording.found(text)] == [], path.name


def test_the_version_is_the_hash_of_every_file_and_stays_the_same() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", templates.version())
    names = {path.name for path in templates.files()}
    assert {"letter.html", "letter.css", "elements.yaml", "lines.yaml"} <= names
    assert {path.name for path in templates.FONTS.glob("*.ttf")} <= names
