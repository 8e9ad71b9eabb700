"""Which database and which tenant is meant; what is not there, or is none of ours, is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.ledger import asked as module
from priorauth.errors import InputRefused
from priorauth.ledger.schema import open_store
from tests.cli.running import Capture, refusal
from tests.servers import Server

VERIFY = ("ledger", "verify", "--db")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("none", "expected sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"),
        ("mysql://a/b", "expected sqlite or postgresql, found mysql"),
        ("sqlite://", "expected a file: what is kept in memory alone is lost"),
        ("sqlite:///none.db", "there is no such file"),
        ("sqlite:///none/none.db", "the folder is not there"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "127.0.0.1/none: cannot be opened: "),
    ],
)
@pytest.mark.usefixtures("ledger")
def test_a_database_that_cannot_be_opened_is_refused_in_one_line(url: str, said: str, capsys: Capture) -> None:
    line = refusal(capsys, *VERIFY, url)
    assert said in line
    assert "secret" not in line


def test_a_file_without_a_tenant_is_refused(tmp_path: Path, capsys: Capture) -> None:
    open_store(f"sqlite:///{tmp_path / 'empty.db'}").close()
    assert "there is no tenant in it yet" in refusal(capsys, *VERIFY, f"sqlite:///{tmp_path / 'empty.db'}")


def test_a_server_may_hold_several_tenants_so_one_is_named(postgresql: Server, capsys: Capture) -> None:
    url = postgresql.fresh()
    open_store(url).close()
    assert refusal(capsys, *VERIFY, url).startswith("--tenant: expected the id of the tenant")


def test_a_server_that_stops_meanwhile_is_told_in_one_line(ledger: Path) -> None:
    from sqlalchemy.exc import OperationalError

    from priorauth.errors import LedgerRefused

    with pytest.raises(LedgerRefused, match="the database is busy"), module.ledger(f"sqlite:///{ledger}"):
        raise OperationalError("SELECT", {}, Exception("database is locked"))


def test_the_only_tenant_of_a_file_need_not_be_named(ledger: Path) -> None:
    with module.ledger(f"sqlite:///{ledger}") as store:
        assert module.whose(store, None) == "plan"
        assert module.whose(store, "other") == "other"


def test_missing_libraries_are_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "alembic", None)
    with pytest.raises(InputRefused, match=r"pip install 'priorauth\[server\]'"):
        module.needs()
