"""What a letter must hold is data, and each of it is marked in a template."""

import datetime as dt
import re

import pytest

from priorauth.letters import elements
from priorauth.letters.facts import Facts, Line
from priorauth.letters.kinds import Grant, Kind, Portion
from priorauth.letters.make import page_of
from priorauth.letters.templates import FOLDER
from tests.letterbook import KINDS, LINES, facts, possible
from tests.letters.test_decided import changed

BY_ALL: dict[Kind, str] = {  # by hand: what a letter of a kind holds whatever the plan, the state and the case
    "approval": "decision next-step date case member member-id item hcpcs quantity supply supplier number from until"
    " who-uses changes policy how-decided not-a-promise help notice-language notice-aids notice-nondiscrimination",
    "information": "decision next-step date case member member-id decide-by stops question paragraph held who-answers"
    " how-to-answer no-answer peer policy how-decided",
    "adverse": "decision next-step date case member member-id item asks found why-not would reviewer signature policy"
    " how-decided peer appeal-how appeal-by fast",
    "missed-clock": "decision next-step date case member member-id clock means acted"
    " notice-language notice-aids notice-nondiscrimination",
    "appeal-received": "decision next-step date case member member-id reviewer another clock send-more file"
    " notice-language notice-aids notice-nondiscrimination",
    "appeal-decision": "decision next-step date case member member-id reviewer signature side-by-side new-facts policy"
    " how-decided notice-language notice-aids notice-nondiscrimination",
    "extension": "decision next-step date case member member-id ground why new-day"
    " notice-language notice-aids notice-nondiscrimination",
    "oral-notice": "decision next-step date case member member-id asks found why-not would spoke spoken-to spoken-at"
    " number said-decision said-who peer appeal-by fast written file",
}
BY_LAW: dict[Line, str] = {  # by hand: what the laws of a line ask for in an adverse letter, beside that
    "masshealth": "hearing-form hearing-what relies",
    "husky": "hearing-form hearing-what relies definition epsdt subset",
    "caresource-qhp": "outside codes-on-request codes denial-code criteria-enclosed",
    "anthem-insured": "outside codes-on-request codes denial-code conference",
    "anthem-erisa": "codes-on-request codes sue",
    "uhc-ma": "relies form omb edition expires twelve-point date-inserted member-inserted member-id-inserted phone",
    "medicaid-managed-care": "limits second",
}
BY_ALL_BUT_MEDICARE = (
    "hcpcs quantity supply action effective who file help answered law"
    " notice-language notice-aids notice-nondiscrimination"
)
"""The form of a Medicare denial has its own words for these."""
PART = (Portion("E0784", "insulin pump", 2, 1),)
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


# ---- what is required, held against lists that were written by hand


def ids(letter: Facts) -> set[str]:
    return {one.id for one in elements.required(letter)}


@pytest.mark.parametrize("kind", BY_ALL)
def test_a_letter_holds_what_every_letter_of_its_kind_holds(kind: Kind) -> None:
    for line in LINES:
        assert set(BY_ALL[kind].split()) <= ids(facts(kind, line)), line


@pytest.mark.parametrize("line", LINES)
def test_an_adverse_letter_holds_what_the_laws_of_its_line_ask_for_and_nothing_of_anothers(line: Line) -> None:
    wanted = set(f"{BY_ALL['adverse']} {BY_LAW[line]}".split())
    assert ids(facts("adverse", line)) == wanted | (set() if line == "uhc-ma" else set(BY_ALL_BUT_MEDICARE.split()))


def test_what_a_state_asks_for_is_in_its_letters_alone() -> None:
    for state, wanted in (("GA", {"criteria-enclosed"}), ("IN", {"alternatives", "peer-48"}), ("OH", set())):
        found = ids(facts("adverse", "caresource-qhp", state))
        assert found & {"criteria-enclosed", "alternatives", "peer-48", "conference"} == wanted, state
    assert "lasts" in ids(facts("approval", "caresource-qhp", "GA"))
    assert "lasts" not in ids(facts("approval", "caresource-qhp", "OH"))


def test_a_part_names_what_was_not_approved_and_a_trial_what_to_send() -> None:
    assert {"renew-what", "renew-by"} <= ids(facts("approval", "masshealth"))
    assert not {"renew-what", "renew-by", "not-approved"} & ids(facts("approval", "husky"))
    assert "not-approved" in ids(changed(facts("approval"), refused=PART))
    assert "not-approved" in ids(changed(facts("adverse"), action="part", refused=PART))
    assert "not-approved" not in ids(facts("adverse"))


def test_a_cut_says_how_to_keep_the_service() -> None:
    keeps: tuple[Line, ...] = ("masshealth", "husky", "medicaid-managed-care")
    for line in LINES:
        assert ("keep" in ids(changed(facts("adverse", line), action="reduction", refused=PART))) is (line in keeps)
    assert "keep" not in ids(facts("adverse"))


def test_an_appeal_that_is_not_won_gives_reasons_and_the_next_way_and_one_that_is_won_the_grant() -> None:
    lost = facts("appeal-decision", "anthem-erisa")
    grant = Grant("PA-1", dt.date(2026, 12, 1), dt.date(2027, 2, 28))
    won = changed(lost, outcome="overturned", reasons=(), grant=grant)
    reasons, granted = {"asks", "found", "why-not", "would", "outside", "sue"}, {"number", "from", "until"}
    assert ids(lost) & (reasons | granted) == reasons
    assert ids(won) & (reasons | granted) == granted


def test_a_missed_clock_says_what_its_law_makes_of_it() -> None:
    assert {"appeal-by", "appeal-how", "fast"} <= ids(facts("missed-clock", "uhc-ma"))
    assert "appeal-how" not in ids(facts("missed-clock", "caresource-qhp"))
    assert {"number", "from", "until"} <= ids(facts("missed-clock", "caresource-qhp"))
    assert "hearing-by" in ids(facts("missed-clock", "masshealth"))


def test_an_extension_for_what_is_missing_names_it() -> None:
    letter = facts("extension", "masshealth")
    assert {"missing", "question"} <= ids(changed(letter, ground="missing"))
    assert not {"missing", "question"} & ids(changed(letter, ground="asked"))
