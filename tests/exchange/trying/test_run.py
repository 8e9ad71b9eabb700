"""Our tests as a client: a good server passes, and of a server with one thing spoiled that thing is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from priorauth.errors import InputRefused
from priorauth.exchange.trying.found import CHECKS, UNREADABLE, Result, texts
from priorauth.exchange.trying.run import chosen, run
from tests.exchange.trying.served import Tried
from tests.exchange.trying.spoiling import Exchanged, nothing

Json = dict[str, Any]
PAGE = Path("docs/exchange-checks.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
"""What the docs say of each check."""


def faults(results: list[Result]) -> list[str]:
    return [f"{one.name}: {one.found}" for one in results if one.stand == "failed"]


def test_each_check_has_its_text_and_each_text_its_check() -> None:
    assert set(texts()) == set(CHECKS)
    assert chosen() == list(texts())


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = list(good.whole(version).values())
    assert faults(found) == []
    column = {"2.2": 2, "2.0": 3}[version]
    assert [one.stand for one in found] == [row[column].partition(":")[0] for row in ROWS], "tools/clients.py"
    assert [one.name for one in found] == [row[0].strip("`") for row in ROWS]
    passed = [one.name for one in found if one.stand == "passed"]
    assert len(passed) > 90
    groups = {one.partition(".")[0] for one in passed}
    assert {"smart", "metadata", "discovery", "order-sign", "cards", "coverage", "package", "next", "submit"} <= groups
    assert {"inquire", "subscription", "cancel", "update", "hooks", "actions", "errors"} <= groups


@pytest.mark.parametrize("name", ["none", "submit.none", "subm"])
def test_a_check_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(InputRefused, match="--only: no check is named"):
        chosen((name,))


def test_a_group_is_asked_by_its_name() -> None:
    assert {one.partition(".")[0] for one in chosen(("cards", "submit.time"))} == {"cards", "submit"}
    assert chosen(("submit.time",)) == ["submit.time"]


def test_a_server_that_is_not_there_fails_and_hangs_nowhere(good: Tried) -> None:
    session = good.session(client=None, listener=None)
    session.cds, session.fhir = "http://127.0.0.1:1/cds-services", "http://127.0.0.1:1/fhir"
    found = list(run(session))
    assert {one.stand for one in found} == {"failed", "not applicable"}
    assert "no answer: ConnectionRefusedError" in next(one.found for one in found if one.name == "submit.answers")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'"text"', b"{", b"[" * 200,
        b'{"resourceType": "Bundle", "entry": [null, {"resource": 7}]}',
        b'{"services": [7, {"id": 1, "hook": [], "prefetch": [], "extension": 1}], "entry": {"resource": []}}',
        b'{"resourceType": "Parameters", "parameter": [{"resource": {"resourceType": "Bundle", "entry": {}}}]}',
    ],
)  # fmt: skip
def test_whatever_a_server_answers_no_check_breaks(good: Tried, body: bytes) -> None:
    def spoil(one: Exchanged) -> None:
        one.status, one.body = 200, body

    good.proxy.spoil = spoil
    try:
        found = list(run(good.session(listener=None)))
    finally:
        good.proxy.spoil = nothing
    assert len(found) == len(texts())
    assert any(one.stand == "failed" for one in found)
    assert [one.name for one in found if UNREADABLE in one.found] == []
