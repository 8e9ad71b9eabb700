"""How often somebody may try to sign in: by address, and by person for her password. Kept in the database, so that
two servers count alike.

A try is counted before it is looked at, and given back where it was right: many at once are no more than one after
the other. A person who guessed wrong often waits, each time longer; her passkeys and other ways stay open.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, case, delete, select, update
from starlette.requests import Request

from priorauth.ledger import tables as t
from priorauth.ledger.store import upsert
from priorauth.workbench.signin.people import Plan
from priorauth.workbench.signin.told import system, tell

_KIND: Final = "address"
_LONGEST: Final = 32
"""How many times the first wait the longest is."""
_NET: Final = 64
"""An IPv6 network of which every address is one household's."""


def address(request: Request, of: Plan) -> str | None:
    """Return whence a request came; None for this machine itself, whose tries are not counted by address.

    ``trusted_proxies`` of the tenant's settings are those whose ``X-Forwarded-For`` is believed, its last entry.
    """
    host = request.client.host if request.client else ""
    trusted = of.settings.get("trusted_proxies", ())
    if host in (trusted.split() if isinstance(trusted, str) else trusted):
        host = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if found.is_loopback:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _NET), strict=False))
    return str(found)


def counted(connection: Connection, of: Plan, whence: str | None, now: datetime) -> int:
    """Count a try of an address; return how many seconds it has to wait, 0 where it may."""
    if whence is None:
        return 0
    one, span = t.sign_in_try, timedelta(minutes=of.number("tries_minutes"))
    connection.execute(delete(one).where(one.c.tenant == of.tenant, one.c.since <= now - span))
    first = {"tenant": of.tenant, "kind": _KIND, "whose": _whose(whence), "count": 1, "since": now}
    added = upsert(connection, one).values(first)
    key = [one.c.tenant, one.c.kind, one.c.whose]
    added = added.on_conflict_do_update(index_elements=key, set_={"count": one.c["count"] + 1})
    row = connection.execute(added.returning(one.c["count"], one.c.since)).one()
    most = of.number("tries_of_address")
    if row[0] == most + 1:
        tell(connection, system(of.tenant), now, "address-held-back", tries=most)
    return 0 if row[0] <= most else max(int((row[1] + span - now).total_seconds()), 1)


def forgiven(connection: Connection, of: Plan, whence: str | None) -> None:
    """Give an address its try back: it was right."""
    if whence is not None:
        one = t.sign_in_try
        mine = and_(one.c.tenant == of.tenant, one.c.kind == _KIND, one.c.whose == _whose(whence))
        less = case((one.c["count"] > 0, one.c["count"] - 1), else_=0)
        connection.execute(update(one).where(mine).values({"count": less}))


def locked(connection: Connection, of: Plan, person: str, now: datetime) -> bool:
    """Count a try of a person's password; return whether it is not looked at, because she has to wait."""
    one, most = t.account, of.number("wrong_passwords")
    mine = and_(one.c.tenant == of.tenant, one.c.person == person)
    row = connection.execute(select(one.c.failed, one.c.locked_until).where(mine).with_for_update()).first()
    if row is None:
        return False
    if row.locked_until is not None and row.locked_until > now:
        return True
    failed = row.failed + 1
    values: dict[str, object] = {"failed": failed}
    if failed % most == 0:  # this one is still looked at; where it is right, the lock is gone with it
        times = min(2 ** (failed // most - 1), _LONGEST)
        values["locked_until"] = now + timedelta(minutes=of.number("lock_minutes") * times)
        tell(connection, system(of.tenant), now, "password-locked", person=person, failed=failed)
    connection.execute(update(one).where(mine).values(values))
    return False


def opened(connection: Connection, of: Plan, person: str) -> None:
    """Let a person begin anew: her password was right, or a new one was set."""
    one = t.account
    mine = and_(one.c.tenant == of.tenant, one.c.person == person)
    connection.execute(update(one).where(mine).values(failed=0, locked_until=None))


def _whose(whence: str) -> str:
    return hashlib.sha256(whence.encode()).hexdigest()
