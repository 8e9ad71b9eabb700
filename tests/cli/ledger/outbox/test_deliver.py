"""One pass of a worker: where the settings list a folder, files; where they list nothing, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import connect
from tests.cli.ledger.small import small
from tests.cli.running import Capture, printed, refusal
from tests.exchange.subscriptions.listening import listening
from tests.ledger.house import NOW, TENANT


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
    assert found == {"delivered": 0, "failed": 1, "dead": 0, "needless": 0}
    page = printed(capsys, "ledger", "outbox", "list", "--db", url)
    assert "0 attempts: the settings list no way to this receiver" in page


def test_what_a_partner_subscribed_to_goes_to_the_partner_and_never_where_all_else_goes(
    tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with listening() as hook:
        partner = {"organisation": "clinic", "endpoints": [hook.url]}
        url = small(tmp_path, receivers={"*": {"folder": str(out)}}, exchange={"partners": {"ehr": partner}})
        store = connect(url)
        row = {
            "subscription": "s-1", "client": "ehr", "organisation": "clinic", "version": "2.2", "status": "requested",
            "endpoint": hook.url, "base": "https://plan.example/plan/2.2", "edition": 1, "events": 0,
            "resource": {"channel": {}}, "made_at": NOW, "changed_at": NOW, "ends_at": None, "error": None,
        }  # fmt: skip
        traffic.keep(store, TENANT, t.subscription, row)
        handshake = {"receiver": "handshake:s-1", "kind": "handshake", "at": NOW, "next_at": NOW, "payload": {}}
        traffic.keep(store, TENANT, t.outbox, handshake)
        store.close()
        printed(capsys, "ledger", "outbox", "deliver", "--db", url)
        assert [one.kind for one in hook.came] == ["handshake"]
    assert all(json.loads(path.read_text())["kind"] != "handshake" for path in out.iterdir())


def test_a_database_that_is_not_there_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert refusal(capsys, "ledger", "outbox", "deliver", "--db", f"sqlite:///{tmp_path / 'none' / 'x.db'}")
