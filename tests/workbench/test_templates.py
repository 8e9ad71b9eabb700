"""The templates and files of the pages: nothing inline, nothing from elsewhere, colours that can be read, few bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from priorauth.workbench import render, words

TEMPLATES = sorted((render.STATIC.parent / "templates").glob("*.html"))
CSS = (render.STATIC / "workbench.css").read_text(encoding="utf-8")
MOST_CSS = 12 * 1024
NEVER = re.compile(r"\b(denied|deny|denial|pending|in process|TAT|LOB|ASAP|click here)\b", re.IGNORECASE)
SAYS_SO = re.compile(r"never a denial")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_has_no_inline_script_no_inline_style_and_asks_nothing_from_elsewhere(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text)
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_says_nothing_in_the_words_that_say_nothing(file: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not NEVER.findall(SAYS_SO.sub("", text))


def test_the_words_of_the_pages_are_none_of_those_either() -> None:
    said = [*words.SAID.values(), *words.OUTCOME.values(), *words.STATE.values(), *dict(words.NAV).values()]
    said += [text for one in words.GLOSSARY for text in one]
    assert not [text for text in said if NEVER.search(SAYS_SO.sub("", text))]


def test_every_table_of_a_template_has_a_caption_and_heads_with_a_scope() -> None:
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8")
        assert text.count("<table") == text.count("<caption"), file.name
        assert not re.search(r"<th(?![^>]*\bscope=)[\s>]", text), file.name


def test_the_style_sheet_is_small() -> None:
    assert len(CSS.encode()) < MOST_CSS


def test_colours_of_text_can_be_read_on_paper_and_on_soft_grounds() -> None:
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", CSS))
    for colour in ("ink", "link", "ok", "open", "two", "late"):
        assert contrast(named[colour], named["paper"]) >= 6.0, colour
        assert contrast(named[colour], named["soft"]) >= 5.3, colour
    assert contrast(named["line"], named["paper"]) >= 4.5


def contrast(one: str, two: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    light, dark = sorted((_light(one), _light(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _light(colour: str) -> float:
    digits = colour.removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
    parts = [int(whole[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
