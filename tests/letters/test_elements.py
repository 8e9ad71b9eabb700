"""What a letter must hold is data, and each of it is marked in a template."""

import re

import pytest

from priorauth.letters import elements
from priorauth.letters.facts import Line
from priorauth.letters.kinds import Kind
from priorauth.letters.make import page_of
from priorauth.letters.templates import FOLDER
from tests.letterbook import KINDS, LINES, facts, possible

EVERY = [(kind, line) for kind in KINDS for line in LINES if possible(kind, line)]


def test_every_kind_has_its_list_and_every_condition_is_known() -> None:
    assert set(elements.table()) == set(KINDS)
    conditions = {one.when for listed in elements.table().values() for one in listed if one.when}
    assert conditions == set(elements.CONDITIONS)


def test_every_element_is_marked_in_a_template() -> None:
    text = "\n".join(path.read_text("utf-8") for path in FOLDER.rglob("*.html"))
    marks = {name for names in re.findall(r'data-element="([\w -]+)"', text) for name in names.split()} | set(
        re.findall(r'row\("[^"]+", "([\w-]+)"\)', text)
    )
    marks |= {"notice-language", "notice-aids", "notice-nondiscrimination"}
    assert {one.id for listed in elements.table().values() for one in listed} <= marks


@pytest.mark.parametrize(("kind", "line"), EVERY)
def test_every_letter_of_every_line_holds_what_it_must(kind: Kind, line: Line) -> None:
    letter = facts(kind, line)
    assert [one.id for one in elements.missing(page_of(letter), letter)] == []


def test_an_element_that_is_taken_out_or_emptied_is_missed() -> None:
    letter = facts("adverse")
    html = page_of(letter)
    out = html.replace('data-element="appeal-by"', "")
    assert [one.id for one in elements.missing(out, letter)] == ["appeal-by"]
    empty = re.sub(r'(<p data-element="file">).*?(</p>)', r"\1 \2", html, flags=re.DOTALL)
    assert [one.id for one in elements.missing(empty, letter)] == ["file"]


def test_the_text_of_an_element_is_read_through_what_stands_inside_it() -> None:
    held = elements.held(
        '<p data-element="a">One <b data-element="b">two</b><br>three <img alt="bars"></p><i data-element="b">x</i>'
    )
    assert held == {"a": ("One two three bars",), "b": ("two", "x")}
