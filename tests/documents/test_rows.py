"""Proposals as rows: confirmed ones count, open ones make things less certain and no more, rejected ones are none."""

from __future__ import annotations

from collections import Counter

import pytest

from priorauth.decide import papers
from priorauth.documents import rows
from priorauth.documents.rows import Role, decoded, encoded, spoken, with_opened
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import Decision, decide
from priorauth.errors import InputRefused
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Measurement, Row, Whole, ground_of
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from priorauth.record.quantities import scales
from priorauth.values import dates
from tests.approved import mixed
from tests.asking import case
from tests.documents.proposing import documents
from tests.documents.stated import DAY, SCALES, WORDS, counted, document, open_rows, says, tied, word
from tests.draw import AS_OF, Draw

CATALOG = open_catalog()
POLICIES = {f"{one.id} {one.version}": one for one in CATALOG.all()}


def test_what_a_nurse_has_seen_is_a_document_and_what_the_clinic_confirms_an_answer() -> None:
    result = says("hba1c", "8.4 %", "2026-10-02")
    (seen,) = counted(document(result, confirmed=(word(),)))
    (answered,) = counted(document(result, confirmed=(word(role="clinic"),)))
    assert isinstance(seen, Measurement)
    assert isinstance(answered, Measurement)
    assert (seen.source, answered.source) == ("document", "answer")
    assert (seen.ref, seen.low, seen.first) == ("document 3#page=2&at=118", 84, dates.day("2026-10-02"))
    assert open_rows("{}", document(result, confirmed=(word(),))) == []


def test_a_rejected_proposal_and_one_of_a_document_set_aside_are_no_rows_and_a_confirmed_one_is_never_rejected() -> (
    None
):
    result = says("hba1c", "8.4 %", "2026-10-02")
    assert open_rows("{}", document(result, rejected=(0,))) == counted(document(result, rejected=(0,))) == []
    assert open_rows("{}", document(result, set_aside="another patient")) == []
    assert counted(document(result, set_aside="another patient", confirmed=(word(),))) == []
    assert len(counted(document(result, rejected=(0,), confirmed=(word(),)))) == 1


def test_what_a_person_tied_herself_counts_as_her_word() -> None:
    (row,) = counted(document(tied=(tied(says("motivated"), "clinic"),)))
    assert isinstance(row, Answer)
    assert (row.source, row.text, row.first) == ("answer", "yes", dates.day("2026-11-10"))


def test_a_paper_of_the_supplier_is_the_suppliers_word_once_a_person_of_the_plan_has_seen_it() -> None:
    confirms = says("education_confirmed_by_supplier")

    def author(role: str, who: Role) -> str | None:
        (row,) = counted(document(confirms, confirmed=(word(role=who),), role=role))
        assert isinstance(row, Answer)
        return row.author

    assert author("supplier", "nurse") == "supplier"
    assert author("supplier", "clinic") == "supplier?"
    assert author("prescriber", "nurse") is None


def test_a_document_without_a_date_is_of_the_day_of_its_resource_or_by_that_of_the_word() -> None:
    (row,) = counted(document(says("motivated"), dated=None, confirmed=(word(),)))
    assert isinstance(row, Answer)
    assert (row.first, row.last) == (1, dates.day("2026-11-21"))


def test_a_confirmed_value_that_does_not_follow_settles_nothing() -> None:
    (row,) = counted(document(says("hba1c", "84 %"), confirmed=(word(),)))
    assert "no plausible value" in (ground_of(row) or "")


@pytest.mark.parametrize(
    "fact",
    [
        "only_for_convenience", "enrolled_on", "service_on", "birth_date", "insulin_pump_requested_together",
        "no_such_fact",
    ],
)  # fmt: skip
def test_of_judgments_of_the_payers_own_data_and_of_the_request_documents_say_nothing(fact: str) -> None:
    one = says(fact, "2026-11-02")
    assert open_rows("{}", document(one)) == counted(document(one, confirmed=(word(),))) == []
    assert not rows.settles(WORDS.facts.get(fact))


def test_a_request_is_assumed_to_be_the_first_no_more_where_a_document_speaks_of_an_earlier_pump() -> None:
    known = case("request_kind: [{is: initial, ref: Claim/1}]").rows
    for one in (says("insulin_pump_use"), says("warranty_ends_on", "2026-01-01"), says("request_kind", "replacement")):
        assert not [
            row
            for row in with_opened([document(one)], known, SCALES, DAY).get("request_kind", ())
            if ground_of(row) is None
        ]
    for one in (says("insulin_pump_use", until="2021"), says("insulin_pump_use", "no", polarity="denied")):
        found = with_opened([document(one)], known, SCALES, DAY)["request_kind"]
        assert [row.text for row in found if isinstance(row, Answer)] == ["initial"]


def test_documents_are_kept_and_read_back_and_what_is_none_is_refused() -> None:
    made = (document(says("hba1c", "8.4 %"), confirmed=(word(),), rejected=(2,), tied=(tied(says("motivated")),)),)
    assert decoded(encoded(made)) == made
    assert encoded(decoded(encoded(made))) == encoded(made)
    for data in (b"", b"{}", b'[{"document": 3}]', b"\xff"):
        with pytest.raises(InputRefused, match="documents: expected what documents propose"):
            decoded(data)


def walked(made: Decision) -> dict[int, Finding]:
    trees = (*made.trees, *made.reserved, *made.scope)
    return {id(one.criterion): one for root in trees for one in root.walk()}


def certain(found: list[Row]) -> list[Row]:
    return [row for row in found if ground_of(row) is None and str(row.source) != "shown"]


@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(POLICIES))
def test_what_nobody_has_confirmed_approves_nothing_fails_nothing_and_settles_no_criterion(
    name: str, count: int
) -> None:
    """For any case and any open proposals; what was met stays met, or is open."""
    policy: Policy = POLICIES[name]
    draw, seen = Draw(policy, CATALOG.vocabulary, seed=17 + count), Counter[str]()
    measured = scales(CATALOG.vocabulary, CATALOG.units)
    for turn, plain in enumerate(mixed(draw, 3 * count)):
        if turn >= count and seen["approve request-information"] and seen["approve approve"] > count / 25:
            break  # enough, and not in vain
        listed = documents(draw)
        assert certain(list(rows.opened(listed, plain.rows, measured, AS_OF))) == []
        open_ = Case(AS_OF, with_opened(listed, plain.rows, measured, AS_OF))
        made = papers.beside(policy, plain, open_, CATALOG.vocabulary, CATALOG.common)
        before, after = (decide(policy, one, CATALOG.vocabulary, CATALOG.common) for one in (plain, made))
        was = walked(before)
        for key, one in walked(after).items():
            old = was.get(key)
            if old is not None:
                assert not one.truth.settled or one.truth == old.truth, (one.criterion.id, listed)
                assert one.conflict or not old.conflict, (one.criterion.id, listed)
        assert after.outcome != "approve" or before.outcome == "approve", listed
        seen[f"{before.outcome} {after.outcome}"] += 1
        seen["mention"] += made.rows != plain.rows
        seen["put back"] += made.rows != open_.rows
    assert seen["approve approve"] > count / 25
    assert seen["approve request-information"] > 0
    assert seen["mention"] > count / 3
    assert seen["put back"] < count / 20  # the rows alone keep to it nearly always; the rest is put right


def test_what_is_drawn_is_mixed() -> None:
    draw = Draw(next(iter(POLICIES.values())), CATALOG.vocabulary, seed=4)
    found = [one for _ in range(200) for one in spoken(documents(draw, confirmed=0.3))]
    said = Counter(one.proposal.polarity for one in found)
    assert min(said["stated"], said["denied"]) > 50
    assert 0.1 < sum(one.said is not None for one in found) / len(found) < 0.5
    assert 0.1 < sum(one.proposal.date is None for one in found) / len(found) < 0.5
    told = [row for one in range(60) for row in counted(*documents(draw, confirmed=1.0))]
    assert {"document", "answer"} == {str(row.source) for row in told}
    assert {ground_of(row) is None for row in told} == {True, False}
    assert any(isinstance(row, Whole) for row in told)
