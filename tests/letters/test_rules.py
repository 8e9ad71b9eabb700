"""What a letter must not be made of, rule by rule."""

import datetime as dt

import pytest
from msgspec import structs

from priorauth.letters import kinds as k
from priorauth.letters.facts import Facts, Line
from priorauth.letters.kinds import Kind
from priorauth.letters.rules import refusals
from tests.letterbook import DIRECTOR, FORM, KINDS, LINES, at, facts, possible
from tests.letters.test_decided import changed, faults

EVERY = [(kind, line) for kind in KINDS for line in LINES if possible(kind, line)]


@pytest.mark.parametrize(("kind", "line"), EVERY)
def test_nothing_stands_against_a_letter_that_is_whole(kind: Kind, line: Line) -> None:
    assert refusals(facts(kind, line)) == ()


def test_an_expired_cms_form_is_refused() -> None:
    letter = changed(facts("adverse", "uhc-ma"), form=structs.replace(FORM, expires=dt.date(2026, 11, 23)))
    assert "could be used until 23 November 2026" in faults(letter)


def test_without_the_installed_form_no_adverse_medicare_letter_is_made() -> None:
    assert "is not installed" in faults(changed(facts("adverse", "uhc-ma"), form=None))
    assert "is not installed" in faults(changed(facts("missed-clock", "uhc-ma"), form=None))


def test_a_check_before_sending_decides_nothing_and_may_still_be_drafted() -> None:
    def check(kind: Kind) -> Facts:
        letter = facts(kind)
        return structs.replace(letter, determination=structs.replace(letter.determination, check=True))

    assert "nothing was decided" in faults(check("approval"))
    assert faults(check("necessity")) == ""


def test_the_item_of_a_letter_is_the_determinations() -> None:
    letter = facts("approval")
    (item,) = letter.items
    assert "E0784" in faults(structs.replace(letter, items=(structs.replace(item, hcpcs="E0781"),)))


def test_an_approval_that_the_rules_did_not_give_names_the_person_who_did() -> None:
    letter = structs.replace(facts("approval"), determination=facts("adverse").determination)
    assert "name the person who did" in faults(letter)
    assert faults(changed(letter, by=DIRECTOR)) == ""


def test_an_authorization_has_a_number_and_an_end() -> None:
    letter = changed(facts("approval"), grant=k.Grant("", dt.date(2026, 12, 1)))
    assert "number" in faults(letter)
    assert "the day or the event" in faults(letter)


def test_a_decision_reaches_member_and_prescriber_and_massachusetts_asks_the_provider_alone() -> None:
    assert "goes to the prescriber too" in faults(structs.replace(facts("adverse"), copies=()))
    assert "goes to the member too" in faults(structs.replace(facts("adverse"), to="supplier"))
    assert "tells the provider alone" in faults(structs.replace(facts("information"), copies=("member",)))


def test_a_letter_to_a_representative_needs_one_on_file() -> None:
    assert "no representative is on file" in faults(structs.replace(facts("adverse"), to="representative"))


def test_an_answer_is_asked_for_neither_after_the_clock_nor_sooner_than_the_law_says() -> None:
    assert "after the clock" in faults(changed(facts("information"), answer_by=at(28)))
    assert "the law gives until" in faults(changed(facts("information", "anthem-erisa"), answer_by=at(28)))


def test_a_letter_asks_only_what_the_determination_asks() -> None:
    letter = structs.replace(facts("information"), determination=facts("approval").determination)
    assert "nothing is asked" in faults(letter)


def test_an_appeal_is_not_reviewed_or_decided_by_the_first_reviewer() -> None:
    assert "did not decide first" in faults(changed(facts("appeal-received"), reviewer=DIRECTOR))
    assert "did not decide first" in faults(changed(facts("appeal-information"), reviewer=DIRECTOR))
    same = structs.replace(DIRECTOR, name="H. Marsh")  # the same licence under another spelling
    assert "did not decide first" in faults(changed(facts("appeal-decision"), by=same))


def test_an_appeal_is_decided_under_the_first_version_of_the_policy() -> None:
    other = facts("adverse", "caresource-qhp").determination
    assert "the policy version of the first" in faults(changed(facts("appeal-decision"), first=other))


def test_a_medicare_appeal_that_is_not_won_goes_to_the_independent_entity() -> None:
    assert "independent entity" in faults(changed(facts("appeal-decision", "uhc-ma"), sent_outside=None))


def test_an_extension_has_a_ground_of_the_closed_list_and_ends_in_time() -> None:
    assert "expected one of asked, outside-evidence" in faults(changed(facts("extension", "uhc-ma"), ground="clinic"))
    assert "at most 14 days" in faults(changed(facts("extension"), until=at(12, 12, month=12)))
    assert "has no extension" not in faults(facts("extension"))


def test_an_extension_is_told_before_its_clock_runs_out() -> None:
    late = changed(facts("extension"), was=at(23, 12), until=at(30, 12))
    assert "before the clock" in faults(late)


def test_a_missed_clock_is_told_by_a_person_and_only_when_it_has_run_out() -> None:
    assert "the person who acted" in faults(changed(facts("missed-clock"), acted_by=""))
    assert "has not run out" in faults(structs.replace(facts("missed-clock"), clock=facts("adverse").clock))


def test_georgias_law_gives_an_authorization_and_the_letter_has_it() -> None:
    assert "the law authorizes the item" in faults(changed(facts("missed-clock", "caresource-qhp"), grant=None))


def test_a_member_of_an_insured_plan_asks_no_state_for_a_hearing() -> None:
    letter = structs.replace(facts("hearing-request"), sender=facts("adverse", "anthem-insured").sender)
    assert "no state hearing" in faults(letter)
