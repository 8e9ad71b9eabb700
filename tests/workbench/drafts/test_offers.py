"""What a practice's own papers offer as answers: shown with the quote, nothing of it counts before a yes."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.documents.proposal import Proposal
from priorauth.facts.vocabulary import load
from priorauth.ledger import tables as t
from priorauth.workbench.drafts import answers, offers
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.forms import Form
from tests.ledger import house
from tests.ledger.standing import rows
from tests.workbench import fax, papers
from tests.workbench.house import Desk, hidden, plain, visit

FACTS = load()
AT = "/clinic/check"


def one(fact: str, value: str = "yes", **more: Any) -> Proposal:
    return Proposal(**{"fact": fact, "value": value, "quote": "words", "page": 1, **more})


@pytest.mark.parametrize(
    ("said", "fields", "lacks"),
    [
        (one("hba1c", "8.4 %", date="2026-11-02"), {"a-hba1c": ("8.4",), "a-hba1c.date": ("2026-11-02",)}, ""),
        (one("hba1c", "68 mmol/mol", date="2026-11-02"), {"a-hba1c": ("8.4",), "a-hba1c.date": ("2026-11-02",)}, ""),
        (one("hba1c", "8.4 %", date="2026-11"), {"a-hba1c": ("8.4",), "a-hba1c.date": ("",)}, "does not say the day"),
        (one("hba1c", "<7 %", date="2026-11-02"), {}, "Type this answer yourself."),
        (
            one("insulin_injections", "4-6 /d", since="2026-01-05"),
            {"a-insulin_injections.value": ("4",), "a-insulin_injections.from": ("2026-01-05",)},
            "",
        ),
        (one("insulin_injections", ">=4 /d"), {"a-insulin_injections.value": ("4",)}, "since when"),
        (one("motivated"), {"a-motivated": ("yes",)}, ""),
        (one("motivated", "no", polarity="denied"), {"a-motivated": ("no",)}, ""),
        (one("type_1_diabetes", since="2008"), {"a-type_1_diabetes": ("yes",)}, ""),
        (one("ketoacidosis", "none", polarity="denied"), {"a-ketoacidosis.none": ("yes",)}, ""),
        (one("severe_hypoglycemia", date="2026-10-03"), {"a-severe_hypoglycemia": ("2026-10-03",)}, ""),
        (one("severe_hypoglycemia", date="2026-10"), {}, "Type this answer yourself."),
        (one("prescriber_credential", "physician"), {"a-prescriber_credential": ("physician",)}, ""),
        (one("prescriber_credential", "friend"), {}, "Type this answer yourself."),
        (
            one("letter_of_medical_necessity_signed_on", "2026-11-12"),
            {"a-letter_of_medical_necessity_signed_on": ("2026-11-12",)},
            "",
        ),
    ],
)
def test_a_yes_fills_the_fields_of_the_fact(said: Proposal, fields: dict[str, tuple[str, ...]], lacks: str) -> None:
    found, says = offers.filled(FACTS[said.fact], said)
    assert found == fields
    assert lacks in says
    whole = {name: values for name, values in found.items() if any(values)}
    if not lacks:
        assert answers.wrong(whole, FACTS) == {}


def offered(*said: Proposal) -> tuple[offers.Offer, ...]:
    return tuple(offers.offer(f"1-{place}", "letter.pdf", one, FACTS[one.fact]) for place, one in enumerate(said))


def test_what_she_types_goes_before_what_is_offered() -> None:
    given = offered(one("insulin_injections", "4 /d", since="2026-01-05"))
    typed = {"a-insulin_injections.value": ("6",)}
    assert offers.taken(Form({"yes": ("1-0",)}), given, typed, FACTS) == typed


def test_several_results_to_which_she_says_yes_are_several_answers() -> None:
    given = offered(one("hba1c", "8.4 %", date="2026-11-02"), one("hba1c", "9.0 %", date="2026-08-02"))
    form = Form({"yes": ("1-0", "1-1")})
    made = offers.taken(form, given, {}, FACTS)
    assert made == {"a-hba1c": ("8.4", "9.0"), "a-hba1c.date": ("2026-11-02", "2026-08-02")}
    assert form.wrong == {}
    assert offers.taken(Form(), given, {}, FACTS) == {}


def test_a_yes_to_what_is_gone_is_asked_for_again() -> None:
    form = Form({"yes": ("7-7",)})
    assert offers.taken(form, (), {}, FACTS) == {}
    assert "Look at it again" in form.wrong["offers"]


def test_a_day_that_the_paper_does_not_say_is_asked_for() -> None:
    form = Form({"yes": ("1-0",)})
    offers.taken(form, offered(one("hba1c", "8.4 %")), {}, FACTS)
    assert form.wrong == {"a-hba1c.date": "Write the day of the result."}


def draft(*contents: bytes, **fields: str) -> Draft:
    files = (Paper(number=0, name=f"{place}.pdf", media=papers.PDF, kind="paper", content=one)
             for place, one in enumerate(contents))  # fmt: skip
    return Draft(fields=fields).added(tuple(files))


def test_the_papers_of_a_draft_are_read_and_one_of_somebody_else_is_set_aside(day: Desk) -> None:
    there = visit(day, house.COORDINATOR)
    whose = {"given": "Ask", "family": "Synthetic", "born": "1999-06-19"}
    given = draft(papers.letter(), fax.pdf(papers.OTHER), b"PK\x03\x04", **whose)
    own, other, broken = offers.papers(there, given, 30.0)
    assert own.findings is not None
    assert own.findings.facts
    assert not own.refused
    assert (other.aside, other.refused) == (True, "the document is of another patient: the birth date differs")
    assert broken.refused
    assert {one.paper for one in offers.of_papers((own, other, broken), FACTS)} == {"0.pdf"}
    (shown,) = offers.shows((own, other, broken)).values()
    assert (shown.fact, shown.dated) == ("letter_of_medical_necessity_signed_on", "2026-11-12")


def test_whom_a_draft_is_for_is_what_was_typed_or_the_request_says() -> None:
    assert offers.member_of(draft()) is offers.member_of(draft(payer="masshealth")) is None
    typed = offers.member_of(draft(given="Ask", family="Synthetic", born="1999-06-19"))
    request = Paper(number=1, name="ask.json", media="", kind="request", content=house.example("ask"))
    found = offers.member_of(Draft(files=(request,)))
    assert typed is not None
    assert found is not None
    assert (typed.name, typed.birth_date) == (found.name, found.birth_date) == ("Ask Synthetic", "1999-06-19")
    broken = Paper(number=1, name="ask.json", media="", kind="request", content=b'{"resourceType": "Bundle"}')
    assert offers.member_of(Draft(files=(broken,))) is None


# ---- on the pages


def checked(day: Desk, headers: dict[str, str], page: str = "", **fields: Any) -> Any:
    at = page or day.running.client.get(AT, headers=headers).text
    files = [
        ("files", ("ask.json", house.example("ask"), "application/json")),
        ("files", ("letter.pdf", papers.letter(), papers.PDF)),
    ]
    sent = {**hidden(at, AT), "do": "check", **fields}
    return day.post(AT, headers, sent, files=None if page else files)


def again(day: Desk, headers: dict[str, str], answer: Any) -> Any:
    """Check once more where the letter is still being read."""
    for _ in range(10):
        if "It is being read" not in answer.text:
            break
        answer = checked(day, headers, answer.text)
    return answer


def test_a_letter_offers_answers_in_the_check_and_only_a_yes_makes_them_count(day: Desk) -> None:
    headers = day.sign_in(house.COORDINATOR)
    page = again(day, headers, checked(day, headers))
    text = plain(page.text)
    assert "HbA1c: 8.4 %, 2 Nov 2026. Your letter.pdf says: hemoglobin A1c was 8.4 % on November 2" in text
    assert "Yes, this is my answer" in text
    assert "Not yet complete: 2 things are missing" in text
    assert 'name="yes"' in page.text
    assert "checked" not in page.text.partition('class="offer"')[2].partition("</div></div>")[0]
    nothing = checked(day, headers, page.text)
    assert "Not yet complete: 2 things are missing" in plain(nothing.text)
    keys = [one.partition('"')[0] for one in nothing.text.split('name="yes" value="')[1:]]
    yes = checked(day, headers, nothing.text, yes=keys)
    said = plain(yes.text)
    assert "Ready to approve" in said
    assert "8.4 % on 2 Nov 2026" in said
    assert '<option value="letter_of_medical_necessity_signed_on" selected>' in yes.text
    sent = checked(day, headers, yes.text, do="send")
    number = sent.headers["location"].partition("?")[0].rpartition("/")[2]
    assert [row["name"] for row in rows(day.store, t.document, case_no=number)] == ["letter.pdf"]


def test_a_letter_offers_answers_in_a_draft_and_in_the_answers_to_the_payer(day: Desk) -> None:
    headers = day.sign_in(house.COORDINATOR)
    page = again(day, headers, checked(day, headers))
    saved = checked(day, headers, page.text, do="save")
    assert saved.status_code == 303, plain(saved.text)
    kept = saved.headers["location"].partition("?")[0]
    questions = f"{kept}/questions"
    shown = day.get(questions, house.COORDINATOR).text
    assert "Your letter.pdf says:" in plain(shown)
    key = shown.partition('name="yes" value="')[2].partition('"')[0]
    assert day.send(questions, questions, house.COORDINATOR, yes=key, do="again").status_code == 303
    assert "1 thing is missing" in plain(day.get(kept, house.COORDINATOR).text)
    assert "states" in plain(day.get(f"{kept}/papers", house.COORDINATOR).text)

    number, _ = papers.with_letter(day)
    answer = f"/c/{number}/answer"
    shown = day.get(answer, house.COORDINATOR).text
    assert "Your letter.pdf says:" in plain(shown)
    key = shown.partition('name="yes" value="')[2].partition('"')[0]
    sent = day.send(answer, answer, house.COORDINATOR, yes=key, do="next")
    assert sent.status_code == 303
    last = plain(day.get(f"{answer}?thing=send", house.COORDINATOR).text)
    assert "8.4 % on 2 Nov 2026" in last or "6 a day" in last
