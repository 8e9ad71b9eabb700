"""`priorauth serve`: what it refuses before it serves. That it serves is held by tests/server/test_serving.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Capture, refusal


@pytest.mark.parametrize("host", ["0.0.0.0", "plan.example", "192.168.1.2"])  # noqa: S104 - refused
def test_a_server_that_asks_nobody_is_for_this_machine_alone(host: str, capsys: Capture) -> None:
    assert "--open: asks nobody for a token" in refusal(capsys, "serve", "--open", "--host", host)


def test_a_port_that_there_is_not_and_a_database_that_there_is_not_are_refused(capsys: Capture, tmp_path: Path) -> None:
    assert "at most 65535" in refusal(capsys, "serve", "--port", "70000")
    assert "the folder is not there" in refusal(capsys, "serve", "--db", f"sqlite:///{tmp_path}/none/one.db")
    assert "NAME.yaml" in refusal(capsys, "serve", "--tenants", tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRIORAUTH_SIGNING_KEY", "{}")
        assert "PRIORAUTH_SIGNING_KEY: expected a private key" in refusal(
            capsys, "serve", "--db", f"sqlite:///{tmp_path}/a.db"
        )
    assert "letters, digits" in refusal(capsys, "serve", "--db", f"sqlite:///{tmp_path}/a.db", "--tenant", "a b")
