"""Until when one may appeal is counted from the mailing, and from no other day."""

import datetime as dt

from msgspec import structs

from priorauth.letters import rights
from priorauth.letters.facts import Mailing
from priorauth.letters.lines import owed
from priorauth.letters.make import page_of
from tests.letterbook import DIRECTOR, MAILED, at, facts


def test_the_appeal_date_printed_counts_from_the_mailing_record() -> None:
    letter = facts("adverse")
    assert letter.says.by == DIRECTOR  # type: ignore[union-attr]  # an adverse decision has a signer
    assert DIRECTOR.at == at(23, 15, 10)  # signed a day before it is mailed
    assert "Thursday, 28 January 2027" in page_of(letter)
    later = structs.replace(letter, mailing=Mailing(dt.date(2026, 11, 30), "post"))
    assert "Wednesday, 3 February 2027" in page_of(later)


def test_massachusetts_presumes_receipt_on_the_fifth_day_after_mailing_and_connecticut_counts_from_mailing() -> None:
    assert rights.appeal(owed("masshealth", "MA"), MAILED).last == dt.date(2027, 1, 28)
    assert rights.appeal(owed("husky", "CT"), MAILED).last == dt.date(2027, 1, 23)


def test_a_letter_mailed_on_the_day_it_was_made_for_stands() -> None:
    assert rights.stands(facts("adverse"), MAILED) is None


def test_a_letter_mailed_on_another_day_does_not_stand_and_a_new_one_replaces_it() -> None:
    why = rights.stands(facts("adverse"), Mailing(dt.date(2026, 11, 25), "post"))
    assert why is not None
    assert "make a new letter that replaces it" in why


def test_a_letter_made_for_the_post_and_sent_by_fax_does_not_stand() -> None:
    assert "made for post" in (rights.stands(facts("adverse"), Mailing(MAILED.on, "fax")) or "")


def test_keeping_a_service_is_counted_from_the_mailing_too() -> None:
    assert rights.appeal(owed("husky", "CT"), MAILED).keep_by == dt.date(2026, 12, 4)
    assert rights.appeal(owed("uhc-ma", "CT"), MAILED).keep_by is None
