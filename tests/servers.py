"""A throwaway PostgreSQL server of the tests' own, from Debian's package; its databases belong to no superuser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import psycopg

ROLE: Final = "priorauth"
SUPER: Final = "postgres"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the server makes a folder of its own in it
"""Where a server that need not outlive its machine is quickest."""
_NEXT: Final = count(1)


@cache
def programs() -> Path | None:
    """Return the folder of the server's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    there = shutil.which("initdb")
    return Path(there).parent if there else None


class Server:
    """A server that runs in a folder of its own, on a port of its own; ``safe``: it syncs to disk, as a real one."""

    def __init__(self, folder: Path, port: int, *, safe: bool = False) -> None:
        self.folder, self.port, self.safe = folder, port, safe
        self.open: psycopg.Connection | None = None

    def _as_owner(self, program: str, *arguments: str) -> None:
        where = programs()
        assert where is not None
        owner = ["runuser", "-u", SUPER, "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*owner, str(where / program), *arguments],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")

    def make(self, segment: int = 16) -> None:
        """Make its folder; ``segment`` is how many megabytes a file of its log has."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, SUPER, SUPER)
        self.folder.chmod(0o700)
        self._as_owner(
            "initdb",
            "-D",
            str(self.folder),
            "-U",
            SUPER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            f"--wal-segsize={segment}",
        )

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync={'on' if self.safe else 'off'}"
        )
        self._as_owner("pg_ctl", "-D", str(self.folder), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is as if the machine had lost power."""
        self._hang_up()
        self._as_owner("pg_ctl", "-D", str(self.folder), "-w", "-m", mode, "stop")

    def lives(self) -> bool:
        """Whether it runs."""
        try:
            self._as_owner("pg_ctl", "-D", str(self.folder), "status")
        except RuntimeError:
            return False
        return True

    def sql(self, statement: str) -> None:
        """Let the superuser say something, on a connection that stays open: to make one takes as long as a database."""
        try:
            self._connection().execute(statement.encode())
        except psycopg.OperationalError:  # a child that was forked may have taken the connection with it
            self._hang_up()
            self._connection().execute(statement.encode())

    def _connection(self) -> psycopg.Connection:
        if self.open is None or self.open.closed:
            where = f"host=127.0.0.1 port={self.port} user={SUPER} dbname=postgres"
            self.open = psycopg.connect(where, autocommit=True)
        return self.open

    def _hang_up(self) -> None:
        if self.open is not None:
            self.open.close()
            self.open = None

    def fresh(self, where: str = "pg_default") -> str:
        """Make an empty database in a tablespace; return its URL, for a role that row-level security holds."""
        name = f"ledger_{next(_NEXT)}"
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE} TABLESPACE {where}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{ROLE}@127.0.0.1:{self.port}/{name}"

    @contextmanager
    def like(self, template: str) -> Iterator[str]:
        """Make a database as another is, gone afterwards; return its URL."""
        name = f"ledger_{next(_NEXT)}"
        self.sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}")
        yield self.url(name)
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def server(*, safe: bool = False, within: Path | None = None, segment: int = 16) -> Iterator[Server]:
    """Return a running server, its folder within another; it is gone afterwards."""
    quick = None if safe or not MEMORY.is_dir() else MEMORY
    folder = Path(tempfile.mkdtemp(prefix="priorauth-pg-", dir=within or quick or tempfile.gettempdir()))
    found = Server(folder, free_port(), safe=safe)
    try:
        found.make(segment)
        found.start()
        found.sql(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
        yield found
    finally:
        with suppress(RuntimeError):
            found.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
