"""What the commands on cases have in common: which ledger, who acts, how it is told what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from priorauth.cli import output
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.ledger.events import Who
    from priorauth.ledger.store import Store
    from priorauth.ledger.work import Act, Done

Wrapped = TypeVar("Wrapped", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class House:
    """A ledger that a command works on, in the name of a tenant."""

    store: Store
    tenant: str

    @property
    def system(self) -> Who:
        """The system itself."""
        from priorauth.ledger.events import Who

        return Who(self.tenant, None, "system")

    def who(self, person: str | None, role: str | None, behalf: str | None = None) -> Who:
        """Return who acts: a person in a role, with her organisation, or the system."""
        from sqlalchemy import select

        from priorauth.ledger import tables as t
        from priorauth.ledger.events import Who

        if person is None:
            if role not in (None, "system"):
                raise refused(f"--role: {role}: expected --as PERSON too")
            return self.system._replace(behalf=behalf)
        if role is None:
            raise refused("--as: expected --role ROLE too")
        one = t.person
        query = select(one.c.organisation).where(one.c.tenant == self.tenant, one.c.person == person)
        with self.store.reading(self.tenant) as connection:
            found = connection.execute(query).first()
        if found is None:
            raise refused(f"--as: no person {person!r} in the ledger of {self.tenant}")
        return Who(self.tenant, person, role, found.organisation, behalf)

    def do(self, act: Act, who: Who) -> Done:
        """Do an act; raises InputRefused where it is refused, with what changed since where that is why."""
        from priorauth.ledger.work import Refused
        from priorauth.server import clock
        from priorauth.server.service import done

        found = done(self.store, act, who, clock.now())
        if isinstance(found, Refused):
            changed = (f"    {one['at']} {one['role']}: {one['what']}" for one in found.since)
            raise refused("\n".join((f"{found.code}: {found.reason}", *changed)))
        return found


@contextmanager
def opened(db: str | None, tenant: str | None) -> Iterator[House]:
    """Return the ledger of a tenant; refuses where there is none, for a slip in a name must not make one."""
    from sqlalchemy import select

    from priorauth.ledger import tables as t
    from priorauth.ledger.schema import open_store
    from priorauth.ledger.store import DEFAULT, connect
    from priorauth.server.tenants import held

    known = connect(db or DEFAULT)
    known.close()
    if known.dialect == "sqlite" and not Path(known.name).is_file():
        raise refused(f"--db: there is no ledger {known.name}; `priorauth serve` makes one")
    store = open_store(db or DEFAULT)
    try:
        named = tenant or held(store)
        if named is None:
            raise refused("--tenant: expected the name of a tenant")
        with store.reading(named) as connection:
            there = connection.execute(select(t.tenant.c.tenant).where(t.tenant.c.tenant == named)).first()
        if there is None:
            raise refused(f"--tenant: no tenant {named!r} in {store.name}")
        yield House(store, named)
    finally:
        store.close()


def ledger(command: Wrapped) -> Wrapped:
    """Add the options that name a ledger."""
    tenant = click.option("--tenant", metavar="NAME", help="the tenant; of a SQLite file the one that it holds")
    db = click.option("--db", metavar="URL", help="the ledger; left out, sqlite:///priorauth.db")
    return db(tenant(command))


def acting(command: Wrapped) -> Wrapped:
    """Add the options that say who acts."""
    person = click.option("--as", "person", metavar="PERSON", help="who acts; left out, the system itself")
    role = click.option("--role", metavar="ROLE", help="the role in which she acts")
    return ledger(person(role(command)))


def versioned(command: Wrapped) -> Wrapped:
    """Add the option that says which version of the case was seen."""
    from priorauth.cli.parameters import Whole

    text = "the version of the case that you saw; an older one is refused"
    return click.option("--version", "version", type=Whole(0), metavar="N", help=text)(command)


def told(found: Done, *, as_json: bool) -> None:
    """Print what an act left."""
    plainly = plain(found)
    plainly.pop("result")
    if as_json:
        output.as_json(plainly)
        return
    output.line(f"{found.case}: {found.state}, version {found.version}")
    for name, value in plainly["more"].items():
        if name != "receipts":
            output.line(f"  {name}: {_short(value)}")


def plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return something as JSON has it: moments and days as text."""
    from priorauth.ledger.columns import canonical

    return msgspec.json.decode(canonical(msgspec.to_builtins(value)))


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print rows as a plain table with a head."""
    cells = [columns, *([_short(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    for line in cells:
        said = "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        output.line(said.rstrip())


def _short(value: object) -> str:
    match value:
        case None:
            return "-"
        case list():
            return ", ".join(map(_short, value))
        case dict():
            return ", ".join(f"{name} {_short(one)}" for name, one in value.items())
        case str() if value.endswith("Z") and value[10:11] == "T":
            return f"{value[:10]} {value[11:16]}"
        case _:
            return str(value)
