"""A case opened by somebody: everything for the payer's people, for a clinic its own part.

A clinic sees what came from it and what was told it (:mod:`priorauth.ledger.withheld`). Of the payer's own hands it
sees nothing before the notice of the decision was mailed: no signer, no reason, no run with a word of a clinician of
the payer in it, no call's notes. Another organisation's case is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, Table, select

from priorauth.decide.determination import Determination
from priorauth.ledger import documented, statements, withheld
from priorauth.ledger import tables as t
from priorauth.ledger.events import Json, Who
from priorauth.ledger.runs import read_determinations
from priorauth.ledger.store import Store
from priorauth.ledger.whole import (
    Approval,
    Call,
    Clock,
    Decision,
    Document,
    Event,
    Head,
    Item,
    Mailing,
    Notice,
    PaperWord,
    Reason,
    Run,
    Submission,
    Whole,
    Word,
)
from priorauth.ledger.work import CLINIC, Refusal

READERS: Final = CLINIC | {"nurse", "director", "appeals", "manager", "system"}
Shape = TypeVar("Shape", bound=Struct)


def read(store: Store, who: Who, case_no: str) -> Whole | None:
    """Return a case; None where there is none that this reader may see. Raises Refusal to a role that reads none."""
    if who.role not in READERS:
        raise Refusal("no-right", f"a case: not for the role {who.role}; it is for: {', '.join(sorted(READERS))}")
    with store.reading(who.tenant) as connection:
        one = t.cases.c
        query = select(t.cases).where(one.tenant == who.tenant, one.case_no == case_no)
        first = connection.execute(query).mappings().first()
        if first is None or (who.role in CLINIC and first["organisation"] != who.organisation):
            return None
        row = dict(first)
        found = _whole(connection, who.tenant, row)
        if who.role not in CLINIC:
            return structs.replace(found, determinations=_determinations(connection, who.tenant, row, row["runs"]))
        last = withheld.last_run(found)
        shown = structs.replace(found, determinations=_determinations(connection, who.tenant, row, last))
        return withheld.for_clinic(shown, _people(connection, who), last)


def whole(connection: Connection, tenant: str, case_no: str) -> Whole | None:
    """Return all of a case, for whoever may see all; None where there is none."""
    query = select(t.cases).where(t.cases.c.tenant == tenant, t.cases.c.case_no == case_no)
    first = connection.execute(query).mappings().first()
    if first is None:
        return None
    row = dict(first)
    found = _whole(connection, tenant, row)
    return structs.replace(found, determinations=_determinations(connection, tenant, row, row["runs"]))


def _people(connection: Connection, who: Who) -> frozenset[str]:
    """Return the people of the reader's own organisation."""
    one = t.person.c
    query = select(one.person).where(one.tenant == who.tenant, one.organisation == who.organisation)
    return frozenset(connection.execute(query).scalars())


def _whole(connection: Connection, tenant: str, row: Mapping[str, Any]) -> Whole:
    number = row["case_no"]

    here = {"of_tenant": tenant, "of_case_no": number, "of_received": row["received"]}

    def rows(table: Table, *left_out: str) -> list[Json]:
        return [dict(one) for one in connection.execute(statements.of_case(table, *left_out), here).mappings()]

    mailings = _by(rows(t.mailing), "notice", lambda one: made(Mailing, one))
    reasons = _by(rows(t.reason), "decision", lambda one: made(Reason, one))
    notices = [made(Notice, one, mailings=mailings.get(one["number"], ())) for one in rows(t.notice, "facts")]
    wrong = {one["document"]: one["why"] for one in rows(t.filed_in_error)}
    return Whole(
        head=made(Head, row),
        told=any(one.decision is not None and one.mailings for one in notices),
        items=tuple(made(Item, one) for one in rows(t.item)),
        clocks=tuple(made(Clock, one) for one in rows(t.clock)),
        submissions=tuple(made(Submission, one) for one in rows(t.submission)),
        documents=tuple(made(Document, one, wrong=wrong.get(one["number"])) for one in rows(t.document)),
        runs=tuple(made(Run, one) for one in rows(t.run, "rows", "determinations", "inputs", "pins")),
        determinations=(),
        words=tuple(made(Word, one) for one in rows(t.word)),
        paper_words=tuple(_paper_words(rows)),
        decisions=tuple(made(Decision, one, reasons=reasons.get(one["number"], ())) for one in rows(t.decision)),
        approvals=_approvals(connection, tenant, rows(t.approval)),
        notices=tuple(notices),
        calls=tuple(made(Call, one) for one in rows(t.call)),
        events=tuple(_event(dict(one)) for one in connection.execute(statements.said(), here).mappings()),
    )


def _paper_words(rows: Callable[[Table], list[Json]]) -> Iterator[PaperWord]:
    """Yield what people said of documents; readings are looked at only where somebody said something."""
    said = rows(t.proposal_word)
    found = {(row["document"], row["number"]): row for row in rows(t.reading)} if said else {}
    for row in said:
        if row["tied"] is not None:
            yield made(PaperWord, row, said=documented.tied_of(row))
        elif (read := documented.findings_of(found[row["document"], row["reading"]])) is not None:
            yield made(PaperWord, row, said=read.facts[row["proposal"]])


class _Data(Struct):
    """Of the data of an event what people read; the rows that it left are not read."""

    say: dict[str, Any]


_DATA: Final = msgspec.json.Decoder(_Data)


def _event(row: Mapping[str, Any]) -> Event:
    return made(Event, row, say=_DATA.decode(row["data"]).say)


def made(shape: type[Shape], row: Mapping[str, Any], **more: Any) -> Shape:  # noqa: ANN401 - what the shape takes
    """Return a struct of the columns of a row that it names."""
    return shape(**{name: row[name] for name in shape.__struct_fields__ if name in row and name not in more}, **more)


def _by(rows: list[Json], key: str, make: Callable[[Json], Shape]) -> dict[int, tuple[Shape, ...]]:
    found: dict[int, tuple[Shape, ...]] = {}
    for row in rows:
        found[row[key]] = (*found.get(row[key], ()), make(row))
    return found


def _determinations(
    connection: Connection, tenant: str, row: Mapping[str, Any], number: int
) -> tuple[Determination, ...]:
    one = t.run.c
    query = select(one.determinations).where(
        one.tenant == tenant, one.case_no == row["case_no"], one.number == number, one.received == row["received"]
    )
    found = connection.execute(query).scalar()
    return () if found is None else tuple(read_determinations(found))


def _approvals(connection: Connection, tenant: str, rows: list[Json]) -> tuple[Approval, ...]:
    if not rows:
        return ()
    one = t.approval_end.c
    query = select(one.approval, one.ends, one.why).where(
        one.tenant == tenant, one.approval.in_([row["number"] for row in rows])
    )
    ends = {row.approval: row for row in connection.execute(query)}
    return tuple(
        made(Approval, row, ends=end.ends, end_why=end.why) if (end := ends.get(row["number"])) else made(Approval, row)
        for row in rows
    )
