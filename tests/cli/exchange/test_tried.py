"""`priorauth exchange try`: lines, JSON and JUnit of a run; what is refused before anything is asked."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, refusal
from tests.exchange.conftest import migrated, postgresql, store, template, url
from tests.exchange.guard.partner import key
from tests.exchange.kit.started import ISSUERS, KIT
from tests.exchange.trying.served import Tried, tried
from tests.ledger.conftest import copied

__all__ = ["migrated", "postgresql", "store", "template", "url"]


@pytest.fixture(scope="module")
def good(request: pytest.FixtureRequest) -> Iterator[Tried]:
    with copied(request.getfixturevalue("migrated")) as ledger, tried(ledger) as found:
        yield found


def test_a_run_is_lines_and_a_sum_and_its_exit_code_says_whether_all_passed(good: Tried, capsys: Capture) -> None:
    at = f"{good.proxy.address}/plan/2.2"
    code, out, err = asked(capsys, "exchange", "try", at, "--only", "discovery", "--only", "metadata.read")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "passed  metadata.read"
    assert out.splitlines()[-1] == "7 passed, 0 failed, 0 not applicable"
    code, out, err = asked(capsys, "exchange", "try", f"{at}/nowhere", "--only", "discovery.answers")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "FAILED  discovery.answers: 404",
        "          expected 200 with JSON that lists at least one service",
        "0 passed, 1 failed, 0 not applicable",
    ]


def test_a_run_with_a_key_asks_for_tokens(good: Tried, capsys: Capture, tmp_path: Path) -> None:
    """Where tokens are had is asked; the clock of the tests' server is another, so that none is asked for."""
    (tmp_path / "key.json").write_text(json.dumps(key("ES384", KIT).as_dict(private=True)), "utf-8")
    words = ["--client", KIT, "--key", tmp_path / "key.json", "--issuer", ISSUERS[KIT], "--only", "smart.configuration"]
    code, out, _ = asked(capsys, "exchange", "try", f"{good.proxy.address}/plan/2.2", *words, "--json")
    found = json.loads(out)
    assert (code, found["results"][0]["stand"]) == (0, "passed")


def test_a_report_for_other_programs_is_written(good: Tried, capsys: Capture, tmp_path: Path) -> None:
    words = ["--only", "discovery", "--junit", tmp_path / "report.xml", "--listen", "127.0.0.1:0"]
    code, _, err = asked(capsys, "exchange", "try", f"{good.proxy.address}/plan/2.0", "--version", "2.0", *words)
    assert (code, err) == (0, "")
    suite = ET.parse(tmp_path / "report.xml").getroot()  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("6", "0", "1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ftp://a.example",), "URL: expected an address"),
        (("a.example",), "URL: expected an address"),
        (("http://[::1",), "URL: expected an address"),
        (("https://a.example", "--fhir", "x"), "--fhir: expected an address"),
        (("https://a.example", "--client", "one"), "--client and --key: expected both"),
        (("https://a.example", "--only", "nothing"), "--only: no check is named 'nothing'"),
        (("https://a.example", "--listen", "8080"), "--listen: expected HOST:PORT"),
        (("https://a.example", "--listen", "no-such-host.invalid:0"), "--listen: no-such-host.invalid:0"),
        (("https://a.example", "--payer", "x"), "--payer: expected SYSTEM|VALUE"),
        (("https://a.example", "--case", "none.json"), "none.json"),
        (("https://a.example", "--version", "1.0"), "--version: expected one of 2.0, 2.2"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is(capsys: Capture, words: tuple[str, ...], said: str) -> None:
    assert said in refusal(capsys, "exchange", "try", *words)
