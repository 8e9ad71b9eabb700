"""An adverse letter has a licensed clinician's name and whole reasons under it, or it is not made."""

import datetime as dt

import pytest
from msgspec import structs

from priorauth.letters import decided
from priorauth.letters import kinds as k
from priorauth.letters.facts import Facts
from priorauth.letters.make import make
from priorauth.letters.rules import LetterRefused, refusals
from tests.letterbook import DIRECTOR, at, facts


def changed(letter: Facts, **values: object) -> Facts:
    """Return the letter with other values in what it says."""
    return structs.replace(letter, says=structs.replace(letter.says, **values))


def faults(letter: Facts) -> str:
    return "\n".join(map(str, refusals(letter)))


@pytest.mark.parametrize(
    "by",
    [
        None,
        structs.replace(DIRECTOR, name=" "),
        structs.replace(DIRECTOR, credential=""),
        structs.replace(DIRECTOR, specialty=""),
        structs.replace(DIRECTOR, licence=None),
        structs.replace(DIRECTOR, licence=k.Licence("MD", "MA", "", dt.date(2027, 6, 30))),
        structs.replace(DIRECTOR, licence=k.Licence("MD", "MA", "12345", dt.date(2026, 11, 22))),
    ],
)
def test_no_adverse_letter_can_be_made_without_a_named_licensed_clinician(by: k.Clinician | None) -> None:
    with pytest.raises(LetterRefused, match=r"says\.by"):
        make(changed(facts("adverse"), by=by))


@pytest.mark.parametrize("part", ["asks", "found", "why_not", "would"])
def test_a_reason_with_three_of_its_four_parts_is_refused(part: str) -> None:
    letter = facts("adverse")
    assert isinstance(letter.says, k.Adverse)
    (one,) = letter.says.reasons
    assert "a reason has four parts" in faults(changed(letter, reasons=(structs.replace(one, **{part: ""}),)))


def test_a_reason_that_the_signer_has_not_confirmed_is_refused() -> None:
    letter = facts("adverse")
    assert isinstance(letter.says, k.Adverse)
    (one,) = letter.says.reasons
    unread = structs.replace(one, confirmed_by="")
    assert "has not confirmed it" in faults(changed(letter, reasons=(unread,)))


def test_a_reason_about_a_paragraph_that_was_not_looked_at_is_refused() -> None:
    letter = facts("adverse")
    assert isinstance(letter.says, k.Adverse)
    (one,) = letter.says.reasons
    assert "none of the determination's" in faults(changed(letter, reasons=(structs.replace(one, criterion="X.9"),)))


def test_a_reason_that_uses_a_word_that_no_letter_uses_is_refused() -> None:
    letter = facts("adverse")
    assert isinstance(letter.says, k.Adverse)
    (one,) = letter.says.reasons
    bare = structs.replace(one, why_not="It is not medically necessary.")
    assert "'not medically necessary (alone)'" in faults(changed(letter, reasons=(bare,)))


def test_an_adverse_letter_without_a_reason_is_refused() -> None:
    assert "expected a reason" in faults(changed(facts("adverse"), reasons=()))


def test_what_the_rules_approve_cannot_be_turned_down_as_a_whole() -> None:
    letter = structs.replace(facts("adverse"), determination=facts("approval").determination)
    assert "the determination says approve" in faults(letter)


def test_a_part_says_which_part_and_a_cut_comes_ten_days_ahead() -> None:
    assert "expected which part" in faults(changed(facts("adverse"), action="part"))
    cut = changed(facts("adverse"), action="reduction", refused=(k.Portion("E0784", "insulin pump", 2, 1),))
    assert "at least 10 days before" in faults(cut)
    assert faults(changed(cut, effective=dt.date(2026, 12, 4))) == ""


def test_indiana_asks_for_alternatives_and_husky_for_the_childs_test() -> None:
    assert "alternatives" in faults(changed(facts("adverse", "caresource-qhp", "IN"), alternatives=()))
    assert "under 21" in faults(changed(facts("adverse", "husky"), epsdt=""))
    assert "21 or older" in faults(changed(facts("adverse"), epsdt="The test was applied."))


def test_criteria_of_others_are_named_with_subset_and_version() -> None:
    assert "subset and version" in faults(changed(facts("adverse", "husky"), subset=""))


def test_a_letter_that_is_signed_after_its_day_of_mailing_is_refused() -> None:
    later = structs.replace(DIRECTOR, at=at(25, 9))
    assert "signed after the day of mailing" in faults(changed(facts("adverse"), by=later))


def test_a_medicare_letter_names_the_rule_it_relies_on() -> None:
    assert "expected the Medicare rule" in faults(changed(facts("adverse", "uhc-ma"), relies=()))


def test_an_authorization_does_not_end_before_it_begins_and_a_trial_ends_on_a_day() -> None:
    first = dt.date(2026, 12, 1)
    assert "ends before it begins" in faults(
        changed(facts("approval"), grant=k.Grant("1", first, dt.date(2026, 11, 30)))
    )
    endless = k.Grant("1", first, event="when the pump is replaced", trial=True)
    assert "a trial ends on a day" in faults(changed(facts("approval"), grant=endless))


def test_the_first_reviewer_is_known_by_her_name_and_by_her_licence() -> None:
    licence = k.Licence("MD", "CT", "999", dt.date(2027, 6, 30))
    same_name = structs.replace(DIRECTOR, licence=licence)
    same_licence = structs.replace(DIRECTOR, name="Helen Brook")
    other = structs.replace(same_licence, licence=licence)
    found = [list(decided.another(one, DIRECTOR, "by")) for one in (same_name, same_licence, other)]
    assert [len(one) for one in found] == [1, 1, 0]
