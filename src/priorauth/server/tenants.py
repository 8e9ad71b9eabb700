"""The tenants that a server serves, each with its ledger: one of a database, or a file a tenant in a folder.

A tenant's file, ``NAME.yaml``, has its title and zone, its settings, and where it is not the server's own the database:

    title: A plan
    zone: America/New_York
    db: sqlite:////var/lib/priorauth/plan.db
    settings: {approve_by_rule: "no"}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from priorauth.errors import Fault, LedgerRefused, PolicyFaults
from priorauth.ledger import (
    acts,  # noqa: F401 - what does the acts
    parts,
)
from priorauth.ledger import tables as t
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.events import Who
from priorauth.ledger.readings import PUBLISHED
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import DEFAULT, Store
from priorauth.ledger.tokens import TENANT
from priorauth.ledger.work import Refused, perform
from priorauth.values.strict_yaml import Mapping as Read
from priorauth.values.strict_yaml import Sequence, read_file

ZONE: Final = "America/New_York"
FALLBACK: Final = "plan"
PATIENCE: Final = 30
"""How many seconds a statement of a server may take: whoever asked has gone by then."""
_KNOWN: Final = frozenset({"title", "zone", "db", "settings"})
_SWITCHES: Final = {"yes": True, "no": False}


def opened(
    db: str | None, name: str | None, folder: Path | None, clock: Callable[[], datetime], closing: ExitStack
) -> dict[str, Store]:
    """Open the ledger of each tenant, and set up those that are new; raises LedgerRefused or PolicyFaults."""
    if folder is None:
        store = _store(db or DEFAULT, clock(), closing)
        tenant = named(name or held(store) or FALLBACK)
        _set_up(store, tenant, {}, clock())
        return {tenant: store}
    by_url: dict[str, Store] = {}
    found: dict[str, Store] = {}
    for tenant, file in files(folder, name).items():
        said = read(file)
        url = said.get("db") or _of_folder(db, file)
        if url not in by_url:
            by_url[url] = _store(url, clock(), closing)
        _set_up(by_url[url], tenant, said, clock())
        found[tenant] = by_url[url]
    return found


def files(folder: Path, name: str | None = None) -> dict[str, Path]:
    """Return the file of each tenant of a folder, or of the one that is named; raises LedgerRefused."""
    found = {named(file.stem): file for file in sorted(folder.glob("*.yaml"))} if folder.is_dir() else {}
    if not found:
        raise LedgerRefused(Fault(str(folder), None, "expected a folder with a file NAME.yaml for each tenant"))
    if name is not None and name not in found:
        raise LedgerRefused(Fault(str(folder), None, f"has no {name[:64]}.yaml"))
    return found if name is None else {name: found[name]}


def _store(url: str, now: datetime, closing: ExitStack) -> Store:
    """Open a database, and give it the parts of the months to come before a row needs one."""
    store = open_store(url, PATIENCE)
    closing.callback(store.close)
    parts.ahead(store, now)
    return store


def named(tenant: str) -> str:
    """Return the name of a tenant; raises LedgerRefused where it cannot stand in tokens and addresses."""
    if not TENANT.fullmatch(tenant):
        raise LedgerRefused(
            Fault(None, None, f"a tenant's name: expected letters, digits, - and _, found {tenant[:64]!r}")
        )
    return tenant


def held(store: Store) -> str | None:
    """Return the tenant of a SQLite file, which holds one; PostgreSQL shows none before it is named."""
    with store.reading(FALLBACK) as connection:
        found: str | None = connection.execute(select(t.tenant.c.tenant).limit(1)).scalar()
    return found


def _of_folder(db: str | None, file: Path) -> str:
    """Return the database of a tenant: that of the server, or with SQLite a file beside the tenant's own."""
    return db if db is not None and not db.startswith("sqlite") else f"sqlite:///{file.with_suffix('.db')}"


def read(file: Path) -> dict[str, Any]:
    """Return what the file of a tenant says; raises PolicyFaults."""
    said = read_file(file)
    for key in said:
        if key not in _KNOWN:
            raise PolicyFaults.at_line(file.name, said.key_lines[key], f"expected one of {', '.join(sorted(_KNOWN))}")
    found: dict[str, Any] = _plain(said)
    if not isinstance(found.get("settings", {}), dict):
        raise PolicyFaults.at_line(file.name, said.key_lines["settings"], "expected settings by name")
    return found


def _plain(value: object) -> Any:  # noqa: ANN401 - YAML
    match value:
        case Read():
            return {str(key): _plain(one) for key, one in value.items()}
        case Sequence():
            return [_plain(one) for one in value]
        case _:
            return _SWITCHES.get(str(value), str(value))


def _set_up(store: Store, tenant: str, said: Mapping[str, Any], now: datetime) -> None:
    """Set a tenant up where it is new, or where its file says something else than the ledger."""
    with store.reading(tenant) as connection:
        query = select(t.tenant).where(t.tenant.c.tenant == tenant)
        row = connection.execute(query).mappings().first()
    if row is not None and not said:
        return
    title, zone = said.get("title") or (None if row is None else row["name"]) or tenant, said.get("zone") or ZONE
    settings = said.get("settings", {})
    if row is not None:
        before = {name: value for name, value in row["settings"].items() if name != PUBLISHED}
        if (row["name"], row["zone"], before) == (title, zone, settings):
            return
    found = perform(store, SetUp(title=title, zone=zone, settings=settings), Who(tenant, None, "system"), now)
    if isinstance(found, Refused):
        raise LedgerRefused(Fault(store.name, None, f"tenant {tenant}: {found.reason}"))
