"""What a document proposes: what must hold of every document, and of the corpus."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.documents.pages import Box, Page, Reading, Word
from priorauth.documents.proposal import Patient
from priorauth.documents.understood import understood
from priorauth.facts import vocabulary
from tests.documents import scoring
from tests.documents.notes import note, proposed

CORPUS = scoring.names()
STATED = (
    "she has type 1 diabetes",
    "she had DKA on 5/3/2026",
    "she had severe hypoglycemia on 5/3/2026",
    "she has hypoglycemia unawareness",
    "she has end-stage renal disease",
    "she is on an insulin pump since 2020",
    "she has diabetic retinopathy",
    "she has recurrent hypoglycemia",
    "she checks her glucose 6 times a day",
    "her A1c was 8.4 % on 5/3/2026",
    "she wears a Dexcom",
    "she is pregnant, 12 weeks pregnant",
    "she has chronic iron overload",
    "she has metastatic colon cancer",
    "she has severe spasticity",
)


def stated(text: str) -> set[str]:
    return {fact for fact, _, _, polarity in proposed(text) if polarity == "stated"}


@pytest.mark.parametrize("said", STATED)
def test_a_plain_sentence_states_its_fact(said: str) -> None:
    assert stated(f"{said}.")


@given(
    st.sampled_from(STATED),
    st.sampled_from(("Denies that {}.", "There is no evidence that {}.", "It was never the case that {}.")),
)
def test_a_denied_sentence_never_states(said: str, denial: str) -> None:
    bare = said.removeprefix("she has ").removeprefix("she had ").removeprefix("she is on ").removeprefix("she is ")
    assert stated(denial.format(bare)) == set()


BARE = (
    "type 1 diabetes",
    "DKA",
    "severe hypoglycemia",
    "hypoglycemia unawareness",
    "end-stage renal disease",
    "diabetic retinopathy",
    "recurrent hypoglycemia",
    "nocturnal hypoglycemia",
    "dawn phenomenon",
    "spasticity",
    "iron overload",
)


@given(
    st.sampled_from(BARE),
    st.sampled_from(
        (
            "{}: none",
            "{}? No",
            "{} ........ no",
            "{}     no",
            "{} | never",
            "{} (past 12 months):   0",
            "[ ] {}",
            "{}   [ ] Yes  [x] No",
            "{}   Y   (N)",
            "(-) {}",
        )
    ),
)
def test_a_label_that_is_answered_with_no_never_states(said: str, form: str) -> None:
    assert stated(form.format(said)) == set()


@given(
    st.sampled_from(BARE),
    st.sampled_from(
        ("{}: not asked", "{}: ______", "{}?", "{}   [ ] Yes  [ ] No", "[{} / none / unknown]", "{}   Y   N")
    ),
)
def test_a_label_that_is_not_answered_never_states(said: str, form: str) -> None:
    assert stated(form.format(said)) == set()


@given(
    st.sampled_from(STATED),
    st.sampled_from(
        ("Her mother says that her sister, too: {}.", "Mother: {}.", "Brother's chart: {}.", "Her aunt: {}.")
    ),
)
def test_what_is_told_of_a_relative_never_states(said: str, form: str) -> None:
    assert stated(form.format(said)) == set()


@given(
    st.sampled_from(STATED), st.sampled_from(("Fam hx: {}", "Family history: {}", "FHx: {}", "Family History:\n  {}"))
)
def test_a_sentence_that_moves_into_a_family_section_is_gone(said: str, section: str) -> None:
    assert stated(section.format(said)) == set()


@given(
    st.sampled_from(STATED),
    st.sampled_from(("If {}, call us.", "Risk of {}.", "Would consider that {}.", "In case {}, admit.")),
)
def test_a_hypothesis_never_states(said: str, form: str) -> None:
    assert stated(form.format(said)) == set()


@given(st.sampled_from(STATED))
def test_general_text_never_states(said: str) -> None:
    assert stated(f"Patient instructions:\n  * {said}\n  * call us") == set()


@settings(max_examples=40)
@given(
    st.lists(
        st.sampled_from([*STATED, "No DKA.", "\n\n", "Plan:", "[x] Motivated", "A1c   8.4 %   (5/3/2026)", "\f"]),
        max_size=8,
    ),
    st.text(max_size=30),
)
def test_every_quote_stands_on_its_page_and_every_value_can_be(parts: list[str], more: str) -> None:
    reading = note(". ".join([*parts, more]))
    pages = {page.number: page.text for page in reading.pages}
    known = vocabulary.load()
    for one in understood(reading).facts:
        assert pages[one.page][one.start : one.start + len(one.quote)] == one.quote
        assert one.quote
        assert known[one.fact].kind != "judgment"
        kind = known[one.fact].kind
        if kind in ("measurement", "regimen") and one.polarity == "stated":
            assert scoring.converts(one.fact, one.value)


@cache
def scored(name: str) -> scoring.Scored:
    found = understood(scoring.reading(scoring.text(name)))
    return scoring.score(name, scoring.gold(name), scoring.text(name), scoring.rows(found.facts))


@pytest.mark.parametrize("name", CORPUS)
def test_nothing_wrong_is_proposed_of_the_corpus_least_of_all_what_must_never_be(name: str) -> None:
    assert scored(name).never == []
    assert scored(name).wrong == []


@pytest.mark.parametrize(
    ("folder", "name"),
    [(folder, name) for folder in sorted(scoring.UNSEEN) for name in scoring.names(scoring.UNSEEN[folder])],
)
def test_nothing_that_must_never_be_is_proposed_of_what_was_unseen(folder: str, name: str) -> None:
    place = scoring.UNSEEN[folder]
    found = understood(scoring.reading(scoring.text(name, place)))
    assert (
        scoring.score(name, scoring.gold(name, place), scoring.text(name, place), scoring.rows(found.facts)).never == []
    )


def test_nearly_all_of_the_corpus_is_found() -> None:
    right = sum(len(scored(name).right) for name in CORPUS)
    missed = sum(len(scored(name).missed) for name in CORPUS)
    assert right / (right + missed) > 0.95


def test_a_page_of_another_patient_is_set_aside_and_said() -> None:
    found = understood(scoring.reading(scoring.text("020-fax-packet-misfiled-page")))
    assert {one.page for one in found.facts} == {1, 2, 4}
    assert found.notes == ("page 3: set aside, it is of another patient (the birth date differs)",)


def test_a_document_of_another_patient_is_set_aside_whole() -> None:
    found = understood(note("T1DM since 2004."), Patient(name="John Doe", birth_date="1950-01-01"))
    assert found.facts == ()
    assert found.set_aside == "the document is of another patient: the birth date differs"


def test_the_same_patient_is_not_set_aside() -> None:
    found = understood(note("T1DM since 2004."), Patient(name="Jane Roe", birth_date="1980-03-04"))
    assert found.set_aside is None


def test_a_proposal_has_the_place_of_its_words() -> None:
    text = "CLINIC NOTE\nDate of service: 10/06/2026\nA1c today 8.4 %"
    at = text.index("A1c")
    words = tuple(
        Word(word, at + text[at:].index(word), Box(0.1 * number, 0.5, 0.1 * number + 0.08, 0.52))
        for number, word in enumerate(("A1c", "today", "8.4", "%"), 1)
    )
    found = understood(Reading(sha256="", kind="pdf", reader="", pages=(Page(number=1, text=text, words=words),)))
    assert [one.box for one in found.facts if one.fact == "hba1c"] == [Box(0.1, 0.5, 0.1 * 4 + 0.08, 0.52)]


def test_an_empty_document_proposes_nothing() -> None:
    assert understood(scoring.reading("")).facts == ()
    assert understood(Reading(sha256="", kind="pdf", reader="", pages=())).facts == ()
