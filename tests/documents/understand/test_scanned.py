"""What a scan commonly mistakes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Page
from priorauth.documents.understand import boxes, rules, scanned
from priorauth.documents.understand.spelling import Spelling
from priorauth.documents.understood import understood
from tests.documents import scoring
from tests.documents.notes import HEAD

NONE = Spelling([])


def righted(text: str) -> str:
    return scanned.righted(Page(number=1, text=text, how="ocr"), NONE).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HbAlc 8.4 %, HGB AIC 9.3%, Hb A|c 7", "HbA1c 8.4 %, HGB A1c 9.3%, Hb A1c 7"),
        ("TIDM, type | diabetes; TID AC", "T1DM, type 1 diabetes; TID AC"),
        ("£10.65, HCPCS £0787", "E10.65, HCPCS E0787"),
        ("09728/2026 and 1715/26", "09/28/2026 and 1/15/26"),
        ("{  ] Ketoacidosis  {x} Polyuria  ix] Nocturia", "[  ] Ketoacidosis  [x] Polyuria  [x] Nocturia"),
        ("4,4 checks; 1,200 mg", "4.4 checks; 1,200 mg"),
        ("Hemoglobin A1c  9:3  H  %; 8:15 AM; ICR 1:8", "Hemoglobin A1c  9.3  H  %; 8:15 AM; ICR 1:8"),
        ("hbalc 7) mmol/mol", "hba1c ?? mmol/mol"),
        ("ho self-adjustment, and he walks", "no self-adjustment, and he walks"),
        ("creatinine 0.9 ma/dL", "creatinine 0.9 mg/dL"),
        ("Goai checks per day: 6", "Goal checks per day: 6"),
    ],
)
def test_it_is_made_right(text: str, wanted: str) -> None:
    assert righted(text) == wanted


def test_a_speck_parts_no_sentence() -> None:
    assert righted("stage IV with\n       .\nliver metastases").split() == [
        "stage",
        "IV",
        "with",
        "liver",
        "metastases",
    ]
    assert "\n" not in righted("stage IV with\n       .")


def test_a_page_of_text_is_left_as_it_is() -> None:
    page = Page(number=1, text="HbAlc TIDM £10.65")
    assert scanned.righted(page, NONE) is page


@given(st.text(alphabet="HbAlc1|[]{}x (),.79/0\n%&mgdL£Tno“”", max_size=80))
def test_a_page_stays_as_long_as_it_was(text: str) -> None:
    assert len(righted(text)) == len(text)


def test_what_stands_at_a_lost_box_says_nothing() -> None:
    form = "[ ] Ketoacidosis\n] Severe hypoglycemia\n[x] Dawn phenomenon\n[ ] Dialysis\nHypoglycemia unawareness\n"
    reading = scoring.reading(HEAD + "CHECK ALL THAT APPLY\n" + form)
    page = msgspec.structs.replace(reading.pages[0], how="ocr")
    found = understood(msgspec.structs.replace(reading, pages=(page,)))
    assert {one.fact for one in found.facts if one.polarity == "stated"} <= {"dawn_phenomenon", "prescriber_visit"}
    assert boxes.formed(page)


def test_a_figure_without_its_stop_is_none_or_in_doubt() -> None:
    for text in ("A1c 84 %", "Wt 684 kg", "creatinine 162 mg/dL"):
        reading = scoring.reading(HEAD + text)
        page = msgspec.structs.replace(reading.pages[0], how="ocr")
        facts = understood(msgspec.structs.replace(reading, pages=(page,))).facts
        assert [one for one in facts if one.fact in ("hba1c", "body_weight", "serum_creatinine")] == []


def test_the_words_of_the_rules_are_known() -> None:
    text = "Denles hypoglycemla and retlnopathy"
    page = scanned.righted(Page(number=1, text=text, how="ocr"), rules.load().spelling)
    assert page.text == "Denies hypoglycemia and retinopathy"
