"""Words that a person ties to a fact: from the form, held against the text; what is wrong is said beside its field."""

from __future__ import annotations

import pytest

from priorauth.documents.pages import Page, Reading, Word
from priorauth.documents.rows import settles
from priorauth.facts.vocabulary import load
from priorauth.workbench.forms import Form
from priorauth.workbench.view import tying

FACTS = load()
TEXT = "A1c 8.4 % today\nshe is able"
PAGE = Page(number=2, text=TEXT, words=tuple(Word(word, TEXT.index(word)) for word in TEXT.split()))
READING = Reading(sha256="", kind="pdf", reader="", pages=(PAGE,))


def form(**fields: str) -> Form:
    return Form({name: (value,) for name, value in {"page": "2", "first": "0", "last": "9", **fields}.items()})


@pytest.mark.parametrize(
    ("fact", "value", "date", "wanted"),
    [
        ("hba1c", "8.4", "2026-11-02", "8.4 %"),
        ("hba1c", "68 mmol/mol", "2026-11", "68 mmol/mol"),
        ("hba1c", ">=8 %", "2026", ">=8 %"),
        ("insulin_injections", "4", "", "4 /d"),
        ("insulin_injections", "4 a day", "", "4 /d"),
        ("ketoacidosis", "", "2026-11-02", "yes"),
        ("ketoacidosis", "none", "2026-11-02", "none"),
        ("motivated", "Yes", "", "yes"),
        ("motivated", "no", "", "no"),
        ("type_1_diabetes", "", "", "yes"),
        ("letter_of_medical_necessity_signed_on", "", "2026-11-12", "2026-11-12"),
        ("prescriber_credential", "Physician", "", "physician"),
        ("hypoglycemia", "44 mg/dL", "2026-11-12", "44 mg/dL"),
    ],
)
def test_a_value_is_kept_as_a_document_would_write_it(fact: str, value: str, date: str, wanted: str) -> None:
    typed = form(fact=fact, value=value, date=date)
    made = tying.proposal(typed, READING, FACTS)
    assert made is not None, typed.wrong
    assert (made.fact, made.value, made.date, made.quote, made.page) == (fact, wanted, date or None, "A1c 8.4 %", 2)
    assert made.polarity == ("denied" if wanted in ("no", "none") else "stated")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"fact": ""}, "fact"),
        ({"fact": "hba1c_exception_granted"}, "fact"),
        ({"fact": "hba1c", "value": "high", "date": "2026-11-02"}, "value"),
        ({"fact": "hba1c", "value": "840", "date": "2026-11-02"}, "value"),
        ({"fact": "hba1c", "value": "8.4 mg/dL", "date": "2026-11-02"}, "value"),
        ({"fact": "hba1c", "value": "8.4"}, "date"),
        ({"fact": "hba1c", "value": "8.4", "date": "2 Nov"}, "date"),
        ({"fact": "hba1c", "value": "8.4", "date": "2026-02-31"}, "date"),
        ({"fact": "motivated", "value": "rather"}, "value"),
        ({"fact": "prescriber_credential", "value": "friend"}, "value"),
        ({"fact": "letter_of_medical_necessity_signed_on"}, "value"),
        ({"fact": "motivated", "first": "9", "last": "3"}, "words"),
        ({"fact": "motivated", "page": "1"}, "words"),
        ({"fact": "motivated", "last": "999"}, "words"),
        ({"fact": "motivated", "first": "x"}, "words"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(fields: dict[str, str], wrong: str) -> None:
    typed = form(**fields)
    assert tying.proposal(typed, READING, FACTS) is None
    assert wrong in typed.wrong


def test_words_of_a_text_that_is_not_read_cannot_be_tied() -> None:
    typed = form(fact="motivated")
    assert tying.proposal(typed, None, FACTS) is None
    assert "words" in typed.wrong


def test_what_a_clinician_judges_is_no_fact_of_a_document() -> None:
    assert not settles(FACTS["hba1c_exception_granted"])
    assert settles(FACTS["hba1c"])
