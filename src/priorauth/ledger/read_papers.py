"""The documents of a case as they were read: what each proposes, and what people said of that; for pages and programs.

A clinic sees of its own case what its own people said. What people of the payer said it sees when the notice of the
decision was mailed, as with all that they do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal

from msgspec import Struct, structs
from sqlalchemy import Connection, Table, and_, select

from priorauth.documents.pages import Reading
from priorauth.documents.proposal import Findings, Proposal
from priorauth.ledger import documented, runs, statements
from priorauth.ledger import tables as t
from priorauth.ledger.documented import OWN, Place
from priorauth.ledger.events import Json, Who
from priorauth.ledger.opened import READERS
from priorauth.ledger.store import Store
from priorauth.ledger.work import CLINIC, Refusal

Status = Literal["waiting", "read", "kept-as-paper"]
Word = Literal["open", "confirmed", "rejected", "tied", "seen"]
FILED_IN_ERROR: Final = "it was filed in error"
NOT_READ: Final = "it is data, and not read as a document"


class Said(Struct, frozen=True, kw_only=True):
    """A proposal, and what became of it.

    ``reading`` and ``number`` name it to confirm or reject it: which reading of the document, and its place there, from
    0; both are None where a person read it herself (``tied``, ``seen``). ``by`` is who proposes: ``priorauth``, or a
    program from outside. ``person``, ``name``, ``role``, ``at`` and ``why`` are of her who said the word.
    """

    proposal: Proposal
    word: Word = "open"
    reading: int | None = None
    number: int | None = None
    by: str = OWN
    person: str | None = None
    name: str | None = None
    role: str | None = None
    at: datetime | None = None
    why: str | None = None


class DocumentRead(Struct, frozen=True, kw_only=True):
    """A document, and how far it was read.

    ``status``: ``waiting`` to be read; ``read``; or ``kept-as-paper``, with ``why`` in one line (it cannot be read, it
    is of another patient, it was filed in error, it is data). ``findings`` are those of our own reader, None where it
    has none; ``proposals`` are of all readers, with the words that people tied.
    """

    document: int
    title: str
    kind: str
    media: str
    sha256: str
    filed_at: datetime
    dated: date | None = None
    status: Status = "waiting"
    why: str | None = None
    read_at: datetime | None = None
    reader: str | None = None
    findings: Findings | None = None
    proposals: tuple[Said, ...] = ()

    @property
    def open(self) -> tuple[Said, ...]:
        """The proposals of which nobody has said anything."""
        return tuple(one for one in self.proposals if one.word == "open")


def readings(store: Store, who: Who, case_no: str) -> tuple[DocumentRead, ...]:
    """Return the documents of a case as they were read; none where there is no such case that this reader may see.

    Raises Refusal to a role that reads no case.
    """
    if who.role not in READERS:
        raise Refusal("no-right", f"a case: not for the role {who.role}; it is for: {', '.join(sorted(READERS))}")
    with store.reading(who.tenant) as connection:
        one = t.cases.c
        query = select(one.organisation).where(one.tenant == who.tenant, one.case_no == case_no)
        found = connection.execute(query).first()
        if found is None or (who.role in CLINIC and found.organisation != who.organisation):
            return ()
        words = _rows(connection, who, t.proposal_word, case_no)
        hidden = who.role in CLINIC and not _told(connection, who, case_no)
        if hidden:
            words = [row for row in words if row["role"] in CLINIC]
        made = tuple(_documents(connection, who, case_no, words))
    return tuple(_for_clinic(one) for one in made) if who.role in CLINIC else made


def text(store: Store, who: Who, case_no: str, document: int) -> Reading | None:
    """Return the text that was read in a document, with the places of its words; None where none was, or is not hers.

    Raises Refusal as :func:`readings`.
    """
    if not any(one.document == document for one in readings(store, who, case_no)):
        return None
    of, one = t.reading.c, t.pages.c
    same = (one.tenant == of.tenant, one.sha256 == of.sha256, one.reader == of.pages)
    here = (of.tenant == who.tenant, of.case_no == case_no, of.document == document)
    query = select(one.pages).join(t.reading, and_(*same)).where(*here).order_by(of.number.desc()).limit(1)
    with store.reading(who.tenant) as connection:
        found: bytes | None = connection.execute(query).scalar()
    return None if found is None else documented.text_of(found)


def _for_clinic(one: DocumentRead) -> DocumentRead:
    """Leave out what is for those who write rules."""
    found = one.findings
    return one if found is None else structs.replace(one, findings=structs.replace(found, left=()))


def _told(connection: Connection, who: Who, case_no: str) -> bool:
    """Whether the notice of a decision was mailed."""
    decided = {row["number"] for row in _rows(connection, who, t.notice, case_no, "facts") if row["decision"]}
    return any(row["notice"] in decided for row in _rows(connection, who, t.mailing, case_no))


def _rows(connection: Connection, who: Who, table: Table, case_no: str, *left_out: str) -> list[Json]:
    here = {"of_tenant": who.tenant, "of_case_no": case_no}
    return [dict(row) for row in connection.execute(statements.of_case(table, *left_out), here).mappings()]


def _documents(connection: Connection, who: Who, case_no: str, words: list[Json]) -> Iterator[DocumentRead]:
    wrong = {row["document"] for row in _rows(connection, who, t.filed_in_error, case_no)}
    read: dict[int, list[Json]] = {}
    for row in _rows(connection, who, t.reading, case_no):
        read.setdefault(row["document"], []).append(row)
    names = _names(connection, who, {row["person"] for row in words})
    said = documented.newest(words)
    for row in _rows(connection, who, t.document, case_no):
        number = row["number"]
        own = [one for one in words if one["document"] == number]
        yield _one(row, read.get(number, []), said, own, names, wrong=number in wrong)


def _names(connection: Connection, who: Who, people: Collection[str]) -> dict[str, str]:
    if not people:
        return {}
    one = t.person.c
    query = select(one.person, one.name).where(one.tenant == who.tenant, one.person.in_(people))
    return {row.person: row.name for row in connection.execute(query)}


def _one(  # noqa: PLR0913 - what a document is made of
    row: Json,
    readings: list[Json],
    said: Mapping[Place, Json],
    own: Iterable[Json],
    names: Mapping[str, str],
    *,
    wrong: bool,
) -> DocumentRead:
    ours = documented.ours(readings)
    found = None if ours is None else documented.findings_of(ours)
    status, why = _status(row, ours, found, wrong=wrong)
    proposals: list[Said] = []
    stand = {one["number"] for one in documented.standing(readings)}
    for one in readings:
        findings = documented.findings_of(one)
        for place, proposal in enumerate(() if findings is None else findings.facts):
            word = said.get(Place(row["number"], one["number"], place))
            if word is not None or one["number"] in stand:
                named = {"reading": one["number"], "number": place, "by": one["by"]}
                proposals.append(Said(proposal=proposal, **named, **_word(word, names)))
    proposals += [Said(proposal=documented.tied_of(one), **_word(one, names)) for one in documented.tied(own)]
    return DocumentRead(
        document=row["number"],
        title=row["name"],
        status=status,
        why=why,
        read_at=None if ours is None else ours["at"],
        reader=None if ours is None else ours["reader"],
        findings=found,
        proposals=() if wrong else tuple(proposals),
        **{name: row[name] for name in ("kind", "media", "sha256", "filed_at", "dated")},
    )


def _status(row: Json, ours: Json | None, found: Findings | None, *, wrong: bool) -> tuple[Status, str | None]:
    if wrong:
        return "kept-as-paper", FILED_IN_ERROR
    if runs.is_data(row["kind"], row["media"]):
        return "kept-as-paper", NOT_READ
    if ours is None:
        return "waiting", None
    if found is None:
        return "kept-as-paper", ours["refused"]
    return ("read", None) if found.set_aside is None else ("kept-as-paper", found.set_aside)


def _word(row: Json | None, names: Mapping[str, str]) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "name": names.get(row["person"], row["person"]),
        **{name: row[name] for name in ("word", "person", "role", "at", "why")},
    }
