"""Extensions of PAS are found by name, and ids of ours stand on the plan's address whatever the version."""

from __future__ import annotations

import pytest

from priorauth.exchange.pas import codes


def test_an_extension_is_made_and_found_by_its_name() -> None:
    holder = {"extension": [codes.extension("infoChanged", "Code", "changed"), {"url": "urn:other"}]}
    assert codes.of(holder, "infoChanged") == {"url": codes.url("infoChanged"), "valueCode": "changed"}
    assert codes.of(holder, "certificationType") is None
    assert codes.of({"extension": "none"}, "infoChanged") is None


@pytest.mark.parametrize("base", ["https://h/plan/2.2", "https://h/plan/2.0", "https://h/plan"])
def test_ids_stand_on_the_plan_whatever_the_version(base: str) -> None:
    assert codes.trace_system(base) == "https://h/plan/trace"


def test_a_code_is_found_whatever_its_system() -> None:
    assert codes.has_code(codes.coded("urn:any", "3"), "3")
    assert not codes.has_code({"text": "3"}, "3")
    assert not codes.has_code(None, "3")


def test_sequences_are_numbers_and_nothing_else() -> None:
    assert codes.sequences({"careTeamSequence": [1, "2", [3], None, 4]}, "careTeamSequence") == (1, 4)
    assert codes.sequences({"careTeamSequence": 1}, "careTeamSequence") == ()
