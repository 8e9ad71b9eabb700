"""A made letter: exact bytes, their hash, what they were made from; and what it says, read back from the PDF."""

import io
import re
from ctypes.util import find_library
from functools import cache

import pytest
from msgspec import structs
from pypdf import PdfReader

from priorauth.letters import elements, page, paper, templates
from priorauth.letters import kinds as k
from priorauth.letters.facts import Line
from priorauth.letters.kinds import Kind
from priorauth.letters.make import Made, make, page_of
from priorauth.letters.rules import LetterRefused
from tests.letterbook import KINDS, LINES, MAILED, MEMBER, facts, possible
from tests.parts import need
from tests.readability import grade

EVERY = [(kind, line) for kind in KINDS for line in LINES if possible(kind, line)]
MEMBERS: tuple[Kind, ...] = (
    *("approval", "adverse", "appeal-received", "appeal-decision", "extension", "missed-clock", "oral-notice"),
    *("hearing-request", "representative"),
)


@cache
def made(kind: Kind, line: Line) -> Made:
    return make(facts(kind, line))


@pytest.fixture(autouse=True)
def _pango(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("slow"):  # those print
        need(find_library("pango-1.0"), paper.PANGO)


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text)


def read(pdf: bytes) -> str:
    """Return the words of a PDF without what stands at the foot of each page."""
    pages = (one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    return "\n".join(re.sub(r"Case 26-0117\s+Page \d+ of \d+\s*$", "", text) for text in pages)


@pytest.mark.slow
def test_the_same_facts_give_the_same_bytes_and_their_hash() -> None:
    first, again = make(facts("adverse")), make(facts("adverse"))
    assert first == again
    assert first.template_version == templates.version()
    assert first.receipt == facts("adverse").determination.receipt["sha256"]
    assert first.mailing == MAILED


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "line"), EVERY)
def test_the_pdf_of_every_letter_holds_each_required_element_and_is_tagged(kind: Kind, line: Line) -> None:
    letter, done = facts(kind, line), made(kind, line)
    text, held = squeezed(read(done.pdf)), elements.held(done.html)
    required = [one.id for one in elements.required(letter) if one.id != "barcode"]
    assert [name for name in required for part in held[name] if squeezed(part) not in text] == []
    root = PdfReader(io.BytesIO(done.pdf)).root_object
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]) == "en"
    assert PdfReader(io.BytesIO(done.pdf)).metadata.title.endswith("case 26-0117")  # type: ignore[union-attr]  # it has


SAID: dict[tuple[Kind, Line], tuple[str, ...]] = {
    ("approval", "masshealth"): (
        "We approved what was asked: insulin pump (E0784).", "PA-26-0117-1", "Sunday, 28 February 2027",
        "Still motivated to keep glucose under good control", "No one turned down any part",
    ),
    ("approval", "caresource-qhp"): ("45 business days once the service began",),
    ("approval", "anthem-insured"): ("at least 60 days",),
    ("approval", "uhc-ma"): ("We will not look at that again",),
    ("information", "masshealth"): (
        "Friday, 27 November 2026, noon Eastern time", "This letter does not stop the clock",
        "HbA1c 8.7 %, 15 Jul 2025, laboratory result: too old (counts from 21 Nov 2025)", "II.A.T.7",
        "The supplier's word does not settle this", "A clinician then decides on what is on file",
    ),
    ("information", "anthem-erisa"): ("This letter stops the clock", "8 January 2027"),
    ("information", "caresource-qhp"): ("The clock of the state has not begun",),
    ("adverse", "masshealth"): (
        "until Thursday, 28 January 2027", "Helen Marsh, MD", "Endocrinology", "number 12345", "130 CMR 450.204",
        "State Hearing Office", "What would show it", "fair hearing",
    ),
    ("adverse", "husky"): ("Conn. Gen. Stat. 17b-259b", "Saturday, 23 January 2027", "subset Adult", "EPSDT"),
    ("adverse", "caresource-qhp"): ("Request for External Review", "A1: rule not shown", "come with this letter"),
    ("adverse", "anthem-insured"): ("120 days", "a talk with the clinician", "Sunday, 23 May 2027"),
    ("adverse", "anthem-erisa"): ("ERISA section 502(a)",),
    ("adverse", "uhc-ma"): ("CMS-10003-NDMCP", "0938-0829", "12 point", "Thursday, 28 January 2027", "422.101(b)"),
    ("adverse", "medicaid-managed-care"): ("120 days", "how we set limits"),
    ("missed-clock", "caresource-qhp"): ("the law says yes", "PA-26-0117-1", "O.C.G.A. 33-46-29"),
    ("missed-clock", "masshealth"): ("Saturday, 20 March 2027",),
    ("missed-clock", "uhc-ma"): ("the law treats this as a no", "CMS-10003-NDMCP"),
    ("appeal-information", "masshealth"): (
        "to decide the appeal about insulin pump (E0784). It came on Friday, 20 November 2026", "Paul Ito, MD",
        "not the person who decided first", "MassHealth, Appeals",
        "Paul Ito then decides the appeal on what is on file",
        "HbA1c 8.7 %, 15 Jul 2025, laboratory result: too old",
    ),
    ("claim-sheet", "masshealth"): ("Claim.item[0].productOrService.coding[0].code", "E0784", "[Usual charge]"),
    ("quote", "masshealth"): (
        "Synthetic Diabetes Supply", "1 March 2025: it has ended", "The screen is dark", "$900", "31 December 2026",
        "[charge]",
    ),
    ("necessity", "anthem-erisa"): ("Length of need", "99 months", "[prescriber: settings, hours a day, options]"),
    ("appeal-decision", "uhc-ma"): ("Your file went to people outside the plan",),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "line"), SAID)
def test_the_pdf_says_in_words_and_figures_what_was_expected_by_hand(kind: Kind, line: Line) -> None:
    text = squeezed(read(made(kind, line).pdf))
    assert [one for one in SAID[kind, line] if squeezed(one) not in text] == []


@pytest.mark.parametrize(
    ("kind", "line"), [pair for pair in EVERY if pair[0] in MEMBERS and pair != ("adverse", "uhc-ma")]
)
def test_member_paragraphs_read_at_grade_six(kind: Kind, line: Line) -> None:
    assert grade(page.own_paragraphs(page_of(facts(kind, line)))) <= 6


@pytest.mark.parametrize(("kind", "line"), [pair for pair in EVERY if pair[0] not in MEMBERS])
def test_what_a_clinic_reads_reads_at_grade_ten(kind: Kind, line: Line) -> None:
    assert grade(page.own_paragraphs(page_of(facts(kind, line)))) <= 10


def test_a_hearing_about_a_missed_clock_has_one_last_day_and_it_counts_from_the_request() -> None:
    html = page_of(facts("missed-clock"))
    assert "Saturday, 20 March 2027" in html
    assert "28 January 2027" not in html


def test_what_is_not_sent_to_the_member_bears_no_address_of_hers() -> None:
    for letter in (facts("oral-notice"), facts("adverse", "uhc-ma"), facts("fax-cover")):
        assert "12 Sample Road" not in page_of(letter)


def test_a_letter_of_medical_necessity_asks_what_its_kind_of_request_needs() -> None:
    def drafted(kind: str, says: k.Necessity) -> str:
        letter = facts("necessity")
        asked = structs.replace(letter.determination.request, kind=kind)
        found = structs.replace(letter.determination, request=asked)
        return page.text(page_of(structs.replace(letter, determination=found, says=says)))

    first = drafted("initial", k.Necessity())
    assert "What the trial showed" not in first
    assert "The device in use" not in first
    again = drafted("continued", k.Necessity())
    assert "What the trial showed" in again
    assert "[prescriber: how the member did with the item" in again
    for kind in ("replacement", "upgrade", "repair"):
        bare = drafted(kind, k.Necessity())
        assert bare.count("[prescriber: make, model, serial number]") == 1
        assert "[prescriber: what is wrong with it, and since when]" in bare
    said = drafted("replacement", k.Necessity(old=k.OldDevice(device="Pump A", wrong="The screen is dark")))
    assert "Pump A" in said
    assert "[prescriber: what is wrong" not in said
    assert "[prescriber: last day of the warranty]" in said


def test_a_quote_of_a_first_device_says_nothing_of_an_old_one_and_tells_of_a_warranty_that_runs() -> None:
    letter = facts("quote")
    assert "it replaces" not in page.text(page_of(structs.replace(letter, says=k.Quote())))
    runs = k.Quote(old=k.OldDevice(warranty_until=MAILED.on))
    assert "it still runs" in page.text(page_of(structs.replace(letter, says=runs)))


def test_indiana_names_alternatives_and_the_call_within_48_hours() -> None:
    html = page_of(facts("adverse", "caresource-qhp", "IN"))
    assert "An insulin pen with dose memory" in html
    assert "within 48 hours" in html


@pytest.mark.slow
def test_a_letter_in_large_print_is_larger_and_a_translation_is_ordered() -> None:
    member = structs.replace(MEMBER, language="es", format="large-print")
    done = make(structs.replace(facts("adverse"), member=member))
    assert '<body class="large-print">' in done.html
    assert done.tasks == ("translate into es: the deadlines stay",)


@pytest.mark.slow
def test_figures_and_notices_that_nobody_verified_are_named_beside_the_letter() -> None:
    assert made("adverse", "masshealth").unverified == (
        "keep: 130 CMR 610.036",
        "notice on language: 45 CFR 92.11",
        "notice on aids: 45 CFR 92.11",
        "notice on nondiscrimination: 45 CFR 92.10",
    )


def test_a_letter_that_replaces_another_says_so() -> None:
    assert "takes the place of one we made before" in page_of(structs.replace(facts("adverse"), replaces="ab" * 32))


def test_a_name_that_the_font_cannot_write_refuses_the_letter() -> None:
    with pytest.raises(LetterRefused, match="the fonts lack the characters '中'"):
        page_of(structs.replace(facts("adverse"), member=structs.replace(MEMBER, name="中")))


def test_a_value_with_html_in_it_is_text() -> None:
    html = page_of(structs.replace(facts("adverse"), member=structs.replace(MEMBER, name="<img src=x>")))
    assert "<img" not in html


def test_a_letter_that_lacks_an_element_is_refused() -> None:
    bare = structs.replace(facts("adverse").sender, policy_page="", notices=())
    with pytest.raises(LetterRefused, match="notice of help in other languages"):
        make(structs.replace(facts("adverse"), sender=bare))


def test_a_letter_that_breaks_a_rule_is_not_made_though_its_page_holds_everything() -> None:
    unsigned = structs.replace(facts("adverse"), case=" ")
    with pytest.raises(LetterRefused, match="expected it to be filled in"):
        make(unsigned)
