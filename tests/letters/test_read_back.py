"""What the house drafts for a clinic, read back by the reader of documents: exactly the rows that it was made from.

Rows are drawn for every fact that the reader knows, written by the engine as it writes those of a record, and put into
letters to each payer; the prescriber ticks some questions, and signs or does not.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from priorauth.decide.decided import Assessed, Evidence
from priorauth.documents import valued
from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Findings
from priorauth.documents.read import read
from priorauth.documents.readers import html as reader
from priorauth.documents.understand import compared, rules
from priorauth.documents.understood import understood
from priorauth.documents.valued import Speaking
from priorauth.engines.python.show import number
from priorauth.facts import vocabulary
from priorauth.facts.rows import Source
from priorauth.facts.vocabulary import Fact
from priorauth.language.english import labels
from priorauth.letters import kinds as k
from priorauth.letters import paper
from priorauth.letters.drafts import MOST
from priorauth.letters.facts import Facts, Line
from priorauth.letters.make import page_of
from priorauth.letters.rules import LetterRefused
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import walk
from priorauth.record.quantities import Scales
from priorauth.values import units
from priorauth.values.dates import When
from priorauth.values.interval import Interval
from tests import letterbook

PAYERS: Final[tuple[Line, ...]] = ("masshealth", "husky", "caresource-qhp", "anthem-insured", "uhc-ma")
DRAWN = 60
PRINTED = 12
FACTS: Final = {name: vocabulary.load()[name] for name in rules.load().facts}
ASKED: Final = sorted(
    fact.name for fact in FACTS.values() if fact.kind == "attestation" and fact.asked_of == "prescriber"
)
SIGNED: Final = dt.date(2026, 11, 25)
SOURCES: Final = sorted(set(labels().kinds.values()) | set(labels().observed.values()))
DAYS: Final = st.dates(dt.date(2015, 1, 1), dt.date(2026, 11, 20)).map(dt.date.isoformat)

Said = tuple[str, str, str | None, str | None, str | None, str, str]
"""Fact, value, day, since, until, polarity and certainty of a proposal."""


@cache
def titles() -> tuple[tuple[str, str], ...]:
    """Return the criteria of all policies: paragraph and title."""
    found = {
        (node.id, node.title)
        for version in open_catalog().all()
        for root in version.roots()
        for node in walk(root)
        if node.id and node.title
    }
    return tuple(sorted(found))


# ---- what is drawn


@st.composite
def values(draw: st.DrawFn, fact: Fact) -> tuple[str | None, str]:
    """Return the value of a row as the engine writes it, and as a proposal has it."""
    if fact.values == ("date",):
        day = draw(DAYS)
        return day, day
    if fact.kind == "attribute" and fact.values not in (("number",), ("integer",)):
        value = draw(st.sampled_from(fact.values))
        return value, value
    if fact.unit is None:
        return draw(
            st.sampled_from(
                [("present", "yes"), ("absent", "no"), ("possible", "yes")]
                if fact.kind == "condition"
                else [(None, "yes")]
            )
        )
    low, high = units.load().plausible(fact.name)
    least = 1 if low is None else max(1, -(-low // fact.resolution))
    most = least + 500 if high is None else high // fact.resolution
    one, two = sorted((draw(st.integers(int(least), int(most))), draw(st.integers(int(least), int(most)))))
    if fact.kind == "attribute":
        written = number(Interval(one, one), fact)
        assert written is not None
        bare = written.split()[0]
        return bare, bare
    shape = draw(st.sampled_from(["exact", "exact", "above", "below", "between"]))
    interval = {
        "exact": Interval(one, one),
        "above": Interval(one, None, low_open=draw(st.booleans())),
        "below": Interval(None, two, high_open=draw(st.booleans())),
        "between": Interval(one, two),
    }[shape]
    written = number(interval, fact)
    assume(written is not None)
    assert written is not None
    amount, _, _ = written.partition(f" {_unit(fact)}")
    return (
        written,
        f"{amount.replace('< ', '<').replace('> ', '>').replace('= ', '=').replace(' to ', '-')} {fact.unit}",
    )


def _unit(fact: Fact) -> str:
    written = number(Interval(7, 7), fact)
    return "" if written is None else written.partition(" ")[2]


@st.composite
def spans(draw: st.DrawFn, fact: Fact) -> tuple[str | None, tuple[str | None, str | None, str | None]]:
    """Return when a row was, as evidence has it, and the day, since and until of a proposal."""
    a, b, c, d = sorted(draw(st.lists(DAYS, min_size=4, max_size=4, unique=True)))
    if fact.kind not in ("condition", "regimen"):
        return draw(
            st.sampled_from([(a, (a, None, None)), (f"{a}..{b}", (f"{a}/{b}", None, None)), (None, (None,) * 3)])
        )
    return draw(
        st.sampled_from(
            [
                (None, (None, None, None)),
                (f"{a}..", (None, a, None)),
                (f"..{a}", (None, None, a)),
                (f"{a}..{b}", (b, a, b)),
                (f"by {a}..", (a, None, None)),
                (f"by {a}..{b}", (a, None, b)),
                (f"{a}..{b}..", (None, f"{a}/{b}", None)),
                (f"..{a}..{b}", (None, None, f"{a}/{b}")),
                (f"{a}..{b}..{c}..{d}", (None, f"{a}/{b}", f"{c}/{d}")),
            ]
        )
    )


@st.composite
def evidence(draw: st.DrawFn) -> tuple[Evidence, Said]:
    """Return a row of evidence, and what is to be read of it."""
    fact = draw(st.sampled_from([one for one in FACTS.values() if one.kind != "attestation"]))
    written, value = draw(values(fact))
    day, (date, since, until) = draw(spans(fact))
    if fact.values == ("date",):
        day, date = draw(st.sampled_from([(day, date), (written, written)]))
    label, kind = labels().one(fact.name), draw(st.sampled_from(SOURCES))
    denied, hedged = written == "absent", written == "possible"
    said = (fact.name, value, date, since, until, "denied" if denied else "stated", "hedged" if hedged else "sure")
    return Evidence("Observation/1", day, written, kind, label), said


def criterion(paragraph: str, title: str, rows: tuple[Evidence, ...], asked: tuple[str, ...]) -> Assessed:
    parts = tuple(Assessed(None, None, "met", None, None, True, (), (), (), test=fact) for fact in asked)
    return Assessed(paragraph, title, "met", None, None, True, rows, (), parts, role="criterion")


def letter(line: Line, says: k.Says, criteria: tuple[Assessed, ...]) -> Facts:
    """Return a draft to a payer: its prescriber, its item, and these criteria."""
    facts = letterbook.facts("necessity", line)
    found = structs.replace(letterbook.decided(letterbook.CASES[line][0]), criteria=criteria, questions=(), reasons=())
    item = structs.replace(facts.items[0], hcpcs=found.request.product or "E0784")
    return structs.replace(facts, says=says, determination=found, items=(item,), to="prescriber")


# ---- what is read

SPEAKING: Final = Speaking(
    Scales(vocabulary.load(), units.load()),
    Source.DOCUMENT,
    "document 1#page=1&at=1",
    When(SIGNED.toordinal(), SIGNED.toordinal()),
)
"""How what is read becomes rows."""


def rows(found: Findings) -> Counter[Said]:
    """Return what was read, without what the head of a draft says of every letter, and what follows from a line."""
    return Counter(
        (one.fact, one.value, one.date, one.since, one.until, one.polarity, one.certainty)
        for one in found.facts
        if ((one.fact, one.value) not in HEAD and not one.by.endswith(":implied"))
        or one.by.endswith((":line", ":question"))
    )


HEAD: Final = {
    *(("product_code", one) for one in FACTS["product_code"].values),
    ("primary_diagnosis", "type-1-diabetes"),
    ("type_1_diabetes", "yes"),
    ("prescription_signed_on", SIGNED.isoformat()),
    ("letter_of_medical_necessity_signed_on", SIGNED.isoformat()),
    ("prescriber_credential", "physician"),
}
"""What every drawn letter says in its head, its diagnosis and its signature."""


def _as_of(one: Said, own: str | None) -> Said:
    fact, value, _, since, until, polarity, certainty = one
    return fact, value, own, since, until, polarity, certainty


def wanted(drawn: list[Said], own: str | None) -> Counter[Said]:
    """Return what is to be read: as of the document what has no day and is no result, and sure what is said twice."""
    dated = {one if one[2] or FACTS[one[0]].kind in ("event", "measurement") else _as_of(one, own) for one in drawn}
    return Counter(one for one in dated if one[-1] == "sure" or (*one[:-1], "sure") not in dated)


def plainly(said: Counter[Said]) -> list[tuple[object, ...]]:
    """Return proposals in order, numbers as numbers."""
    made = []
    for fact, value, *rest in said.elements():
        amount = None if FACTS[fact].values == ("date",) else compared.quantity(value)
        number = None if amount is None else (amount.sign, amount.low, amount.high)
        made.append((fact, value if number is None else "", str(number), *map(str, rest)))
    return sorted(made)


def of_html(html: str) -> Reading:
    pages = [one for one in reader.pages(html.encode(), range(1, 51)) if not isinstance(one, str)]
    return Reading(sha256="", kind="html", reader="", pages=tuple(pages))


def filled(html: str, ticks: dict[str, bool], *, signed: bool) -> str:
    """Return a draft as a prescriber leaves it: questions ticked, signed and dated or not."""
    for fact, yes in ticks.items():
        before, found, after = html.partition(f">{FACTS[fact].ask.replace(chr(39), '&#39;')}</span>")
        assert found, fact
        first, second = ("[x]", "[ ]") if yes else ("[ ]", "[x]")
        html = before + found + after.replace("[ ]", "\0", 1).replace("[ ]", second, 1).replace("\0", first, 1)
    if signed:
        html = html.replace('Signature: <span class="line"></span>', "Signature: Robin Synthetic, MD", 1)
        html = html.replace('Date: <span class="line short"></span>', f"Date: {SIGNED:%-d %b %Y}", 1)
    return html


LETTERS: Final = (
    st.sampled_from(PAYERS),
    st.lists(evidence(), max_size=2 * MOST),
    st.dictionaries(st.sampled_from(ASKED), st.none() | st.booleans(), max_size=4),
    st.lists(st.sampled_from(titles()), min_size=3, max_size=3),
    st.booleans(),
)
"""The payer, rows of the record, questions with their answers, the criteria above them, whether it is signed."""


def drafted(
    line: Line,
    drawn: list[tuple[Evidence, Said]],
    answers: dict[str, bool | None],
    named: list[tuple[str, str]],
    signed: bool,  # noqa: FBT001 - drawn
) -> tuple[str, Counter[Said]]:
    """Return a letter as a prescriber leaves it, and what is to be read of it."""
    listed = tuple(row for row, _ in drawn)
    criteria = (
        criterion(*named[0], listed[:MOST], ()),
        criterion(*named[1], listed[MOST:], ()),
        criterion(*named[2], (), tuple(answers)),
    )
    ticks = {fact: yes for fact, yes in answers.items() if yes is not None}
    html = page_of(letter(line, k.Necessity(length_of_need="99 months"), criteria))
    said = [one for _, one in drawn]
    for fact, yes in ticks.items():
        said.append((fact, "yes" if yes else "no", None, None, None, "stated" if yes else "denied", "sure"))
    return filled(html, ticks, signed=signed), wanted(said, SIGNED.isoformat() if signed else None)


def agree(reading: Reading, said: Counter[Said], *, signed: bool) -> None:
    """Check that what is read is what is wanted, no more and no less, and can be rows of a record."""
    found = understood(reading)
    own = SIGNED.isoformat() if signed else None
    assert (found.dated, found.signed_on) == (own, own)
    assert plainly(rows(found)) == plainly(said)
    for one in found.facts:
        assert valued.rows(one, SPEAKING) or one.polarity == "denied"


@settings(max_examples=DRAWN)
@given(*LETTERS)
def test_a_drafted_letter_reads_back_as_the_rows_it_was_made_from(
    line: Line,
    drawn: list[tuple[Evidence, Said]],
    answers: dict[str, bool | None],
    named: list[tuple[str, str]],
    signed: bool,  # noqa: FBT001 - drawn
) -> None:
    html, said = drafted(line, drawn, answers, named, signed)
    agree(of_html(html), said, signed=signed)


@pytest.mark.slow
@settings(max_examples=PRINTED)
@given(*LETTERS)
def test_a_printed_letter_reads_back_as_the_rows_it_was_made_from(
    line: Line,
    drawn: list[tuple[Evidence, Said]],
    answers: dict[str, bool | None],
    named: list[tuple[str, str]],
    signed: bool,  # noqa: FBT001 - drawn
) -> None:
    html, said = drafted(line, drawn, answers, named, signed)
    agree(read(paper.pdf(html, b"0" * 16), "letter.pdf"), said, signed=signed)


# ---- the papers of real requests, with what is missing in them

OTHERS: Final[tuple[k.Kind, ...]] = (
    *("quote", "request-form", "claim-sheet", "review-worksheet", "checklist", "fax-cover"),
)
TRUE: Final = {
    *HEAD,
    ("repair_cost", "900 USD"),
    ("warranty_ends_on", "2025-03-01"),
    ("hba1c", "8.7 %"),
    ("drug_given_by_pump", "yes"),
}
"""What the papers of the letterbook say besides lines: the device that is replaced, a result that is too old, the words
of an order for an ambulatory pump.
"""


def papers(kind: k.Kind, line: Line) -> Iterator[str]:
    """Yield a paper of three real requests to a payer as HTML: approved, asked, turned down."""
    for name in letterbook.CASES[line]:
        facts, found = letterbook.facts(kind, line), letterbook.decided(name)
        if kind != "information" or facts.determination == found:
            items = (structs.replace(facts.items[0], hcpcs=found.request.product or "E0784"),)
            with suppress(LetterRefused):  # a request outside of the policy's criteria has no such letter
                yield page_of(structs.replace(facts, determination=found, items=items))


@pytest.mark.parametrize(
    "kind",
    ["necessity", "request-form", "claim-sheet", "quote", "review-worksheet", "checklist", "fax-cover", "information"],
)
def test_what_a_payer_asks_and_what_is_missing_is_stated_by_no_paper(kind: k.Kind) -> None:
    for line in PAYERS:
        for html in papers(kind, line) if letterbook.possible(kind, line) else ():
            for text in (html, filled(html, {}, signed=True)):
                found = understood(of_html(text)).facts
                assert [
                    one for one in found if (one.fact, one.value) not in TRUE and not one.by.endswith(":line")
                ] == []


@pytest.mark.parametrize("kind", OTHERS)
def test_a_signature_on_another_paper_is_none_on_a_prescription(kind: k.Kind) -> None:
    html = filled(next(papers(kind, "masshealth")), {}, signed=True)
    assert not [one.fact for one in understood(of_html(html)).facts if one.fact.endswith("_signed_on")]


def test_a_draft_that_nobody_has_signed_says_of_no_paper_that_it_is_signed() -> None:
    for html in papers("necessity", "masshealth"):
        found = understood(of_html(html))
        assert (found.signed_by, found.signed_on, found.dated) == (None, None, None)
        assert not [one.fact for one in found.facts if one.fact.endswith("_signed_on")]


def test_a_draft_that_the_prescriber_signs_is_a_signed_paper() -> None:
    found = understood(of_html(filled(next(papers("necessity", "masshealth")), {}, signed=True)))
    assert (found.signed_by, found.signed_on) == ("Robin Synthetic, MD", SIGNED.isoformat())
    assert ("prescription_signed_on", SIGNED.isoformat()) in {(one.fact, one.value) for one in found.facts}
