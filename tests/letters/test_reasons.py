"""A clinician is offered what the determination has, and what it lacks stays empty."""

from msgspec import structs

from priorauth.letters.reasons import lacking, offered
from tests.letterbook import decided, reason


def test_what_is_on_file_is_offered_with_value_date_and_document() -> None:
    offer = offered(decided("examples/ask.json"), "II.A.T.7")
    assert offer.found == "HbA1c 8.7 %, 15 Jul 2025, laboratory result."
    assert "too old (counts from 21 Nov 2025)" in offer.why_not


def test_what_the_determination_does_not_have_stays_empty_and_nobody_has_confirmed_it() -> None:
    offer = offered(decided("examples/ask.json"), "II.A.T.5")
    assert (offer.found, offer.why_not, offer.confirmed_by) == ("", "", "")
    assert list(lacking(offer)) == ["what we found", "why that does not show it"]


def test_a_whole_reason_lacks_nothing_and_blanks_are_no_part() -> None:
    whole = reason(decided("examples/ask.json"))
    assert list(lacking(whole)) == []
    assert list(lacking(structs.replace(whole, would="  "))) == ["what would show it"]
