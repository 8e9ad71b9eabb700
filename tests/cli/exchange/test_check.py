"""`priorauth exchange check`: of files and of a ledger, as lines and as JSON; what is missing is the exit code."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth.ledger.schema import open_store
from tests.cli.running import Capture, asked, printed, refusal
from tests.ledger import house

READY = Path("examples/exchange")


def test_a_plan_that_is_ready_is_shown_line_by_line(capsys: Capture) -> None:
    lines = printed(capsys, "exchange", "check", "--tenants", READY).splitlines()
    assert lines[0] == "plan"
    assert "  set      base: https://api.plan.example" in lines
    assert lines[-1].startswith("  0 missing, ")


def test_what_is_missing_is_exit_code_1_and_each_tenant_is_looked_at(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text((READY / "plan.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "two.yaml").write_text("title: Two\n", "utf-8")
    code, out, err = asked(capsys, "exchange", "check", "--tenants", tmp_path, "--json")
    found = json.loads(out)
    assert (code, err, found["fit"]) == (1, "", False)
    assert [one["level"] for one in found["tenants"]["two"]] == ["missing"]
    assert "missing" not in {one["level"] for one in found["tenants"]["one"]}
    assert list(
        json.loads(printed(capsys, "exchange", "check", "--tenants", tmp_path, "--tenant", "one", "--json"))["tenants"]
    ) == ["one"]


def test_the_settings_of_a_ledger_are_read_where_it_is_named(capsys: Capture, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    store = open_store(url)
    house.furnish(store)
    store.close()
    code, out, _ = asked(capsys, "exchange", "check", "--db", url)
    assert code == 1
    assert "nothing is said of the exchange" in out


def test_what_cannot_be_read_is_refused(capsys: Capture, tmp_path: Path) -> None:
    assert "expected one of --tenants DIR and --db URL" in refusal(capsys, "exchange", "check")
    assert "NAME.yaml" in refusal(capsys, "exchange", "check", "--tenants", tmp_path)
    assert "has no none.yaml" in refusal(capsys, "exchange", "check", "--tenants", READY, "--tenant", "none")
