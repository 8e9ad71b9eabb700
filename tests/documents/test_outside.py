"""What other programs propose of a document: what stands, and what is refused with which reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from priorauth.cli.documents.said import said
from priorauth.documents import outside
from priorauth.documents.outside import Checked
from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Findings, Patient
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from priorauth.facts import vocabulary
from priorauth.values import units
from tests.documents import scoring
from tests.documents.notes import note

CORPUS = scoring.names()
NUMBER = re.compile(r"\d+(?:\.\d+)?")
PAGE = (
    "POC A1c today 8.4 %. Denies DKA. Mother has type 1 diabetes. She has hypoglycemia unawareness.\nGoal A1c < 7.0 %."
)
A1C = {"fact": "hba1c", "value": "8.4 %", "date": "2026-10-06", "quote": "A1c today 8.4 %", "page": 1}
DENIED = {"fact": "ketoacidosis", "value": "none", "quote": "Denies DKA", "page": 1, "polarity": "denied"}


def check(*facts: object, reading: Reading | None = None, by: str = "acme 2", **more: Any) -> Checked:
    read = note(PAGE) if reading is None else reading
    given = {"by": by, "facts": list(facts), **more}
    return outside.checked(msgspec.json.encode(given), read, vocabulary.load(), units.load())


def why(**changed: object) -> str:
    """Return why the proposal of the A1c is refused once something of it is changed; empty where it stands."""
    found = check({**A1C, **changed})
    assert len(found.findings.facts) + len(found.refused) == 1
    return found.refused[0].reason if found.refused else ""


def test_a_proposal_that_follows_from_its_words_stands_and_names_its_program() -> None:
    (one,) = check(A1C).findings.facts
    assert (one.fact, one.value, one.date, one.polarity, one.certainty) == (
        *("hba1c", "8.4 %", "2026-10-06", "stated", "sure"),
    )
    assert one.by == "outside: acme 2"
    assert note(PAGE).pages[0].text[one.start :].startswith(one.quote)


def test_a_name_that_is_known_from_elsewhere_goes_before_what_the_proposals_call_themselves() -> None:
    data = {"by": "acme 2", "facts": [A1C, {**DENIED, "by": "somebody"}]}
    found = outside.checked(data, note(PAGE), vocabulary.load(), units.load(), name="clinic-ehr")
    assert [one.by for one in found.findings.facts] == ["outside: clinic-ehr"] * 2


def test_what_the_document_is_our_own_reader_says() -> None:
    found = check(kind="letter-of-medical-necessity", dated="1999-01-01", signed_by="Somebody Else, MD").findings
    assert (found.kind, found.dated, found.signed_by) == ("progress-note", "2026-10-06", None)
    assert found.patient == Patient(name="Jane Roe", birth_date="1980-03-04")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"value": "8.5 %"}, "value: the words say 8.4 %"),
        ({"value": "8.4 mmol/mol"}, "value: the words say 8.4 %"),
        ({"value": "<8.4 %"}, "value: the words say 8.4 %"),
        ({"value": "yes"}, "value: the words say 8.4 %"),
        ({"polarity": "denied"}, "value: expected no or none of what is denied"),
        ({"polarity": "denied", "value": "no"}, "polarity: the words state it"),
        ({"page": 2}, "page: expected one of 1 to 1"),
        ({"quote": "A1c today 8.6 %"}, "quote: it does not stand on page 1"),
        ({"quote": "a1c today 8.4 %"}, "quote: it does not stand on page 1"),
        ({"quote": "A1c today 8."}, "quote: it does not stand on page 1"),
        ({"quote": "1c today 8.4 %"}, "quote: it does not stand on page 1"),
        ({"quote": " "}, "quote: it does not stand on page 1"),
        ({"quote": "Denies DKA"}, "quote: it holds no words by which hba1c is known"),
        ({"quote": "POC A1c"}, "quote: it leaves out the words that show the fact, or its number"),
        ({"value": "7.0 %", "quote": "Goal A1c < 7.0 %"}, "the words are no evidence: they are a goal"),
        ({"value": "<7.0 %", "quote": "Goal A1c < 7.0 %"}, "the words are no evidence: they are a goal"),
        (
            {"date": "2026-10-05"},
            "date: 2026-10-05 stands neither in the words, their sentence or the head of their section",
        ),
        ({"date": "2026-02-30"}, "date: expected a date that exists"),
        ({"date": "2026-11-01/2026-10-01"}, "date: expected a date that can be, the first before the last"),
        ({"date": "0001-01-01"}, "date: expected a date that can be, the first before the last"),
        (
            {"until": "2027-01-01"},
            "until: 2027-01-01 stands neither in the words, their sentence or the head of their section",
        ),
        ({"fact": "a1c"}, "fact: no 'a1c' in the vocabulary"),
        (
            {"by": "\u202enoitcejni"},
            "by: expected the name of the program: letters, figures and plain marks, at most 100",
        ),
        ({"page": 0}, "page: expected `int` >= 1"),
        ({"page": "1"}, "page: expected `int`, got `str`"),
        ({"polarty": "denied"}, "object contains unknown field `polarty`"),
        ({"polarity": "perhaps"}, "polarity: invalid enum value"),
        ({"quote": "x" * 1001}, "quote: expected `str` of length <= 1000"),
        ({"box": [[[[[[[[[[]]]]]]]]]]}, "box[0]: expected `float`, got `array`"),
    ],
)
def test_what_does_not_follow_is_refused_with_its_reason(changed: dict[str, object], reason: str) -> None:
    assert why(**changed) == reason


@pytest.mark.parametrize(
    "changed",
    [
        {"value": "8.40 %"},
        {"value": "8.4"},
        {"value": "68 mmol/mol"},
        {"date": None},
        {"quote": "A1c today 8.4"},
        {"date": "2026-10"},
        {"quote": "POC   A1c\n today 8.4 %. Denies"},
        {"certainty": "hedged"},
    ],
)
def test_what_says_the_same_or_less_stands(changed: dict[str, object]) -> None:
    assert why(**changed) == ""


def test_a_number_that_is_part_of_another_is_not_in_the_words() -> None:
    found = check({**A1C, "quote": "8.4 %"}, reading=note("A1c today 18.4 %."))
    assert [one.reason for one in found.refused] == ["quote: it does not stand on page 1"]


@pytest.mark.parametrize(
    ("fact", "value", "polarity", "quote", "reason"),
    [
        ("ketoacidosis", "yes", "stated", "DKA", "polarity: the words deny it"),
        (
            "type_1_diabetes",
            "yes",
            "stated",
            "type 1 diabetes",
            "the words are no evidence: they are told of somebody else",
        ),
        (
            "motivated",
            "yes",
            "stated",
            "hypoglycemia unawareness",
            "quote: it holds no words by which motivated is known",
        ),
        ("insulin_pump_use", "yes", "stated", "She has", "quote: it holds no words by which insulin_pump_use is known"),
    ],
)
def test_a_yes_needs_words_of_the_fact_that_state_it(
    fact: str, value: str, polarity: str, quote: str, reason: str
) -> None:
    found = check({"fact": fact, "value": value, "polarity": polarity, "quote": quote, "page": 1})
    assert [one.reason for one in found.refused] == [reason]


def test_a_judgment_is_never_read() -> None:
    judged = next(name for name in vocabulary.load() if vocabulary.load()[name].kind == "judgment")
    assert why(fact=judged) == f"fact: {judged} is a judgment of the payer, and is never read from a document"


def test_what_is_refused_takes_nothing_else_along() -> None:
    found = check({**A1C, "value": "9 %"}, A1C, "nothing", DENIED, {}, A1C)
    assert [one.fact for one in found.findings.facts] == ["hba1c", "ketoacidosis"]
    assert [one.index for one in found.refused] == [0, 2, 4]
    assert f"{found.refused[0]}" == "facts[0] refused: value: the words say 8.4 %"


def test_frequency_words_are_counted_by_our_own_tables() -> None:
    read = note("Checks her blood sugar before each meal and at bedtime. Lantus at bedtime, Humalog with each meal.")
    tests = {"fact": "glucose_tests_per_day", "quote": "before each meal and at bedtime", "page": 1}
    shots = {"fact": "insulin_injections", "quote": "Lantus at bedtime, Humalog with each meal", "page": 1}
    rows = [{**tests, "value": "4 /d"}, {**tests, "value": "5 /d"}, {**shots, "value": "4 /d"}]
    found = check(*rows, {**shots, "value": "3 /d"}, reading=read)
    assert [one.value for one in found.findings.facts] == ["4 /d", "4 /d"]
    assert [one.index for one in found.refused] == [1, 3]


def test_a_result_that_no_shape_of_ours_reaches_stands_by_its_label_and_its_unit() -> None:
    read = note("Her A1c has been creeping up over all of the last three visits and was measured in our lab at 8.9 %.")
    assert not [one for one in understood(read).facts if one.fact == "hba1c"]
    row = {"fact": "hba1c", "value": "8.9 %", "quote": "measured in our lab at 8.9 %", "page": 1}
    found = check(row, {**row, "fact": "cgm_days_worn_percent"}, {**row, "value": "9 %"}, reading=read)
    assert [(one.value, one.date) for one in found.findings.facts] == [("8.9 %", None)]
    assert len(found.refused) == 2


def test_a_day_of_another_value_is_not_its_day() -> None:
    read = note("A1c 8.4 % (3/1/2026), 8.1 % (6/1/2026).")
    row = {"fact": "hba1c", "value": "8.4 %", "quote": "A1c 8.4 % (3/1/2026), 8.1 % (6/1/2026)", "page": 1}
    found = check({**row, "date": "2026-03-01"}, {**row, "date": "2026-06-01"}, reading=read)
    assert [one.date for one in found.findings.facts] == ["2026-03-01"]
    assert [one.reason for one in found.refused] == ["date: 2026-06-01 is the day of another value"]


def test_a_page_of_another_patient_bears_nothing() -> None:
    read = scoring.reading(scoring.text("020-fax-packet-misfiled-page"))
    words = next(line.strip() for line in read.pages[2].text.split("\n") if "A1c" in line or "diabetes" in line.lower())
    found = check({"fact": "type_2_diabetes", "value": "yes", "quote": words, "page": 3}, reading=read)
    assert [one.reason for one in found.refused] == ["page: page 3 is of another patient"]


def test_a_document_of_another_member_bears_nothing() -> None:
    other = Patient(name="John Doe", birth_date="1950-01-01")
    found = outside.checked({"by": "acme", "facts": [A1C]}, note(PAGE), vocabulary.load(), units.load(), other)
    assert found.findings.facts == ()
    assert found.findings.set_aside == found.refused[0].reason
    assert found.findings.set_aside == "the document is of another patient: the birth date differs"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "expected JSON"),
        (b"\xff", "expected UTF-8 text"),
        (b"[]", "expected `object`, got `array`"),
        (b"{}", "object missing required field `facts`"),
        (b'{"facts": 5}', "facts: expected `array`, got `int`"),
        (b'{"facts": [], "facts": []}', "expected each key once in an object, found 'facts' twice"),
        (b'{"facts": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "expected JSON that nests less deep"),
        (b'{"facts": [' + b"1," * 2_000 + b"1]}", "expected at most 2,000 proposals, found 2,001"),
        (b'{"facts": []}' + b" " * outside.MOST_BYTES, "expected at most 4,000,000 bytes, found 4,000,013"),
        (b'{"facts": [], "sha256": "' + b"1" * 64 + b'"}', "sha256: the proposals are of another document"),
    ],
)
def test_what_is_no_file_of_proposals_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(InputRefused) as caught:
        outside.checked(data, note(PAGE), vocabulary.load(), units.load())
    assert reason in f"{caught.value}"
    assert "\n" not in f"{caught.value}"


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*A1C, "facts", "by"]), inner),
        max_leaves=6,
    )
    | st.builds(lambda key, said: {**A1C, key: said}, st.sampled_from(sorted(A1C)), st.text(max_size=20))
    | st.builds(lambda quote: {**A1C, "quote": quote}, st.text(alphabet="A1c today 8.4%.\\([*", max_size=20))
)
@example({**A1C, "quote": "("})
def test_whatever_comes_stands_or_is_refused_in_one_line(one: object) -> None:
    found = check(one)
    assert len(found.findings.facts) + len(found.refused) == 1
    assert all(row.reason and "\n" not in row.reason and len(row.reason) < 300 for row in found.refused)


# ---- the corpus


@cache
def own(name: str) -> Findings:
    return understood(scoring.reading(scoring.text(name)))


def rows(name: str) -> list[dict[str, Any]]:
    """Return our own proposals as another program would write them."""
    more = ({"from": one.since, "until": one.until} for one in own(name).facts)
    return [{**row, **each} for row, each in zip(scoring.rows(own(name).facts), more, strict=True)]


@pytest.mark.parametrize("name", CORPUS)
def test_what_our_own_reader_proposes_stands_whole(name: str) -> None:
    found = check(*rows(name), reading=scoring.reading(scoring.text(name)))
    assert found.refused == ()
    assert scoring.rows(found.findings.facts) == scoring.rows(own(name).facts)


def mutations(row: dict[str, Any], pages: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a proposal with one of its parts made another."""
    number = re.search(r"\d+", row["value"])
    if number is not None:
        yield "value", {**row, "value": row["value"].replace(number.group(), f"{int(number.group()) + 1}", 1)}
    elif row["value"] in ("yes", "no", "none"):
        yield "value", {**row, "value": "yes" if row["polarity"] == "denied" else "no"}
    letter = next((at for at, char in enumerate(row["quote"]) if char.isalnum()), 0)
    yield "quote", {**row, "quote": f"{row['quote'][:letter]}z{row['quote'][letter + 1 :]}"}
    for page in range(1, pages + 2):
        if page != row["page"]:
            yield "page", {**row, "page": page}
    if row["date"]:
        yield "date", {**row, "date": "1999-12-31"}
        yield "date", {**row, "date": row["date"][:-1] + ("1" if row["date"][-1] != "1" else "2")}
    denied = row["polarity"] == "denied"
    yield "polarity", {**row, "polarity": "stated" if denied else "denied", "value": "yes" if denied else "no"}


@pytest.mark.parametrize("name", CORPUS)
def test_a_proposal_with_one_part_changed_is_refused_or_still_follows_from_its_words(name: str) -> None:
    read = scoring.reading(scoring.text(name))
    changed = [one for row in rows(name) for one in mutations(row, len(read.pages))]
    found = check(*(row for _, row in changed), reading=read)
    refused = {one.index for one in found.refused}
    assert len(refused) > 0.9 * len(changed)
    ours = {(one.fact, one.value, one.date, one.polarity, one.page) for one in own(name).facts}
    for index, (part, row) in enumerate(changed):
        if index in refused:
            continue
        words = " ".join(row["quote"].split())
        assert words in " ".join(read.pages[row["page"] - 1].text.split())
        if part == "value":
            number = NUMBER.search(row["value"])
            assert number is not None
            assert number.group() in NUMBER.findall(words)
        assert part != "polarity" or (row["fact"], "yes", row["date"], row["polarity"], row["page"]) in ours


def test_the_schema_has_each_key_that_our_own_reader_prints_of_a_fact() -> None:
    given = outside.schema()["$defs"]["Given"]
    printed = said(scoring.reading(scoring.text(CORPUS[0])), own(CORPUS[0]), None)
    assert {key for fact in printed["facts"] for key in fact} <= set(given["properties"])
    assert given["required"] == ["fact", "value", "quote", "page"]
    assert given["additionalProperties"] is False
    assert outside.schema()["$ref"] == "#/$defs/File"


def test_what_our_own_reader_prints_is_a_file_of_proposals() -> None:
    read = scoring.reading(scoring.text(CORPUS[0]))
    printed = {**said(read, own(CORPUS[0]), None), "by": "our own, printed"}
    found = outside.checked(json.dumps(printed).encode(), read, vocabulary.load(), units.load())
    assert found.refused == ()
    assert len(found.findings.facts) == len(printed["facts"])
