"""Every command, from one list, the tree of commands itself: documented, with examples that run and a refusal."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from priorauth.cli.command import Command
from priorauth.ledger import tokens
from priorauth.ledger.acts.tokens import MakeToken
from priorauth.ledger.care.backup import backup
from priorauth.ledger.schema import open_store
from tests.cli.running import Capture, asked
from tests.documents import papers
from tests.ledger.care.plan import lived
from tests.ledger.house import NOW, done
from tools import docs

ROOT = Path(__file__).resolve().parent.parent.parent
LOG = ROOT / "tests" / "data" / "glucose" / "Clarity_Export_synthetic.csv"
PARTLY = 3  # some of the input was rejected: members without coverage are made up on purpose


EVERY: dict[str, Command] = {" ".join(path): found for path, found in docs.commands()}
SLOW = ("policies prove", "policies cases", "population", "ledger replay")
EXAMPLES = [
    pytest.param(name, example, id=example, marks=[pytest.mark.slow] if name.startswith(SLOW) else [])
    for name, found in EVERY.items()
    for example in found.examples
    if name != "serve"  # it serves until it is told to end: tests/server/test_serving.py
    if name != "exchange try"  # it wants a server: tests/cli/exchange/test_tried.py
]
ANSWERS = '{"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-11-20", "item": []}'
CALL = '{"held_at": "2026-11-24T12:00:00Z", "with_whom": "the prescriber", "said": "A letter comes."}'

# What each command refuses, beside what its own tests say.
REFUSED = {
    "determine": ("none.json",),
    "policies list": ("--policies", "none"),
    "policies show": ("none",),
    "policies facts": (),
    "policies new": ("none",),
    "policies coverage": ("--policies", "none"),
    "policies census": ("more",),
    "policies check": ("none",),
    "policies compare": ("none",),
    "policies ask": ("masshealth/insulin-pumps", "--product", "none"),
    "policies cql": ("none",),
    "policies diff": ("masshealth/insulin-pumps",),
    "policies prove": ("masshealth/insulin-pumps", "--against", "none"),
    "policies cases": ("masshealth/insulin-pumps",),
    "policies try": ("masshealth/insulin-pumps", "none.json"),
    "policies trace": ("medicare/ncd-280-14", "claim.json"),
    "policies drift": ("masshealth/insulin-pumps", "none.txt", "none.txt"),
    "documents read": ("none.pdf",),
    "documents check": ("none.pdf", "none.json"),
    "glucose": ("none.csv",),
    "population synthesize": ("0", "none"),
    "population ingest": ("none", "out"),
    "population run": ("none",),
    "population compare": ("none", "--policy", "masshealth/insulin-pumps"),
    "population watch": ("none", "state", "--policy", "masshealth/insulin-pumps"),
    "population page": ("none", "--out", "funnel.html"),
    "serve": ("--port", "70000"),
    "exchange check": ("--tenants", "none"),
    "exchange try": ("nowhere",),
    "case list": ("--db", "sqlite:///none.db"),
    "case show": ("26-0001", "--db", "sqlite:///none.db"),
    "case receive": ("none.json",),
    "case file": ("26-0001", "none.pdf"),
    "case answer": ("26-0001", "none.json"),
    "case ask": ("26-0001", "--db", "sqlite:///none.db"),
    "case route": ("26-0001", "none"),
    "case decide": ("26-0001", "approve"),
    "case act": ("26-0001", "none"),
    "ledger upgrade": ("--db", "none"),
    "ledger backup": ("none.backup", "--db", "sqlite:///none.db"),
    "ledger restore": ("none.backup",),
    "ledger verify": ("--db", "sqlite:///none.db"),
    "ledger replay": ("--db", "sqlite:///none.db"),
    "ledger export": ("26-0001", "--out", "none.zip", "--db", "sqlite:///none.db"),
    "ledger rebuild": ("--db", "sqlite:///none.db"),
    "ledger metrics": ("2026", "--db", "sqlite:///none.db"),
    "ledger outbox list": ("--db", "sqlite:///none.db"),
    "ledger outbox deliver": ("--db", "sqlite:///none.db"),
    "ledger outbox retry": ("1", "--why", "up again", "--db", "sqlite:///none.db"),
    "ledger outbox drop": ("1", "--why", "closed", "--db", "sqlite:///none.db"),
    "ledger person add": ("nina", "--title", "Nina", "--role", "nurse", "--db", "sqlite:///none.db"),
    "ledger person link": ("nina", "--db", "sqlite:///none.db"),
    "ledger person password": ("nina", "--db", "sqlite:///none.db"),
    "ledger sweep": ("--db", "sqlite:///none.db"),
    "ledger token create": ("--db", "sqlite:///none.db"),
    "ledger token list": ("--db", "sqlite:///none.db"),
    "ledger token revoke": ("none", "--db", "sqlite:///none.db"),
    "completion": ("csh",),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder in which the examples are typed: a case, a log, a policy of one's own, a ledger."""
    made = tmp_path_factory.mktemp("examples")
    (made / "examples").symlink_to(ROOT / "examples")
    (made / "my-policies").symlink_to(ROOT / "tests" / "fixtures" / "policies")
    # a copy: an example writes beside it
    shutil.copytree(ROOT / "tests" / "cases" / "masshealth", made / "cases" / "masshealth")
    (made / "exports").mkdir()
    (made / "exports" / "2026-11-20").symlink_to(made / "export")  # which an example makes
    (made / "texts").symlink_to(ROOT / "tests" / "data" / "texts")
    (made / "readings.csv").symlink_to(LOG)
    ledger = open_store(f"sqlite:///{made / 'priorauth.db'}")
    lived(ledger)
    kept = tokens.kept("s" * 43)
    until = NOW + timedelta(days=365)
    done(ledger, MakeToken(token=kept.token, sha256=kept.sha256, title="faxes", role="system", valid_until=until))
    backup(ledger, "plan", made / "yesterday.backup")
    ledger.close()
    (made / "letter.pdf").write_bytes(papers.pdf("Dear reviewer,", "She checks her glucose 5 times a day."))
    (made / "proposals.json").write_text('{"facts": []}', "utf-8")
    (made / "password.txt").write_text("nine quiet herons at dusk\n", "utf-8")
    (made / "answers.json").write_text(ANSWERS, "utf-8")
    (made / "call.json").write_text(CALL, "utf-8")
    before = Path.cwd()
    os.chdir(made)
    yield made
    os.chdir(before)


def test_the_list_has_every_command() -> None:
    """A module of a command that no group knows is one that nobody can reach."""
    here = ROOT / "src" / "priorauth" / "cli"
    modules = {path for path in here.rglob("*.py") if re.search(r"^@made\(", path.read_text("utf-8"), re.MULTILINE)}
    assert modules == {Path(str(sys.modules[found.callback.__module__].__file__)) for found in EVERY.values()}


@pytest.mark.parametrize("name", EVERY)
def test_a_command_has_help_for_all_that_it_takes_and_an_example_or_two(name: str, capsys: Capture) -> None:
    code, out, err = asked(capsys, *name.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: priorauth {name} ")
    assert 1 <= len(EVERY[name].examples) <= 2
    assert all(f"priorauth {name}" in example for example in EVERY[name].examples)
    assert all(getattr(one, "help", None) for one in EVERY[name].params)
    assert EVERY[name].get_short_help_str(64)[-3:] != "..."


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_does_what_it_says(
    name: str, example: str, place: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(example.partition(" > ")[0])
    if "<" in words:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((place / words[-1]).read_bytes())))
        words = words[: words.index("<")]
    code, out, err = asked(capsys, *words[1:])
    assert (code, err) == (0, "") or (name in {"population ingest", "population watch"} and code == PARTLY)
    assert out or "--html" in words


@pytest.mark.parametrize("name", EVERY)
def test_a_command_refuses_in_one_line_or_below_its_usage(name: str, place: Path, capsys: Capture) -> None:
    assert place.is_dir()
    code, out, err = asked(capsys, *name.split(), *REFUSED[name])
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 + err.startswith(f"Usage: priorauth {name} ")


def test_what_is_refused_is_listed_of_every_command_and_no_other() -> None:
    assert list(REFUSED) == list(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_a_command_is_told_of_in_the_docs(name: str) -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
    texts["commands.md"], _, reference = texts["commands.md"].partition(docs.HELPED)
    assert f"\n## priorauth {name}\n" in reference
    told = re.compile(rf"priorauth {' '.join(map(re.escape, name.split()))}\b")
    assert [document for document, text in texts.items() if told.search(text)]


def test_the_reference_is_not_stale() -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert docs.FILLED["docs/commands.md"](text) == text
