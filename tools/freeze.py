"""Writes what the first revision of the ledger's schema does, and a backup of that schema: while none is released.

python tools/freeze.py           # writes migrations/versions/0001_*.sql and tests/data/ledger/0001.backup
python tools/freeze.py --check   # exit 1 where a statement is not what the tables say

After a release the first revision is history: a change of tables.py or guards.py is a revision of its own, and
tests/ledger/test_schema.py says where one is missing.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.ledger import guards  # noqa: E402  # the tests stand beside this folder, not in a package
from priorauth.ledger.care.backup import backup  # noqa: E402
from priorauth.ledger.schema import open_store  # noqa: E402
from priorauth.ledger.tables import METADATA  # noqa: E402
from tests.ledger.care.plan import lived  # noqa: E402

VERSIONS: Final = ROOT / "src" / "priorauth" / "ledger" / "migrations" / "versions"
BACKUP: Final = ROOT / "tests" / "data" / "ledger" / "0001.backup"
BETWEEN: Final = "\n--;\n"
DIALECTS: Final[dict[str, Dialect]] = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}  # type: ignore[no-untyped-call]


def statements(dialect: Dialect) -> Iterator[str]:
    """Give the statements that make the tables as they stand, their indexes, and their guards."""
    for table in METADATA.sorted_tables:
        yield _plain(str(CreateTable(table).compile(dialect=dialect)))
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            yield _plain(str(CreateIndex(index).compile(dialect=dialect)))
    yield from map(_plain, guards.statements(dialect.name))


def _plain(statement: str) -> str:
    return "\n".join(line.rstrip() for line in statement.strip().splitlines())


def main() -> int:
    """Write or check."""
    stale = 0
    for name, dialect in DIALECTS.items():
        path = VERSIONS / f"0001_{name}.sql"
        made = BETWEEN.join(statements(dialect)) + "\n"
        stale |= not path.exists() or path.read_text("utf-8") != made
        if "--check" not in sys.argv:
            path.write_text(made, "utf-8")
    if "--check" in sys.argv:
        return int(stale)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/ledger.db")
        lived(store)
        BACKUP.parent.mkdir(parents=True, exist_ok=True)
        BACKUP.unlink(missing_ok=True)
        backup(store, "plan", BACKUP)
        store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
