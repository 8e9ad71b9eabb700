"""One pass of a worker: where the settings list a folder, files; where they list nothing, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ledger.small import small
from tests.cli.running import Capture, printed, refusal


def test_what_waits_becomes_a_file_each_named_by_its_id(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    out.mkdir()
    url = small(tmp_path, receivers={"*": {"folder": str(out)}})
    waiting = json.loads(printed(capsys, "ledger", "outbox", "list", "--db", url, "--json"))
    said = printed(capsys, "ledger", "outbox", "deliver", "--db", url)
    assert said == f"{len(waiting)} delivered, 0 failed, 0 of them dead letters\n"
    assert sorted(path.stem for path in out.iterdir()) == sorted(f"plan-{one['number']}" for one in waiting)
    assert printed(capsys, "ledger", "outbox", "list", "--db", url) == "no message waits\n"


def test_where_no_setting_lists_a_receiver_all_still_waits(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    found = json.loads(printed(capsys, "ledger", "outbox", "deliver", "--db", url, "--json"))
    assert found == {"delivered": 0, "failed": 1, "dead": 0}
    page = printed(capsys, "ledger", "outbox", "list", "--db", url)
    assert "0 attempts: the settings list no way to this receiver" in page


def test_a_database_that_is_not_there_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert refusal(capsys, "ledger", "outbox", "deliver", "--db", f"sqlite:///{tmp_path / 'none' / 'x.db'}")
