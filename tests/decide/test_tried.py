"""A case in a file of its own: read strictly, decided by one version, and held against what it expects."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from priorauth.decide.tried import CaseFile, Expected, differences, read
from priorauth.errors import InputRefused
from priorauth.policy.catalog import open_catalog

CASES = Path(__file__).resolve().parent.parent / "cases" / "masshealth"
CATALOG = open_catalog()
POLICY = CATALOG.versions("masshealth/insulin-pumps")[-1]


def case(name: str) -> CaseFile:
    return read((CASES / f"{name}.json").read_bytes(), name)


def said(name: str, **expect: object) -> list[str]:
    wanted = msgspec.convert(expect, Expected)
    return list(differences(msgspec.structs.replace(case(name), expect=wanted), POLICY, CATALOG, name))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_the_worked_cases_come_out(path: Path) -> None:
    assert list(differences(read(path.read_bytes(), path.name), POLICY, CATALOG, path.name)) == []


def test_each_thing_that_comes_out_otherwise_is_said() -> None:
    assert said("missing-hba1c", outcome="approve") == ["the outcome is request-information, expected approve"]
    assert said("missing-hba1c", status={"II.A.T.7": "met"}) == ["II.A.T.7 is unknown, expected met"]
    assert said("missing-hba1c", questions_exclude=["hba1c"]) == ["hba1c is asked, and was expected not to be"]
    assert said("missing-hba1c", questions_include=["motivated"]) == ["motivated is not asked"]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"bundle": {}}', b'{"expect": {}}', b'{"bundle": 1, "expect": 2}', b"\xff"]
)
def test_what_is_no_case_is_refused(data: bytes) -> None:
    with pytest.raises(InputRefused, match=r"^case.json: expected a case: JSON with `bundle` and `expect`"):
        read(data, "case.json")
