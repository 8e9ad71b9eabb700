"""Addresses of the workbench with something behind them: every page of the table, filled in from the ledger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from sqlalchemy import Row, select

from priorauth.decide.page.criteria import walk
from priorauth.ledger import tables as t
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.store import Store
from priorauth.workbench import rights

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
CHOICES = {
    "name": ("nurse", "mine", "director", "clinic"),
    "id": ("masshealth/insulin-pumps", "husky/ambulatory-infusion-pumps"),
    "v": ("2024-02-01",),
    "reading": ("hba1c_age",),
    "code": ("E0784",),
    "year": ("2026",),
    "leaf": ("1.png",),
    "person": ("nadia",),
    "section": ("patient", "item", "people", "record", "logs", "papers", "questions", "send"),
}
"""What stands for a part of an address that is not of a case."""


class Addresses:
    """The addresses of the pages of one ledger."""

    def __init__(self, store: Store, tenant: str) -> None:
        """Read what the ledger holds: a case of each state, what each has."""
        self.store, self.tenant = store, tenant
        with store.reading(tenant) as connection:
            self.cases = [dict(row) for row in connection.execute(select(t.cases)).mappings()]
            self.documents = self._first(connection.execute(select(t.document.c.case_no, t.document.c.number)))
            self.notices = self._first(connection.execute(select(t.notice.c.case_no, t.notice.c.number)))
            self.drafts = [row.draft for row in connection.execute(select(t.draft.c.draft))]
            self.approvals = [row.number for row in connection.execute(select(t.approval.c.number))]
            last = select(t.run.c.case_no, t.run.c.determinations).order_by(t.run.c.number)
            self.runs = {row.case_no: row.determinations for row in connection.execute(last)}

    @staticmethod
    def _first(rows: Iterable[Row[Any]]) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in rows:
            found.setdefault(row.case_no, row.number)
        return found

    def by_state(self) -> list[str]:
        """Return a case of each state."""
        found: dict[tuple[str, str], str] = {}
        for one in self.cases:
            found.setdefault((one["state"], one["kind"]), one["case_no"])
        return list(found.values())

    def criterion(self, case: str) -> str | None:
        """Return a criterion of a case: one in conflict, else one that is open."""
        listed = [one for made in read_determinations(self.runs[case]) for one in walk(made.criteria) if one.id]
        for status in ("conflict", "unknown", "not-met", "met"):
            for one in listed:
                if one.status == status:
                    return one.id
        return None

    def of(self, name: str) -> Iterator[str]:
        """Yield addresses of a page; none where the ledger has nothing for it."""
        pattern = rights.table().pages[name].at
        parts = [part for part in _PART.findall(pattern) if part != "case"]
        for case in self.by_state() if "{case}" in pattern else [""]:
            values = [self._values(part, case) for part in parts]
            for chosen in product(*values):
                filled = dict(zip(parts, chosen, strict=True), case=case)
                yield _PART.sub(lambda found, filled=filled: filled[found[1]], pattern)  # type: ignore[misc]

    def _values(self, part: str, case: str) -> tuple[str, ...]:
        if part in CHOICES:
            return CHOICES[part]
        found: dict[str, object] = {
            "number": self.documents.get(case),
            "n": self.notices.get(case),
            "notice": self.notices.get(case),
            "draft": self.drafts[0] if self.drafts else None,
            "approval": self.approvals[0] if self.approvals else None,
            "criterion": self.criterion(case) if case else None,
            "pair": "1..2",
        }
        value = found.get(part)
        return () if value is None else (str(value),)
