"""What software reads in a document it proposes; people confirm or reject it, tie words and see papers."""

from __future__ import annotations

import msgspec
import pytest

from priorauth.documents.proposal import Findings
from priorauth.ledger import documented, runs
from priorauth.ledger import tables as t
from priorauth.ledger.acts import again, files, papers, queues
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.store import Store
from tests.ledger.house import COORDINATOR, DIRECTOR, NURSE, SYSTEM, done, furnish, received, refused
from tests.ledger.standing import FACT, FILE, LETTER, SAYS, adverse, case, proposal, read, rows, text

CONFIRM = papers.ConfirmProposal(case="26-0001", document=1, proposal=0)
REJECT = papers.RejectProposal(case="26-0001", document=1, proposal=0)


@pytest.fixture
def plan(store: Store) -> Store:
    """A plan with one case that asks, and a letter in it that was read."""
    furnish(store)
    assert received(store, "ask", files=(FILE,)) == "26-0001"
    done(store, read("26-0001", 1))
    return store


def words(store: Store) -> list[tuple[str, str, str]]:
    return [(row["word"], row["person"], row["role"]) for row in rows(store, t.proposal_word)]


def last(store: Store, number: str = "26-0001") -> dict[str, object]:
    found: dict[str, object] = rows(store, t.event, case_no=number)[-1]
    return found


def event(store: Store, what: str) -> dict[str, object]:
    found = next(row for row in rows(store, t.event) if row["what"] == what)
    said: dict[str, object] = found["data"]["say"]
    return said


def test_what_was_read_is_kept_with_its_text_once_and_makes_a_run(plan: Store) -> None:
    [found] = rows(plan, t.reading)
    assert (found["document"], found["number"], found["by"], found["reader"]) == (
        1, 1, "priorauth", "a reader, and rules",
    )  # fmt: skip
    assert found["findings"]["facts"][0]["fact"] == FACT
    assert case(plan, "26-0001")["runs"] == 2
    assert event(plan, "document read") == {"document": 1, "facts": 1}
    [kept] = rows(plan, t.pages)
    assert documented.text_of(kept["pages"]) == text()
    received(plan, "ask", files=(FILE,))
    done(plan, read("26-0002", 1))
    assert len(rows(plan, t.pages)) == 1


def test_a_document_is_read_once_and_one_that_cannot_be_read_once_by_each_version(plan: Store) -> None:
    assert "is read" in refused(plan, read("26-0001", 1, reader="another")).reason
    done(plan, files.FileDocument(case="26-0001", file=files.File(title="a", media="image/tiff", content=b"II")))
    torn = papers.ReadDocument(case="26-0001", document=2, reader="one", refused="a TIFF without a page")
    done(plan, torn)
    assert refused(plan, torn).code == "invalid"
    done(plan, msgspec.structs.replace(torn, reader="two"))
    assert case(plan, "26-0001")["runs"] == 2
    assert last(plan)["data"]["say"] == {"document": 2, "refused": "a TIFF without a page"}  # type: ignore[index]


def test_a_reading_is_of_the_document_and_says_something(plan: Store) -> None:
    done(plan, files.FileDocument(case="26-0001", file=files.File(title="a", media="text/plain", content=b"a")))
    of_another = read("26-0001", 2)
    assert "this document" in refused(plan, of_another).reason
    assert "as JSON" in refused(plan, msgspec.structs.replace(of_another, pages=b"{")).reason
    assert "findings" in refused(plan, papers.ReadDocument(case="26-0001", document=2, reader="a")).reason
    many = Findings(facts=(proposal(),) * 2001)
    found = refused(plan, papers.ReadDocument(case="26-0001", document=2, reader="a", findings=many))
    assert "at most 2,000" in found.reason
    for reader in ("a", "b"):  # nothing was found: another version may find something
        done(plan, papers.ReadDocument(case="26-0001", document=2, reader=reader, findings=Findings()))
    assert case(plan, "26-0001")["runs"] == 2


def test_each_side_confirms_a_proposal_and_that_makes_a_run(plan: Store) -> None:
    for number, who in ((3, NURSE), (4, COORDINATOR)):
        done(plan, CONFIRM, who)
        assert case(plan, "26-0001")["runs"] == number
    assert words(plan) == [("confirmed", "nina", "nurse"), ("confirmed", "cora", "coordinator")]
    assert event(plan, "proposal confirmed") == {"document": 1, "page": 1, "fact": FACT}


def test_what_one_side_confirmed_the_other_does_not_reject(plan: Store) -> None:
    done(plan, CONFIRM, COORDINATOR)
    assert "other side" in refused(plan, REJECT, NURSE).reason
    done(plan, REJECT, COORDINATOR)
    done(plan, CONFIRM, NURSE)
    assert "other side" in refused(plan, REJECT, COORDINATOR).reason
    assert case(plan, "26-0001")["runs"] == 5


def test_who_confirms_is_a_setting_by_fact_and_a_judgment_nobody_does(plan: Store) -> None:
    settings = {"confirm": {FACT: "clinic", "*": "nurse"}}
    done(plan, SetUp(title="A plan", zone="America/New_York", settings=settings))
    assert "for the clinic" in refused(plan, CONFIRM, NURSE).reason
    done(plan, CONFIRM, COORDINATOR)
    other = papers.TieWords(case="26-0001", document=1, said=proposal(fact="motivated"))
    assert "for the nurse" in refused(plan, other, COORDINATOR).reason
    done(plan, other, NURSE)
    judged = papers.TieWords(case="26-0001", document=1, said=proposal(fact="hba1c_exception_granted"))
    assert "judged" in refused(plan, judged, NURSE).reason
    wrong = SetUp(title="A plan", zone="America/New_York", settings={"confirm": {FACT: "anybody"}})
    assert "expected clinic, nurse or both" in refused(plan, wrong).reason


def test_a_clinic_speaks_of_what_came_from_its_own_practice(plan: Store) -> None:
    for content, who in ((LETTER, NURSE._replace(behalf="clinic")), (b"of the plan", SYSTEM)):
        file = files.File(title="a", media="text/plain", content=content)
        done(plan, files.FileDocument(case="26-0001", file=file), who)
    done(plan, read("26-0001", 2))
    done(plan, papers.ConfirmProposal(case="26-0001", document=2, proposal=0), COORDINATOR)
    seen = papers.SeePaper(case="26-0001", document=1, fact="prescription_signed_on", date="2026-11-12")
    assert refused(plan, seen, COORDINATOR).code == "no-right"


def test_only_what_is_proposed_is_confirmed(plan: Store) -> None:
    for more in ({"document": 9}, {"proposal": 1}, {"proposal": -1}, {"reading": 2}):
        found = refused(plan, msgspec.structs.replace(CONFIRM, **more), NURSE)
        assert found.code == "not-found", more
    done(plan, files.FileInError(case="26-0001", document=1, why="of another"), NURSE)
    assert "filed in error" in refused(plan, CONFIRM, NURSE).reason


def test_words_that_are_tied_stand_on_their_page(plan: Store) -> None:
    tie = papers.TieWords(case="26-0001", document=1, said=proposal(fact="motivated", quote="She is  taught"))
    done(plan, tie, NURSE)
    assert event(plan, "words tied") == {"document": 1, "page": 1, "fact": "motivated"}
    wrong = {"fact": "hba1c", "value": "high"}, {"fact": "birth_date", "value": "1999-06-19"}, {"date": "soon"}
    for more in (*wrong, {"quote": "She is not taught"}, {"page": 2}, {"quote": " "}, {"fact": "nothing"}, {"page": 0}):
        said = msgspec.structs.replace(tie.said, **more)
        assert refused(plan, msgspec.structs.replace(tie, said=said), NURSE).code == "invalid", more
    assert words(plan) == [("tied", "nina", "nurse")]


def test_a_paper_that_is_seen_is_one_that_a_policy_asks_for(plan: Store) -> None:
    see = papers.SeePaper(case="26-0001", document=1, fact="prescription_signed_on", date="2026-11-12")
    done(plan, see, NURSE)
    assert rows(plan, t.proposal_word)[0]["tied"]["value"] == "2026-11-12"
    done(plan, papers.SeePaper(case="26-0001", document=1, fact="pa1_form_on_file"), DIRECTOR)
    assert rows(plan, t.proposal_word)[1]["tied"]["value"] == "yes"
    assert "the day" in refused(plan, msgspec.structs.replace(see, date=None), NURSE).reason
    assert "no paper" in refused(plan, msgspec.structs.replace(see, fact=FACT), NURSE).reason


def test_what_a_program_proposes_is_held_against_the_text(plan: Store) -> None:
    facts = [{"fact": FACT, "value": "yes", "quote": quote, "page": 1} for quote in (SAYS, "keen")]
    act = papers.ProposeFacts(
        case="26-0001", document=1, reader="a model", proposals=msgspec.json.encode({"facts": facts})
    )
    found = done(plan, act, COORDINATOR)
    assert (found.more["reading"], len(found.more["refused"])) == (2, 1)
    assert "does not stand" in found.more["refused"][0]
    done(plan, papers.ConfirmProposal(case="26-0001", document=1, reading=2, proposal=0), NURSE)
    done(plan, act, COORDINATOR)
    anew = refused(plan, papers.ConfirmProposal(case="26-0001", document=1, reading=2, proposal=0), NURSE)
    assert "read anew" in anew.reason
    assert refused(plan, msgspec.structs.replace(act, reader="priorauth"), COORDINATOR).code == "invalid"
    assert refused(plan, msgspec.structs.replace(act, proposals=b"[]"), COORDINATOR).code == "invalid"


def test_of_a_document_that_was_not_read_a_program_proposes_nothing(plan: Store) -> None:
    done(plan, files.FileDocument(case="26-0001", file=files.File(title="a", media="text/plain", content=b"a")))
    act = papers.ProposeFacts(case="26-0001", document=2, reader="a model", proposals=b'{"facts": []}')
    assert "no text was read" in refused(plan, act, COORDINATOR).reason


def test_data_is_no_paper_that_is_read(plan: Store) -> None:
    bundle = b'{"resourceType": "Bundle", "type": "collection", "entry": []}'
    data = files.File(title="lab", media="application/fhir+json", content=bundle, kind="resources")
    done(plan, files.FileDocument(case="26-0001", file=data))
    assert "is data" in refused(plan, read("26-0001", 2)).reason


def test_an_appeal_takes_over_what_was_read_and_what_people_said(plan: Store) -> None:
    done(plan, CONFIRM, NURSE)
    done(plan, queues.RouteToDirector(case="26-0001"), NURSE)
    done(plan, adverse("26-0001"), DIRECTOR)
    assert refused(plan, CONFIRM, NURSE).code == "state"
    found = done(plan, again.Appeal(case="26-0001"), COORDINATOR)
    assert [row["case_no"] for row in rows(plan, t.reading)] == ["26-0001", found.case]
    assert [row["word"] for row in rows(plan, t.proposal_word, case_no=found.case)] == ["confirmed"]


def test_what_is_proposed_takes_a_case_out_of_nobodys_hands(plan: Store) -> None:
    done(plan, files.FileDocument(case="26-0001", file=FILE))
    done(plan, queues.RouteToNurse(case="26-0001"), NURSE)
    done(plan, read("26-0001", 2))
    assert case(plan, "26-0001")["state"] == "with-nurse"
    assert last(plan)["what"] == "kept"
    done(plan, CONFIRM, NURSE)
    assert case(plan, "26-0001")["state"] == "with-clinic"


def test_a_nurse_who_confirms_one_fact_of_several_that_are_asked_asks_the_clinic_nothing_anew(store: Store) -> None:
    furnish(store)
    received(store, "ask", files=(FILE,))
    before = case(store, "26-0001")["about"]["asked"]
    assert "hba1c" in before
    assert len(before) > 1
    done(store, read("26-0001", 1, proposal(fact="hba1c", value="8.4 %", date="2026-11-12")))
    done(store, CONFIRM, NURSE)
    made = runs.read_determinations(rows(store, t.run)[-1]["determinations"])
    assert "hba1c" not in [one.fact for found in made for one in found.questions]
    assert any(found.questions for found in made)
    assert case(store, "26-0001")["state"] == "with-clinic"
    assert [row["what"] for row in rows(store, t.event)].count("asked") == 1
