"""A visit: who is here, one moment for all that a page says, the key and the version of a form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.responses import Response

from priorauth.ledger import tables as t
from priorauth.ledger.acts.calls import Note
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.server.problem import Problem
from priorauth.workbench import visit as v
from priorauth.workbench.forms import Form
from priorauth.workbench.signin import csrf
from priorauth.workbench.visit import Visit
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench.house import Desk, visit

PAPER = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.4")


@pytest.fixture(scope="module")
def here(day: Desk) -> Visit:
    """A nurse at a page."""
    return visit(day, house.NURSE, "case", "/c/26-1?said=taken&of=1", case="26-1")


def test_a_visit_knows_who_is_here_and_in_which_plan(here: Visit) -> None:
    assert (here.who, here.role, here.name) == (house.NURSE, "nurse", "Nina Nurse")
    assert (here.plan["name"], str(here.zone)) == ("A plan", "America/New_York")


def test_a_visit_has_one_moment_however_long_it_lasts(day: Desk) -> None:
    found = visit(day, house.NURSE)
    first = found.now
    day.now += timedelta(minutes=5)
    later = visit(day, house.NURSE).now
    day.now -= timedelta(minutes=5)
    assert (found.now, later - first) == (first, timedelta(minutes=5))


def test_parts_of_the_address_and_what_it_asks_for_are_read(here: Visit) -> None:
    assert here.path("case") == "26-1"
    assert (here.asked("of"), here.asked("none"), here.asked("none", "all")) == ("1", "", "all")


@given(st.text(max_size=12) | st.integers(0, 10**12).map(str))
@example("٣")
@example("1234567890")
def test_a_form_says_which_version_it_saw_or_is_not_used(here: Visit, typed: str) -> None:
    form = Form({"version": (typed,)})
    good = typed.isascii() and typed.isdecimal() and len(typed) < 10
    if good:
        assert here.version(form) == int(typed)
    else:
        with pytest.raises(Problem) as fault:
            here.version(form)
        assert (fault.value.kind, fault.value.status) == ("version", 428)
    assert form.wrong == {}


def test_a_key_of_one_person_is_no_key_of_another(day: Desk, here: Visit) -> None:
    form = Form({"key": ("abc",)})
    other = visit(day, house.SECOND_NURSE)
    assert here.key(form) == visit(day, house.NURSE).key(form)
    assert here.key(form) not in (None, other.key(form))
    assert here.key(Form()) is None
    assert here.fresh_key == here.fresh_key != other.fresh_key


def test_an_act_is_done_in_her_name_and_for_a_clinic_where_that_is_said(day: Desk) -> None:
    number = day.receive("ask")
    visit(day, house.NURSE).do(FileDocument(case=number, file=PAPER), behalf="clinic")
    told = next(one for one in rows(day.store, t.event, case_no=number) if one["what"] == "filed")
    assert (told["person"], told["role"], told["behalf"]) == ("nina", "nurse", "clinic")
    with pytest.raises(Problem) as fault:
        visit(day, house.COORDINATOR).do(Note(case=number, said="A note."))
    assert (fault.value.kind, fault.value.status) == ("no-right", 403)


@pytest.mark.parametrize(
    ("address", "said", "to"),
    [("/queue", "", "/queue"), ("/queue", "taken", "/queue?said=taken"), ("/c/1?a=b", "taken", "/c/1?a=b&said=taken")],
)
def test_a_browser_is_sent_on_with_what_was_done(here: Visit, address: str, said: str, to: str) -> None:
    answer = here.see(address, said)
    assert (answer.status_code, answer.headers["location"]) == (303, to)


def test_two_answers_to_one_address_are_a_fault_of_the_program() -> None:
    with pytest.raises(AssertionError, match="start"):
        v.page("start")(lambda _: Response())
    with pytest.raises(AssertionError, match="case-take"):
        v.form("case-take")(lambda _, __: Response())
    with pytest.raises(AssertionError, match="words"):
        v.anybody("words")(Response)


def test_a_form_is_of_our_page_where_it_bears_the_token_of_the_session(here: Visit) -> None:
    assert v.from_our_page(here.session, Form({csrf.FIELD: (here.session.csrf,)}))
    for other in ("", "0" * 64, here.session.csrf[:-1], "é"):
        assert not v.from_our_page(here.session, Form({csrf.FIELD: (other,)}))
