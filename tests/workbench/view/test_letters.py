"""Letters as pages show them: which there is something to tell in, looked at, what each must hold."""

from __future__ import annotations

from priorauth.ledger.acts.notices import MakeNotice, print_ahead
from priorauth.ledger.acts.peer import BookCall
from priorauth.ledger.store import Store
from priorauth.letters.facts import Sender
from priorauth.server import reads
from priorauth.workbench.view import letters
from tests.ledger import house
from tests.ledger.standing import HOUR, adverse
from tests.ledger.test_notices import TODAY
from tests.letterbook import sender
from tests.workbench.director import appealed, with_director
from tests.workbench.house import both
from tests.workbench.view.test_deciding import visiting


def kinds(store: Store, number: str, *, missed: bool = False) -> tuple[str, ...]:
    return letters.kinds(reads.case(store, house.DIRECTOR, number), missed=missed)


def test_a_letter_is_offered_where_there_is_something_to_tell(store: Store) -> None:
    with visiting(store):
        number = with_director(store)
        assert kinds(store, number) == ("information",)
        assert kinds(store, number, missed=True) == ("information", "missed-clock")
        house.done(store, BookCall(case=number, at=house.NOW + HOUR, with_whom="Dr Chen"), house.DIRECTOR)
        assert kinds(store, number) == ("information", "peer-call")
        house.done(store, adverse(number), house.DIRECTOR)
        assert kinds(store, number) == ("adverse", "peer-call")
        _, appeal = appealed(store)
        assert kinds(store, appeal) == ("appeal-received",)
        assert kinds(store, str(house.received(store, "approve"))) == ("approval",)


@both
def test_a_letter_is_looked_at_or_it_is_said_what_stands_against_it(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = str(house.received(store, "approve"))
        act = MakeNotice(case=number, kind="approval", mailed=TODAY, copies=("prescriber",))
        found = letters.looked(visit, act)
        assert "Your request is approved" in found.html
        assert any("45 CFR 92.11" in one for one in found.unverified)
        assert letters.looked(visit, MakeNotice(case=number, kind="approval", mailed=TODAY)).against == (
            "copies: approval goes to the prescriber too",
        )
        assert letters.looked(visit, MakeNotice(case=number, kind="song", mailed=TODAY)).against


def test_the_list_of_what_a_letter_holds_says_where_each_is_written(store: Store) -> None:
    with visiting(store) as (_, visit):
        number = str(house.received(store, "approve"))
        act = MakeNotice(case=number, kind="approval", mailed=TODAY, copies=("prescriber",))
        print_ahead(visit.store, act, visit.who, visit.now)
        house.done(store, act, house.NURSE)
        whole = reads.case(store, house.DIRECTOR, number)
        (one,) = letters.listed(visit, whole, {"nina": "Nina Nurse"})
        assert (one.status, one.by, one.mailed_for, one.until) == ("made", "Nina Nurse", TODAY, None)
        page = letters.html(visit, one.notice)
        found = list(letters.checklist(page, letters.facts_of(visit, number, 1)))
        assert all(each.text and each.cite for each in found)
        assert f"{number}-1" in [each.text for each in found]


def test_an_office_is_read_from_the_settings_and_one_that_is_broken_is_none(store: Store) -> None:
    with visiting(store, payers=1) as (_, visit):
        assert isinstance(letters.office(visit, "masshealth"), Sender)
        assert letters.office(visit, "husky") is None
        visit.plan["settings"]["letters"]["husky"] = {"name": 1}
        assert letters.office(visit, "husky") is None


def test_what_a_state_asks_of_letters_and_calls_is_read_from_their_elements(store: Store) -> None:
    indiana = sender("caresource-qhp", "IN")
    assert {"alternatives", "denial-code"} <= letters.asks(indiana, "adverse")
    assert "alternatives" not in letters.asks(sender("caresource-qhp", "GA"), "adverse")
    assert letters.asks(None, "adverse") == letters.asks(indiana, "") == frozenset()
    assert letters.window(indiana) == ("The law asks for the offer of a call within 48 hours (Ind. Code 27-1-37.5).",)
    assert letters.window(sender("masshealth")) == letters.window(None) == ()
    with visiting(store) as (_, visit):
        assert [one["says"] for one in letters.clinicians(visit)] == [
            "Apu Appeals, MD, endocrinology", "Dirk Appeals, MD, endocrinology", "Dora Director, MD, endocrinology",
        ]  # fmt: skip
