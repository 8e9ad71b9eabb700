"""What an act writes, held back and sent to the database together: before it reads there, and when it is done.

An act seals several events and leaves a case, its items and clocks several times over. Rows of one table go in one
statement, and a row of the state is written once, as it is left in the end. Of a case that the act itself began
nothing was there before: its rows are inserted without being looked for, and are read from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table

from priorauth.ledger import statements
from priorauth.ledger import tables as t
from priorauth.ledger.columns import Canonical, canonical
from priorauth.ledger.events import FIRST, Chain, Json, key_of, read

Key = tuple[Any, ...]
_STATE: Final[Mapping[str, Table]] = {table.name: table for table in t.STATE}
_LAST: Final = (t.event, t.outbox)
"""Nothing rests on them: they go last, each in its order."""


class Pending:
    """The rows of one transaction that were not sent yet, and those of cases that began in it."""

    def __init__(self, connection: Connection, tenant: str) -> None:
        """Begin with nothing pending."""
        self._connection, self._tenant = connection, tenant
        self._appended: list[tuple[Table, Json]] = []
        self._last: dict[Table, list[Json]] = {table: [] for table in _LAST}
        self._left: dict[Table, dict[Key, Json]] = {table: {} for table in t.STATE}
        self._kept: dict[str, bytes] = {}
        self._begun: set[str] = set()
        self._own: dict[Table, dict[Key, Json]] = {}
        self._there: set[tuple[Table, Key]] = set()

    def sent(self) -> Connection:
        """Send what is pending; return the transaction, for whoever asks the database himself."""
        self.send()
        return self._connection

    def begin(self, case_no: str) -> None:
        """Take note that a case begins here: nothing of it is there yet."""
        self._begun.add(case_no)

    def append(self, table: Table, row: Json) -> None:
        """Append a row of what happened."""
        if table is t.decision:  # the database asks what came before it, and may refuse it for that
            self.send()
        if table in self._last:
            self._last[table].append(row)
        else:
            self._appended.append((table, row))
        self._note(table, row)

    def keep(self, sha: str, content: bytes) -> None:
        """Keep bytes under their sha256, unless they are kept."""
        if sha not in self._kept:
            self._kept[sha] = content
            row = {"tenant": self._tenant, "sha256": sha, "size": len(content), "bytes": content}
            self._appended.append((t.blob, row))

    def content(self, sha: str) -> bytes:
        """Return the bytes of a sha256."""
        if sha not in self._kept:
            row = self._connection.execute(statements.content(), {"of_tenant": self._tenant, "of_sha256": sha})
            self._kept[sha] = row.scalar_one()
        return self._kept[sha]

    def leave(self, changed: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Leave rows of the state as an event says; one with ``"gone": true`` is taken away."""
        for name, rows in changed.items():
            table = _STATE[name]
            for row in rows:
                values = {column: read(table, column, value) for column, value in row.items() if column != "gone"}
                key = tuple(values[column] for column in key_of(table))
                if row.get("gone"):
                    self.send()
                    self._connection.execute(*statements.removed(self._tenant, table, key))
                    self._forget(table, key)
                else:
                    self._left[table].setdefault(key, {}).update(values)
                    self._note(table, values)

    def head(self, case_no: str, end: Chain) -> None:
        """Leave the end of a case's chain."""
        self.leave({t.cases.name: [{"case_no": case_no, "events": end.events, "head": end.head}]})

    def rows(self, table: Table, where: Mapping[str, Any]) -> list[Json]:
        """Return the rows of a table with these values, in the order of its key."""
        if where.get("case_no") in self._begun:
            own = [_as_read(table, {**row, "tenant": self._tenant}) for row in self._own.get(table, {}).values()]
            same = [row for row in own if all(row[name] == value for name, value in where.items())]
            return sorted(same, key=lambda row: [row[column.name] for column in table.primary_key])
        self.send()
        found = self._connection.execute(*statements.chosen(self._tenant, table, where))
        return [dict(row) for row in found.mappings()]

    def highest(self, table: Table, where: Mapping[str, Any]) -> int:
        """Return the highest number of the rows of a table with these values; 0 where there is none."""
        if where.get("case_no") in self._begun:
            return max((row["number"] for row in self.rows(table, where)), default=0)
        self.send()
        return self._connection.execute(*statements.highest(self._tenant, table, where)).scalar() or 0

    def send(self) -> None:
        """Send everything: the state, in an order in which it can be filled, then what happened, events last."""
        for table, left in self._left.items():
            if left:
                self._left[table] = {}
                self._put(table, left)
        appended, self._appended = self._appended, []
        for table, of in groupby(appended, key=lambda one: one[0]):
            self._insert(table, [row for _, row in of])
        for table in _LAST:
            rows, self._last[table] = self._last[table], []
            self._insert(table, rows)

    def _put(self, table: Table, left: Mapping[Key, Json]) -> None:
        new = [row for key, row in left.items() if self._is_new(table, key, row) or not self._changed(table, key, row)]
        first = {"tenant": self._tenant, **({"events": 0, "head": FIRST} if table is t.cases else {})}
        self._insert(table, [{**first, **row} for row in new])

    def _is_new(self, table: Table, key: Key, row: Json) -> bool:
        """Whether a row is of a case that began here, and was not sent before."""
        if row.get("case_no") not in self._begun or (table, key) in self._there:
            return False
        self._there.add((table, key))
        return True

    def _changed(self, table: Table, key: Key, row: Json) -> bool:
        """Change a row of the state; whether it is there."""
        keys = (*key_of(table), "tenant")
        rest = {name: value for name, value in row.items() if name not in keys}
        if rest:
            return self._connection.execute(*statements.changed(self._tenant, table, key, rest)).rowcount > 0
        where = dict(zip(key_of(table), key, strict=True))
        return self._connection.execute(*statements.chosen(self._tenant, table, where)).first() is not None

    def _insert(self, table: Table, rows: list[Json]) -> None:
        if table is t.blob:
            for row in rows:
                self._insert_blob(row)
            return
        for _, alike in groupby(rows, key=tuple):
            listed = list(alike)
            self._connection.execute(statements.inserted(table), listed if len(listed) > 1 else listed[0])

    def _insert_blob(self, row: Json) -> None:
        """Keep bytes that are not kept; another act may be keeping the same at this moment."""
        here = {"of_tenant": self._tenant, "of_sha256": row["sha256"]}
        if self._connection.execute(statements.kept(), here).first() is None:
            self._connection.execute(statements.inserted_once(t.blob, self._connection.dialect.name), row)

    def _note(self, table: Table, row: Mapping[str, Any]) -> None:
        """Remember a row of a case that began here."""
        if row.get("case_no") in self._begun and table is not t.outbox:
            key = tuple(row[name] for name in key_of(table))
            self._own.setdefault(table, {}).setdefault(key, {}).update(row)

    def _forget(self, table: Table, key: Key) -> None:
        self._own.get(table, {}).pop(key, None)
        self._there.discard((table, key))


def _as_read(table: Table, row: Mapping[str, Any]) -> Json:
    """Return a row as the database would give it back."""
    return {column.name: _value(column.type, row.get(column.name)) for column in table.c}


def _value(kind: object, value: Any) -> Any:  # noqa: ANN401 - a value of a column
    if value is not None and isinstance(kind, Canonical):
        return msgspec.json.decode(canonical(value))
    return value.astimezone(UTC) if isinstance(value, datetime) else value
