from typing import Any

import msgspec
import pytest

from priorauth.errors import InputRefused
from priorauth.fhir.bundle import decoder, gathered
from priorauth.fhir.versions import newer
from tests.record.building import Json, bundle, observation, quantity, read, read_any, rows

OLDER, NEWER = False, True


def condition(version: str | None = None, updated: str | None = None, **more: object) -> object:
    made: Json = {"resourceType": "Condition", "id": "c", **more}
    meta = {"versionId": version, "lastUpdated": updated}
    if given := {name: value for name, value in meta.items() if value is not None}:
        made["meta"] = given
    return decoder().decode(msgspec.json.encode(made))


def by_number(held: str, other: str) -> bool | None:
    return newer(condition(held, recordedDate="2026-01-01"), condition(other), later=False)


def by_moment(held: str, other: str) -> bool | None:
    return newer(condition(None, held, recordedDate="2026-01-01"), condition(None, other), later=False)


@pytest.mark.parametrize(
    ("held", "other", "found"),
    [
        ("1", "2", NEWER),
        ("2", "1", OLDER),
        ("9", "10", NEWER),
        ("10", "9", OLDER),
        ("007", "8", NEWER),
        ("2", "2", None),
        ("2", "02", None),
        ("a", "b", None),
        ("1", "1.1", None),
        ("-1", "2", None),
        ("1", "٣", NEWER),
        ("1", "9" * 20, None),
        ("1", "", None),
    ],
)
def test_the_higher_number_of_a_version_is_the_newer(held: str, other: str, *, found: bool | None) -> None:
    assert by_number(held, other) is found


@pytest.mark.parametrize(
    ("held", "other", "found"),
    [
        ("2026-01-01", "2026-01-02", NEWER),
        ("2026-01-02", "2026-01-01", OLDER),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:01:00Z", NEWER),
        ("2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00.6Z", NEWER),
        ("2026-01-01T10:00:00.6Z", "2026-01-01T10:00:00.5Z", OLDER),
        ("2026-01-01T10:00:00.510Z", "2026-01-01T10:00:00.51Z", None),
        ("2026-01-01T10:00:00.5Z", "2026-01-01T10:00:00.51Z", NEWER),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00.001Z", NEWER),
        ("2026-01-01T10:00:09.9Z", "2026-01-01T10:00:10.1Z", NEWER),
        ("2026-01-01T10:00:01Z", "2026-01-01T10:00:02Z", NEWER),
        ("2026-01-01T10:00:00-05:00", "2026-01-01T11:00:00Z", OLDER),
        ("2026-01-01T23:30:00-05:00", "2026-01-02T04:00:00Z", OLDER),
        ("2026-01-01T10:00:05-05:00", "2026-01-01T15:00:06Z", NEWER),
        ("2026-01-01T10:00:05-05:00", "2026-01-01T15:00:05Z", None),
        ("2026-01-01T10:00+01:00", "2026-01-01T09:00+00:00", None),
        ("2026-01-01T10:00:00", "2026-01-01T10:00:01", NEWER),
        ("2026-01-01T10:00:00", "2026-01-01T10:00:01Z", None),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", None),
        ("2026-01-01", "2026-01-01", None),
        ("2026-01", "2026-01-15", None),
        ("2026-01", "2026-02-01", NEWER),
        ("2026-01-01", "", None),
        ("", "2026-01-01", None),
        ("soon", "2026-01-01", None),
    ],
)
def test_the_later_update_is_the_newer(held: str, other: str, *, found: bool | None) -> None:
    assert by_moment(held, other) is found


def test_a_number_goes_before_a_moment() -> None:
    older, updated = condition("1", "2026-03-01T00:00:00Z"), condition("2", "2026-01-01T00:00:00Z")
    assert newer(older, updated, later=False) is NEWER
    assert newer(updated, older, later=False) is OLDER


def test_where_one_version_alone_says_which_it_is_nothing_is_known() -> None:
    plain = condition(recordedDate="2026-01-01")
    for said in (condition("2"), condition(None, "2026-01-01T00:00:00Z")):
        assert newer(plain, said, later=False) is None
        assert newer(said, plain, later=False) is None
    assert newer(condition("2"), condition(None, "2026-01-01"), later=False) is None


def test_the_same_content_twice_is_no_newer_version() -> None:
    for later in (True, False):
        assert newer(condition("2"), condition("2"), later=later) is OLDER
        assert newer(condition(), condition(), later=later) is OLDER


def test_of_what_cannot_be_told_the_one_that_comes_later_counts_where_the_files_are_in_order() -> None:
    one, two = condition(recordedDate="2026-01-01"), condition(recordedDate="2026-01-02")
    assert newer(one, two, later=True) is NEWER
    assert newer(one, two, later=False) is None


def test_the_same_version_with_other_content_is_never_told_by_the_order_of_the_files() -> None:
    one, two = condition("2", recordedDate="2026-01-01"), condition("2", recordedDate="2026-01-02")
    assert newer(one, two, later=True) is None
    three = condition("3", recordedDate="2026-01-02")
    assert newer(three, one, later=True) is OLDER


# ---- in a Bundle ----


def a1c(value: float, **more: Any) -> Json:
    return observation("loinc:4548-4", quantity(value, "%"), **more)


def values(*resources: Json) -> list[int | None]:
    return [row.low for row in rows("hba1c", *resources)]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("large", [False, True])
def test_the_newest_version_counts_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, *, swapped: bool, large: bool
) -> None:
    if large:
        monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    pair = [a1c(9, meta={"versionId": "1"}), a1c(7, meta={"versionId": "2"})]
    assert values(*(reversed(pair) if swapped else pair)) == [70]


def test_an_older_version_does_not_come_back_where_the_newest_is_withdrawn() -> None:
    assert values(a1c(9, meta={"versionId": "1"}), a1c(9, meta={"versionId": "2"}, status="entered-in-error")) == []
    assert values(a1c(9, meta={"versionId": "2"}, status="entered-in-error"), a1c(9, meta={"versionId": "1"})) == []


def test_three_versions_in_any_order_leave_the_newest() -> None:
    listed = [a1c(number, meta={"versionId": str(number)}) for number in (7, 9, 8)]
    assert values(*listed) == [90]
    assert values(*listed[::-1]) == [90]


@pytest.mark.parametrize("large", [False, True])
def test_the_same_version_with_other_content_is_refused(monkeypatch: pytest.MonkeyPatch, *, large: bool) -> None:
    if large:
        monkeypatch.setattr("priorauth.fhir.bundle.LARGE", 0)
    for meta in ({"versionId": "1"}, {"lastUpdated": "2026-01-01T00:00:00Z"}, {}):
        with pytest.raises(
            InputRefused, match="Observation/obs-1 stands twice with the same version and other content"
        ):
            read(a1c(9, meta=meta), a1c(7, meta=meta))


def test_the_same_resource_twice_counts_once_with_a_warning() -> None:
    case = read(a1c(9), a1c(9))
    assert len(case.requests[0].rows["hba1c"]) == 1
    assert case.warnings == ("Observation/obs-1 stands more than once; the newest version counts",)


def test_one_id_on_two_servers_is_two_resources() -> None:
    source = bundle(a1c(9), a1c(7))
    source["entry"][-1]["fullUrl"] = "https://lab.example.org/fhir/Observation/obs-1"
    source["entry"][-1]["resource"]["subject"] = {"reference": "https://ehr.example.org/fhir/Patient/pat-1"}
    found = read_any(source).requests[0].rows["hba1c"]
    assert sorted(row.low for row in found if hasattr(row, "low") and row.low is not None) == [70, 90]


def test_of_an_export_the_later_of_two_without_a_version_counts() -> None:
    def entries() -> list[tuple[int, str, object]]:
        return [(0, "", condition(recordedDate="2026-01-01")), (1, "", condition(recordedDate="2026-01-02"))]

    record = gathered(iter(entries()), "export", later=True)
    ((found,),) = record.by_type.values()
    assert found.recorded_date == "2026-01-02"
    with pytest.raises(InputRefused, match="Condition/c stands twice"):
        gathered(iter(entries()), "export")
