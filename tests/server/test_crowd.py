"""Two servers and three workers, each a program, over one PostgreSQL: nothing is done, decided or delivered twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.crowd import crowded
from tests.servers import Server


@pytest.mark.slow
def test_two_servers_and_three_workers_do_each_act_once_and_deliver_each_message_once(
    postgresql: Server, tmp_path: Path
) -> None:
    found = crowded(postgresql.fresh(), tmp_path, 600)
    assert found.faults == ()
    assert found.acknowledged >= 300
    assert found.under_way >= 50
