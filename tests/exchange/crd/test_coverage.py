"""Coverage information: no answer breaks a rule of its version, and each rule is seen when it is broken."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from priorauth import determine
from priorauth.exchange.crd import meaning
from priorauth.exchange.crd.coverage import Detail, Doc, Reason, Said, Signed, broken, extension
from priorauth.exchange.crd.meaning import Approved, Asking, Known
from priorauth.exchange.crd.member import Lacking
from priorauth.exchange.plan import VERSIONS
from priorauth.policy.outcome import Outcome
from tests.exchange.crd.hooking import example, parts

SIGNED = Signed(
    {"reference": "Coverage/c"},
    date(2026, 11, 20),
    "assertion",
    date(2027, 2, 18),
    ({"system": "phone", "value": "1"},),
    "A Plan",
)
MADE = determine(example("ask"))[0]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20).filter(str.strip)
APPROVED = st.builds(
    Approved,
    number=WORDS,
    quantity=st.integers(1, 99),
    first=st.just(date(2026, 11, 20)),
    last=st.none() | st.just(date(2027, 2, 19)),
)
KNOWN = st.builds(Known, approved=st.none() | APPROVED, decided=st.none() | st.just(date(2026, 11, 1)))
ASKING = st.builds(
    Asking, documents=st.booleans(), questionnaires=st.just(("https://p.example/Questionnaire/q|1",)) | st.just(())
)


@st.composite
def drawn(draw: st.DrawFn) -> Said:
    """What is said of an order, whatever was found."""
    kind = draw(st.sampled_from(["lacking", "technical", "undetailed", "unspoken", "outcome", "unread"]))
    if kind == "lacking":
        return meaning.lacking(draw(st.sampled_from(get_args(Lacking))))
    if kind == "technical":
        return meaning.technical()
    if kind == "undetailed":
        return meaning.undetailed(draw(WORDS))
    if kind == "unspoken":
        return meaning.unspoken(draw(WORDS))
    made = structs.replace(
        MADE,
        outcome=draw(st.sampled_from(get_args(Outcome))),
        decide_after=draw(st.none() | st.just("2026-12-14")),
        notes=tuple(draw(st.lists(WORDS, max_size=2))),
        questions=draw(
            st.just(MADE.questions)
            | st.just(())
            | st.just(tuple(structs.replace(one, of="supplier") for one in MADE.questions))
        ),
    )
    return meaning.said(made, draw(KNOWN), draw(ASKING))


@pytest.mark.shall("CRD 2.2.1/conf-5", "CRD 2.2.1/conf-13", "CRD 2.2.1/resp-30", "CRD 2.0.1/262")
@given(said=drawn(), version=st.sampled_from(VERSIONS))
def test_whatever_is_found_what_is_said_keeps_every_rule(said: Said, version: Any) -> None:
    made = extension(said, SIGNED, version)
    assert broken(made, version) == []
    found = parts(made)
    assert found["coverage-assertion-id"] == ["assertion"]
    assert found["date"] == ["2026-11-20"]


@pytest.mark.shall("CRD 2.2.1/found-9", "CRD 2.0.1/23", "CRD 2.0.1/24")
@given(said=drawn(), version=st.sampled_from(VERSIONS))
def test_nothing_but_membership_is_ever_not_covered(said: Said, version: Any) -> None:
    found = parts(extension(said, SIGNED, version))
    if found["covered"] == ["not-covered"]:
        assert said.reasons[0].code in get_args(Lacking)
    assert ("satisfied-pa-id" in found) == (said.number is not None)


RULES: dict[int, dict[str, Any]] = {
    1: {"questionnaires": ("https://p.example/Questionnaire/q|1",), "docs": ()},
    2: {"covered": "not-covered", "pa": "auth-needed"},
    3: {"covered": "conditional", "info": ()},
    4: {"pa": "no-auth", "docs": ("clinical",), "purpose": True},
    5: {"pa": "satisfied", "number": None},
    6: {"info": ("OTH",), "reasons": ()},
    7: {"reasons": (Reason(""),)},
    8: {"purpose": True, "reasons": ()},
    9: {"covered": "indeterminate", "reasons": ()},
}


@pytest.mark.parametrize("rule", RULES)
def test_each_of_the_nine_rules_is_seen_when_it_is_broken(rule: int) -> None:
    sound = Said(covered="covered", pa="auth-needed", docs=("clinical",), reasons=(Reason("why"),))
    assert extension(sound, SIGNED, "2.2")
    with pytest.raises(AssertionError, match=f"crd-ci-q{rule}"):
        extension(structs.replace(sound, **RULES[rule]), SIGNED, "2.2")


def test_a_number_without_satisfied_breaks_a_rule_of_either_version() -> None:
    for version in VERSIONS:
        with pytest.raises(AssertionError, match="crd-ci-q5"):
            extension(Said(covered="covered", pa="auth-needed", number="1"), SIGNED, version)


def test_version_2_0_says_both_where_2_2_says_two_kinds() -> None:
    docs: tuple[Doc, ...] = ("clinical", "admin")
    said = Said(covered="covered", pa="auth-needed", docs=docs, reasons=(Reason("why"),))
    assert parts(extension(said, SIGNED, "2.0"))["doc-needed"] == ["both"]
    assert parts(extension(said, SIGNED, "2.2"))["doc-needed"] == ["clinical", "admin"]


def test_version_2_0_has_no_word_for_what_cannot_be_told() -> None:
    found = parts(extension(meaning.technical(), SIGNED, "2.0"))
    assert (found["covered"], found["pa-needed"], found["info-needed"]) == (["conditional"], ["conditional"], ["OTH"])
    assert "contact" in found
    assert "expiry-date" not in found


def test_a_detail_bears_its_category_in_version_2_2_alone() -> None:
    detail = Detail("cat-limitation", {"valueQuantity": {"value": 1}}, code="allowed-quantity")
    said = Said(covered="covered", pa="satisfied", number="1", details=(detail,))
    for version, urls in (("2.0", ["code", "value"]), ("2.2", ["category", "code", "value"])):
        (found,) = parts(extension(said, SIGNED, version))["detail"]  # type: ignore[arg-type]
        assert [one["url"] for one in found] == urls


def test_parts_that_are_missing_or_stand_twice_are_seen() -> None:
    made = extension(meaning.technical(), SIGNED, "2.2")
    made["extension"] += [one for one in made["extension"] if one["url"] in ("date", "pa-needed")]
    made["extension"] = [one for one in made["extension"] if one["url"] != "coverage"]
    assert set(broken(made, "2.2")) == {"card coverage", "card date", "card pa-needed"}
