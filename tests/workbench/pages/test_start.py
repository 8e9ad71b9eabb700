"""The start page, another for each role, and the help."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from priorauth.ledger.events import Who
from priorauth.workbench import render, rights, words
from priorauth.workbench.pages import start
from tests.ledger import house
from tests.workbench.house import Desk, plain, visit

COMING = {"/policies", "/admin"}
"""Where a day begins whose pages come with their group."""


@pytest.mark.parametrize("who", house.EVERYONE, ids=lambda who: f"{who.role} {who.person}")
def test_her_day_begins_where_her_work_is(day: Desk, who: Who) -> None:
    answer = day.get("/", who)
    first = answer.headers["location"]
    assert answer.status_code == 303
    assert first in COMING or day.get(first, who).status_code == 200


def test_every_role_has_a_start_page_that_it_may_open(day: Desk) -> None:
    found = {page.at: page for page in rights.table().pages.values()}
    nurse = visit(day, house.NURSE, "start")
    for role in rights.people():
        she = replace(nurse, session=replace(nurse.session, role=role))
        first = start.start(she).headers["location"]
        assert first in COMING - set(found) or rights.may_open(found[first], role) is not None, role


def test_the_keys_that_are_told_are_those_that_the_script_knows(day: Desk) -> None:
    text = plain(day.get("/help/keys", house.NURSE).text)
    for keys, says in start.KEYS:
        assert f"{keys} {says}" in text
    script = (render.STATIC / "workbench.js").read_text(encoding="utf-8")
    templates = " ".join(one.read_text(encoding="utf-8") for one in (render.STATIC.parent / "templates").glob("*.html"))
    for key in (one for keys, _ in start.KEYS for one in keys.split(", ") if one != "Enter"):  # the browser's own
        known = f'data-key="{key}"' in templates or re.search(rf"""["']{re.escape(key)}["']""", script)
        assert known, key


def test_the_words_that_are_explained_are_all_there(day: Desk) -> None:
    text = plain(day.get("/help/words", house.NURSE).text)
    for name, says in words.GLOSSARY:
        assert f"{name} {says}" in text


def test_help_says_the_same_to_somebody_who_is_not_signed_in(day: Desk) -> None:
    for at, answer in (("/help/keys", start.keys_for_anybody), ("/help/words", start.glossary_for_anybody)):
        main = re.compile(r"<h1>.*</main>", re.DOTALL)
        bare, signed = bytes(answer().body).decode(), day.get(at, house.NURSE).text
        assert main.findall(bare) == main.findall(signed) != []
