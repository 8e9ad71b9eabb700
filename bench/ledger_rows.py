"""Rows of many cases for bench/ledger.py, made inside the database: no chains, no requests, short runs.

One case in twenty is open, in the queues of nurses, clinics and directors; of the others three in four are approved.
Each has an item, a clock, three events and a run; a decided one a decision, a notice and its mailing.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Table, insert, select, text

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store

TENANT: Final = "plan"
ENDS: Final = datetime(2027, 3, 1, tzinfo=UTC)
BEGINS: Final = datetime(2026, 1, 2, tzinfo=UTC)
_DAYS: Final = 320
_WORDS: Final = {
    "sqlite": {
        "case": "'26-' || substr('00000000' || i, -8)",
        "moment": "strftime('%Y-%m-%dT%H:%M:%S.000000Z', {begins} + {seconds}, 'unixepoch')",
        "day": "date({begins} + {seconds}, 'unixepoch')",
    },
    "postgresql": {
        "case": "'26-' || lpad(CAST(i AS text), 8, '0')",
        "moment": "to_timestamp({begins} + {seconds})",
        "day": "CAST(to_timestamp({begins} + {seconds}) AT TIME ZONE 'UTC' AS date)",
    },
}


class Words:
    """Expressions of a database for the case ``i``."""

    def __init__(self, dialect: str, size: int) -> None:
        self.words, self.step = _WORDS[dialect], _DAYS * 86_400 / size
        self.case = self.words["case"]
        self.received = f"CAST(i * {self.step} AS bigint)"

    def moment(self, later: str) -> str:
        return self.words["moment"].format(begins=int(BEGINS.timestamp()), seconds=f"{self.received} + {later}")

    @property
    def day(self) -> str:
        return self.words["day"].format(begins=int(BEGINS.timestamp()), seconds=self.received)


OPEN: Final = "i % 20 = 0"
DENIED: Final = "(i % 20 <> 0 AND i % 4 = 1)"
SPENT: Final = "(3600 + (CAST(i AS bigint) * 7919) % 600000)"
"""Seconds from receipt to decision: spread over a week."""


def crowd(store: Store, size: int) -> None:
    """Make so many cases."""
    words = Words(store.dialect, size)
    run = {"packed": zlib.compress(b"[]")}
    with store.writing(TENANT) as connection:
        for table, columns, where in _tables(words):
            listed = ", ".join(f'"{name}"' for name in ("tenant", *columns))
            values = ", ".join((f"'{TENANT}'", *columns.values()))
            statement = (
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) "
                f'INSERT INTO "{table.name}" ({listed}) SELECT {values} FROM n WHERE {where}'
            ).replace(":", "\\:")
            binds = {key: value for key, value in run.items() if f"\\:{key}" in statement}
            for key in binds:
                statement = statement.replace(f"\\:{key}", f":{key}")
            connection.execute(text(statement), binds)
    with store.engine.connect() as connection:
        settle = "VACUUM ANALYZE" if store.dialect == "postgresql" else "ANALYZE"  # as a server would in its own time
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(settle)


def _tables(words: Words) -> list[tuple[Table, dict[str, str], str]]:
    case, came = words.case, words.moment("0")
    after, mailed = words.moment(SPENT), words.moment(f"{SPENT} + 7200")
    seal = f"'{'0' * 64}'"
    decided = f"NOT ({OPEN})"
    return [
        (t.cases, _case(words), "1 = 1"),
        (t.item, _item(case), "1 = 1"),
        (t.clock, _clock(case, came, words.moment("604800")), "1 = 1"),
        *((t.event, _event(words, number, what, seal), "1 = 1") for number, what in ((1, "received"), (2, "ran"))),
        (t.event, _event(words, 3, "asked", seal), "i % 3 = 0"),
        (t.event, _event(words, 4, "extended", seal), "i % 50 = 1"),
        (t.run, _run(words, came, seal), "1 = 1"),
        (t.reason, _reason(case), DENIED),
        (t.decision, _decision(words, case, after), decided),
        (t.notice, _notice(case, after, seal), decided),
        (t.mailing, _mailing(case, mailed), decided),
    ]


def _case(words: Words) -> dict[str, str]:
    state = "CASE i % 60 WHEN 0 THEN 'with-clinic' WHEN 20 THEN 'with-nurse' ELSE 'with-nurse' END"
    return {
        "case_no": words.case,
        "received": words.day,
        "kind": "'request'",
        "state": f"CASE WHEN {OPEN} THEN {state} WHEN {DENIED} THEN 'adverse' ELSE 'approved' END",
        "priority": "CASE WHEN i % 10 = 3 THEN 'expedited' ELSE 'standard' END",
        "version": "3",
        "payer": "CASE i % 3 WHEN 0 THEN 'masshealth' WHEN 1 THEN 'caresource' ELSE 'uhc-medicare-advantage' END",
        "line": "CASE i % 3 WHEN 0 THEN 'medicaid-ffs' WHEN 1 THEN 'marketplace' ELSE 'medicare-advantage' END",
        "organisation": "CASE WHEN i % 500 = 0 THEN 'clinic' ELSE 'clinic-' || (i % 500) END",
        "member": "'M-' || i",
        "about": "'{}'",
        "received_at": words.moment("0"),
        "due_at": f"CASE WHEN {OPEN} THEN {words.moment('604800 + 31536000')} END",
        "due_rule": f"CASE WHEN {OPEN} THEN 'mh-std' END",
        "queue": f"CASE WHEN {OPEN} THEN CASE WHEN i % 60 = 0 THEN 'clinic' ELSE 'nurse' END END",
        "runs": "1",
        "events": "2",
        "head": f"'{'0' * 64}'",
        "closed_at": f"CASE WHEN NOT ({OPEN}) THEN {words.moment(SPENT)} END",
    }


def _item(case: str) -> dict[str, str]:
    status = f"CASE WHEN {OPEN} THEN 'open' WHEN {DENIED} THEN 'adverse' ELSE 'approve-by-rule' END"
    return {
        "case_no": case,
        "item": "1",
        "product": "'E0784'",
        "quantity": "1",
        "status": status,
        "outcome": "'clinical-review'",
        "about": "'{}'",
    }


def _clock(case: str, came: str, due: str) -> dict[str, str]:
    return {
        "case_no": case,
        "rule": "'mh-std'",
        "status": f"CASE WHEN {OPEN} THEN 'running' ELSE 'ended' END",
        "started_at": came,
        "due_at": due.replace("604800", f"604800 + CASE WHEN {OPEN} THEN 31536000 ELSE 0 END"),
        "happened": "'[]'",
    }


def _event(words: Words, number: int, what: str, seal: str) -> dict[str, str]:
    return {
        "case_no": words.case,
        "received": words.day,
        "number": str(number),
        "at": words.moment("60"),
        "what": f"'{what}'",
        "role": "'rule'",
        "from_version": "1",
        "to_version": "2",
        "data": '\'{"say":{},"set":{}}\'',
        "previous": seal,
        "hash": seal,
    }


def _run(words: Words, came: str, seal: str) -> dict[str, str]:
    return {
        "case_no": words.case,
        "received": words.day,
        "number": "1",
        "at": came,
        "cause": "'received'",
        "engine": "'bench'",
        "pins": "'{}'",
        "inputs": "'[]'",
        "rows": ":packed",
        "determinations": ":packed",
        "sha256": seal,
        "outcomes": "'{}'",
        "microseconds": "1000",
    }


def _reason(case: str) -> dict[str, str]:
    parts = {name: f"'{name}'" for name in ("asks", "found", "why_not", "would_show")}
    return {"case_no": case, "decision": "1", "criterion": "'II.A.' || (i % 7)", **parts}


def _decision(words: Words, case: str, after: str) -> dict[str, str]:
    return {
        "case_no": case,
        "number": "1",
        "item": "1",
        "at": after,
        "on_day": words.day,
        "kind": f"CASE WHEN {DENIED} THEN 'adverse' ELSE 'approve-by-rule' END",
        "run": "1",
        "quantity": "1",
        "signer": f"CASE WHEN {DENIED} THEN 'dora' END",
        "role": f"CASE WHEN {DENIED} THEN 'director' ELSE 'rule' END",
        "licence": f"CASE WHEN {DENIED} THEN 'MA-12345' END",
        "why": "'bench'",
    }


def _notice(case: str, after: str, seal: str) -> dict[str, str]:
    return {
        "case_no": case,
        "number": "1",
        "kind": "'approval'",
        "at": after,
        "decision": "1",
        "run": "1",
        "template": "'bench'",
        "html": seal,
        "facts": ":packed",
        "to": "'member'",
    }


def _mailing(case: str, mailed: str) -> dict[str, str]:
    return {
        "case_no": case,
        "notice": "1",
        "number": "1",
        "at": mailed,
        "channel": "'post'",
        "handed_at": mailed,
    }


def heavy(store: Store, case_no: str) -> None:
    """Give a case that was received 30 runs, 40 documents and 300 events: copies of its own, without a chain."""
    with store.writing(TENANT) as connection:
        for table, most in ((t.run, 30), (t.event, 300)):
            rows = _rows(connection, table, case_no)
            more = [{**rows[0], "number": number} for number in range(len(rows) + 1, most + 1)]
            connection.execute(insert(table), more)
        submission = _rows(connection, t.submission, case_no)[0]
        paper = {
            **{name: submission[name] for name in ("tenant", "case_no", "sha256")},
            "kind": "paper",
            "name": "a paper",
            "media": "application/pdf",
            "size": 1000,
            "filed_at": submission["received_at"],
        }
        connection.execute(insert(t.document), [{**paper, "number": number} for number in range(1, 41)])
        one = t.cases
        connection.execute(one.update().where(one.c.case_no == case_no).values(runs=30, events=300))


def _rows(connection: Any, table: Table, case_no: str) -> list[dict[str, Any]]:
    query = select(table).where(table.c.tenant == TENANT, table.c.case_no == case_no)
    return [dict(row) for row in connection.execute(query.order_by(table.c.number)).mappings()]
