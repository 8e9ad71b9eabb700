"""Pages from templates: everything escaped, nothing undefined, the words and the zone of the plan."""

from __future__ import annotations

from datetime import date

import pytest
from jinja2 import UndefinedError

from priorauth.ledger.events import Who
from priorauth.server.problem import Problem
from priorauth.workbench import render, rights, words
from priorauth.workbench.forms import Form
from tests.ledger import house
from tests.workbench.house import Desk, plain, visit

BAD = """<script>alert("x")</script>'"""


def body(answer: object) -> str:
    return bytes(answer.body).decode()  # type: ignore[attr-defined]


def test_what_was_typed_is_shown_again_and_runs_nothing(day: Desk) -> None:
    form = Form({"why": (BAD,)}, wrong={"why": BAD})
    problem = Problem("invalid", BAD)
    shown = render.page(
        visit(day, house.NURSE),
        "trouble.html",
        422,
        form=form,
        head=BAD,
        problem=problem,
        next=BAD,
        typed={BAD: (BAD,)},
        again=BAD,
        back=BAD,
        key=BAD,
        lost=[BAD],
        sent=True,
    )
    assert shown.status_code == 422
    assert "<script>alert" not in body(shown)
    assert "&lt;script&gt;alert(&#34;x&#34;)" in body(shown)


def test_a_page_that_lacks_what_it_shows_is_a_fault_and_not_a_gap(day: Desk) -> None:
    with pytest.raises(UndefinedError):
        render.page(visit(day, house.NURSE), "words.html")


def test_a_page_says_whose_plan_it_is_and_who_is_here(day: Desk) -> None:
    text = plain(body(render.page(visit(day, house.NURSE), "words.html", glossary=words.GLOSSARY)))
    assert "priorauth A plan" in text
    assert "Nina Nurse" in text


def test_what_was_done_is_said_once_by_its_word_and_another_word_says_nothing(day: Desk) -> None:
    def said(word: str) -> str:
        there = visit(day, house.NURSE, "words", f"/help/words?said={word}")
        return body(render.page(there, "words.html", glossary=()))

    assert f'<p class="done" role="status">{words.SAID["taken"]}</p>' in said("taken")
    assert 'class="done"' not in said("%3Cscript%3E")


@pytest.mark.parametrize("who", house.EVERYONE, ids=lambda who: who.role)
def test_the_head_leads_where_she_may_go_and_nowhere_else(day: Desk, who: Who) -> None:
    leads = dict(render.nav(who.role))
    for address in leads:
        assert day.get(address, who).status_code == 200
    names = dict(words.NAV)
    found = rights.table().pages
    others = {found[name].at for name in names if name in found} - set(leads)
    for address in others:
        assert day.get(address, who).status_code == 403


def test_a_template_asks_what_a_role_may_and_of_what_is_not_there_the_answer_is_no() -> None:
    nurse, clinic = render.may("nurse"), render.may("coordinator")
    assert (nurse("queue"), clinic("queue")) == (True, False)
    assert (nurse("case-take"), clinic("case-take")) == (True, False)
    assert not nurse("no-such-page")


def test_somebody_who_is_not_signed_in_sees_no_name_and_no_way_on() -> None:
    text = body(render.plain("words.html", glossary=words.GLOSSARY))
    assert "<nav" not in text
    assert "Sign out" not in text


@pytest.mark.parametrize("name", ["workbench.css", "workbench.js"])
def test_a_file_is_at_an_address_that_changes_with_it(name: str) -> None:
    sha, content = render.files()[name]
    assert content == (render.STATIC / name).read_bytes()
    assert render.static(name) == f"/static/{sha}/{name}"


def test_days_and_moments_are_written_as_pages_write_them(day: Desk) -> None:
    assert render.day(date(2026, 11, 27)) == "27 Nov 2026"
    zone = visit(day, house.NURSE).zone
    assert render.moment(house.NOW, zone) == "Tue 24 Nov 2026 09:00 EST"
    assert render.moment(house.NOW, zone, zone=False) == "Tue 24 Nov 2026 09:00"
