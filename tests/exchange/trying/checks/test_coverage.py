"""What a coverage-information says is held against what CRD lets stand beside what."""

from __future__ import annotations

import pytest

from priorauth.exchange.trying.checks import coverage
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import Json, Spoil, covers, part

MINE: Json = {"valueCodeableConcept": {"coding": [{"code": "mine"}]}}

SPOILED: dict[str, Spoil] = {
    "coverage.parts": covers(lambda parts: part(parts, "date")),
    "coverage.codes": covers(lambda parts: part(parts, "covered", valueCode="perhaps")),
    "coverage.reference": covers(lambda parts: part(parts, "coverage", valueReference={"reference": "Coverage/x"})),
    "coverage.questionnaire": covers(lambda parts: part(parts, "doc-needed")),
    "coverage.not-covered": covers(lambda parts: part(parts, "covered", valueCode="not-covered")),
    "coverage.conditional": covers(lambda parts: part(parts, "pa-needed", valueCode="conditional")),
    "coverage.no-authorization": covers(lambda parts: part(parts, "pa-needed", valueCode="no-auth")),
    "coverage.number": covers(lambda parts: part(parts, "satisfied-pa-id", valueString="1")),
    "coverage.reasons": covers(lambda parts: part(parts, "reason")),
    "coverage.words": covers(lambda parts: part(parts, "reason", **MINE)),
    "coverage.secondary": covers(lambda parts: part(parts, "doc-needed", valueCode="clinical")),
    "coverage.canonical": covers(lambda parts: part(parts, "questionnaire", valueCanonical="https://a.example/Q")),
}  # fmt: skip

NAMES = named(coverage)
ELSEWHERE = set[str]()
UNASKED: dict[str, set[str]] = {"2.0": {"coverage.canonical"}, "2.2": set()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found
