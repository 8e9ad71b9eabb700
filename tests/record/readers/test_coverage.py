from typing import Any

import pytest

from priorauth.errors import InputRefused
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests.record.building import REQUESTED, day, read, ref, request, rows


def coverage(number: int, start: str, end: str | None = None, payor: str = "Organization/payer-1") -> dict[str, object]:
    period = {"start": start} if end is None else {"start": start, "end": end}
    return {"resourceType": "Coverage", "id": f"cov-{number}", "status": "active", "beneficiary": ref("Patient/pat-1"),
            "payor": [ref(payor)], "period": period}  # fmt: skip


def in_force(*resources: dict[str, object], **changes: dict[str, object]) -> list[tuple[int, int, int | None]]:
    return [(row.start_first, row.end_last, row.low) for row in rows("coverage_in_force", *resources, **changes)]


def test_a_coverage_is_in_force_from_its_start_and_not_before() -> None:
    start = day("2025-01-01")
    assert in_force() == [(FIRST_DAY, start - 1, 0), (start, LAST_DAY, 1)]


def test_a_coverage_that_ended_is_not_in_force_afterwards() -> None:
    end = day("2026-06-01")
    assert in_force(Coverage={"period": {"start": "2025-01-01", "end": "2026-06-01"}})[-1] == (end + 1, LAST_DAY, 0)


def test_a_coverage_that_was_renewed_has_no_gap_after_the_first_period() -> None:
    found = in_force(coverage(2, "2026-01-01"), Coverage={"period": {"start": "2025-01-01", "end": "2025-12-31"}})
    assert [row[2] for row in found] == [0, 1, 1]


def test_a_coverage_of_no_period_began_by_the_day_of_the_request() -> None:
    (row,) = rows("coverage_in_force", Coverage={"period": {}})
    assert (row.start_first, row.start_last, row.end_last) == (FIRST_DAY, day(REQUESTED), LAST_DAY)


@pytest.mark.parametrize("status", ["draft", "Active", "", "whatever"])
def test_a_coverage_of_a_status_that_is_not_understood_is_refused(status: str) -> None:
    with pytest.raises(InputRefused, match="Coverage/cov-1: status: expected active"):
        rows("coverage_in_force", Coverage={"status": status})


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_coverage_that_is_not_active_is_not_in_force_on_any_day(status: str) -> None:
    (row,) = rows("coverage_in_force", Coverage={"status": status})
    assert (row.low, row.high, row.start_first, row.end_last) == (0, 0, FIRST_DAY, LAST_DAY)


def test_enrollment_begins_with_the_first_of_unbroken_periods() -> None:
    (row,) = rows("enrolled_on", coverage(2, "2024-01-01", "2024-12-31"))
    assert row.low == row.high == day("2024-01-01")
    (row,) = rows("enrolled_on", coverage(2, "2024-01-01", "2024-12-30"))
    assert row.low == day("2025-01-01")


def test_without_a_start_or_after_the_end_no_enrollment_is_read() -> None:
    assert rows("enrolled_on", Coverage={"period": {}}) == ()
    assert rows("enrolled_on", Coverage={"period": {"start": "2025-01-01", "end": "2026-01-01"}}) == ()


def test_a_coverage_of_another_payer_is_other_insurance_and_of_the_same_payer_not() -> None:
    assert [row.text for row in rows("other_insurance", coverage(2, "2020-01-01", payor="Organization/dme-1"))] == [
        "yes"
    ]
    assert rows("other_insurance", coverage(2, "2020-01-01")) == ()
    lapsed = {**coverage(2, "2020-01-01", payor="Organization/dme-1"), "status": "cancelled"}
    assert rows("other_insurance", lapsed) == ()


def plan(value: str, name: str = "") -> dict[str, object]:
    return {"class": [{"type": {"coding": [{"code": "plan"}]}, "value": value, "name": name}]}


@pytest.mark.parametrize(
    ("change", "direct"),
    [
        ({}, True),
        (plan("masshealth-standard", "MassHealth Standard"), True),
        (plan("mco-1", "Some Plan, a MassHealth-contracted managed care organization"), False),
        (plan("x", "Another Health Plan"), False),
        ({"type": {"coding": [{"code": "MCPOL"}]}}, False),
        ({"payor": [ref("Organization/payer-1"), ref("Organization/dme-1")]}, False),
    ],
)
def test_the_payer_itself_decides_where_no_managed_care_organization_is_named(
    change: dict[str, object],
    direct: bool,  # noqa: FBT001
) -> None:
    assert [row.text for row in rows("plan_type", Coverage=change)] == (["payer-direct"] if direct else [])


def test_a_program_is_read_where_the_class_plainly_is_one() -> None:
    assert [row.text for row in rows("coverage_program", Coverage=plan("HUSKY-D", "HUSKY D"))] == ["husky-d"]
    assert rows("coverage_program", Coverage=plan("husky-d-2026", "HUSKY plan D")) == ()
    assert [row.text for row in rows("coverage_state", Coverage=plan("OH"))] == ["OH"]
    assert [row.text for row in rows("line_of_business", Coverage=plan("x", "Marketplace"))] == ["marketplace"]


def test_the_payer_is_known_by_its_identifier() -> None:
    assert [row.text for row in rows("coverage_payer")] == ["masshealth"]


def test_a_payer_without_our_identifier_is_known_by_its_names() -> None:
    payer = {"name": "Some Payer", "alias": ["SP"], "identifier": [{"system": "urn:naic", "value": "95123"}]}
    made = request(Organization=payer)
    assert (made.payer, made.payer_names) == (None, ("Some Payer", "SP", "urn:naic|95123"))
    assert "coverage_payer" not in made.rows


def test_a_payer_may_be_named_by_identifier_alone() -> None:
    logical = {"identifier": {"system": "urn:priorauth:payer", "value": "husky"}, "display": "HUSKY Health"}
    made = read(Coverage={"payor": [logical]}).requests[0]
    assert (made.payer, made.payer_names) == ("husky", ("HUSKY Health",))


def test_the_plan_is_the_value_of_the_class_of_type_plan() -> None:
    kind = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/coverage-class", "code": "plan"}]}
    group = {"coding": [{"code": "group"}]}
    listed = [{"type": group, "value": "g-1"}, {"type": kind, "value": "standard"}]
    assert request(Coverage={"class": listed}).plan == "standard"
    assert request(Coverage={"class": [{"type": group, "value": "g-1"}]}).plan is None


def test_a_coverage_with_a_modifier_that_is_not_understood_puts_nobody_in_force() -> None:
    ended = {"period": {"start": "2025-01-01", "end": "2026-01-31"}}
    second = coverage(2, "2026-02-01")

    def covering(made: dict[str, Any]) -> list[str]:
        return [row.ref for row in rows("coverage_in_force", made, Coverage=ended) if row.low == 1]

    assert covering(second) == ["Coverage/cov-1", "Coverage/cov-2"]
    assert covering({**second, "modifierExtension": [{"url": "urn:example:not"}]}) == ["Coverage/cov-1"]
    assert covering({**second, "implicitRules": "urn:example:rules"}) == ["Coverage/cov-1"]
