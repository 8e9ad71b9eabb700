"""Proposals of documents as rows of facts: open ones as mentions, those that a person confirmed as rows that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec
from msgspec import Struct

from priorauth.documents import valued
from priorauth.documents.beside import beside
from priorauth.documents.proposal import Findings, Proposal
from priorauth.documents.valued import Speaking, Unread
from priorauth.errors import Fault, InputRefused
from priorauth.facts.rows import MAYBE, Answer, Row, Source
from priorauth.facts.vocabulary import Fact
from priorauth.record import request
from priorauth.record.ordering import in_order
from priorauth.record.quantities import Scales
from priorauth.values.dates import ANY_DAY, FIRST_DAY, When

Role = Literal["clinic", "nurse"]
"""Who says that a document is right: the practice whose it is, or a person of the plan who has seen it."""


class Confirmed(Struct, frozen=True, kw_only=True):
    """A proposal that a person says is right. ``number``: its place in the facts of the findings, from 0.

    ``by`` is the person's id, ``name`` her name; ``at`` the moment, as ISO.
    """

    number: int
    by: str
    role: Role
    name: str
    at: str


class Tied(Struct, frozen=True, kw_only=True):
    """What a person read in a document herself: the words that she marked, with fact, value and date; it is her word.

    ``by``, ``role``, ``name`` and ``at`` as of :class:`Confirmed`.
    """

    proposal: Proposal
    by: str
    role: Role
    name: str
    at: str


class Proposed(Struct, frozen=True, kw_only=True):
    """One document with what it proposes and what people said of that; what a run keeps of it.

    ``document`` is the resource that holds it (``DocumentReference/x``) or its place in a case (``document 3``),
    ``title`` what it is called, ``dated`` its ISO date where its resource or the ledger says one. ``rejected``: places
    in the facts of the findings, from 0, of proposals that a person said are wrong.
    """

    document: str
    title: str
    sha256: str
    dated: str | None = None
    findings: Findings = Findings()
    confirmed: tuple[Confirmed, ...] = ()
    rejected: tuple[int, ...] = ()
    tied: tuple[Tied, ...] = ()


OF_REQUEST: Final = frozenset(
    {
        "birth_date", "care_setting", "coverage_in_force", "coverage_payer", "other_insurance", "primary_diagnosis",
        "product_code", "purchase_or_rental", "quantity_requested", "request_channel", "request_form_complete",
        "service_on", "service_until", "sex",
    }
)  # fmt: skip
"""Facts that the claim, the patient and the coverage state: no document puts them in doubt."""


def encoded(proposed: Sequence[Proposed]) -> bytes:
    """Return documents as a run keeps them: the same documents, the same bytes."""
    return msgspec.json.encode(proposed, order="sorted")


def decoded(data: bytes, name: str = "documents") -> tuple[Proposed, ...]:
    """Return the documents that a run keeps; raises InputRefused."""
    try:
        return msgspec.json.decode(data, type=tuple[Proposed, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise InputRefused(Fault(name, None, f"expected what documents propose: {fault}")) from None


def reference(document: str, one: Proposal) -> str:
    """Return how rows name the place of a proposal: ``document 3#page=2&at=118``."""
    return f"{document}#page={one.page}&at={one.start}"


class Spoken(NamedTuple):
    """A proposal of a document, or what a person tied herself, and who said what of it."""

    document: Proposed
    proposal: Proposal
    said: Confirmed | Tied | None = None

    @property
    def ref(self) -> str:
        """What its rows rest on: document, page, and where on the page its words begin."""
        return reference(self.document.document, self.proposal)


def spoken(proposed: Iterable[Proposed]) -> Iterator[Spoken]:
    """Yield every proposal that was not rejected, of documents that were not set aside, with who confirmed it."""
    for document in proposed:
        if document.findings.set_aside is None:
            said = {one.number: one for one in document.confirmed}
            for number, proposal in enumerate(document.findings.facts):
                if number in said or number not in document.rejected:
                    yield Spoken(document, proposal, said.get(number))
        for tied in document.tied:
            yield Spoken(document, tied.proposal, tied)


def settles(fact: Fact | None) -> bool:
    """Whether a document can speak of a fact at all: never of a judgment, nor of what the payer alone knows."""
    if fact is None or fact.kind == "judgment" or fact.asked_of == "payer":
        return False
    return fact.name not in OF_REQUEST and not fact.together


def confirmed(proposed: Iterable[Proposed], scales: Scales) -> Iterator[Row]:
    """Yield the rows of what people confirmed or tied: a practice's word is an answer, a plan's a document seen."""
    for one in spoken(proposed):
        if one.said is None or not settles(scales.vocabulary.facts.get(one.proposal.fact)):
            continue
        source = Source.ANSWER if one.said.role == "clinic" else Source.DOCUMENT
        last = valued.when(one.said.at[:10]) or ANY_DAY
        by = Speaking(scales, source, one.ref, _as_of(one.document, last.last), _author(one, one.said.role))
        try:
            yield from valued.rows(one.proposal, by)
        except Unread as fault:
            yield valued.unread(one.proposal, by, str(fault))


def _author(one: Spoken, role: Role) -> str | None:
    """Return whose paper it is: the supplier's where it is read so and a person of the plan has seen it.

    A practice that passes a paper on has not shown whose it is; of other papers nothing is known.
    """
    if "supplier" not in (one.document.findings.role, one.proposal.stated_by):
        return None
    return "supplier" if role == "nurse" else f"supplier{MAYBE}"


def opened(proposed: Iterable[Proposed], known: Mapping[str, Sequence[Row]], scales: Scales, day: int) -> Iterator[Row]:
    """Yield the rows of what nobody has confirmed: mentions, and as shown what would change nothing.

    ``known`` are all other rows by fact, ``day`` is that of the request.
    """
    for one in _open(proposed, known, scales, day):
        yield from one.rows


class _Open(NamedTuple):
    """What a proposal that nobody has confirmed would come to if it counted, and its rows as they are."""

    meant: tuple[Row, ...]
    rows: tuple[Row, ...]


def _open(
    proposed: Iterable[Proposed], known: Mapping[str, Sequence[Row]], scales: Scales, day: int
) -> Iterator[_Open]:
    for one in spoken(proposed):
        fact = scales.vocabulary.facts.get(one.proposal.fact)
        if one.said is not None or fact is None or not settles(fact):
            continue
        by = Speaking(scales, Source.PROPOSAL, one.ref, _as_of(one.document, day))
        found = _assumed_less(known.get(fact.name, ()))
        try:
            meant = valued.rows(one.proposal, by)
        except Unread as fault:
            row = valued.unread(one.proposal, by, str(fault))
            yield _Open((row,), (row,))
        else:
            yield _Open(meant, tuple(beside(one.proposal, meant, found, by)))


def _as_of(document: Proposed, latest: int) -> When:
    """Return the days of which a document may be: its own date, that of its resource, else any until ``latest``."""
    for text in (document.findings.dated, document.dated):
        try:
            found = valued.when(text)
        except Unread:
            continue
        if found is not None:
            return found
    return When(FIRST_DAY, latest)


def with_opened(
    proposed: Sequence[Proposed], known: Mapping[str, tuple[Row, ...]], scales: Scales, day: int
) -> Mapping[str, tuple[Row, ...]]:
    """Return the rows of a request with those of what nobody has confirmed; the kind of request is assumed no more
    where a document speaks of an earlier pump, or of another kind.
    """
    listed = list(_open(proposed, known, scales, day))
    found: dict[str, list[Row]] = {}
    for row in (row for one in listed for row in one.rows):
        found.setdefault(row.fact, []).append(row)
    if not found:
        return known
    told = [one.meant for one in listed if any(row.source is not Source.SHOWN for row in one.rows)]
    made = dict(known)
    if any(row.fact == request.KIND or request.of_earlier(row, day) for rows_ in told for row in rows_):
        made[request.KIND] = tuple(_assumed_less(known.get(request.KIND, ())))
    for fact, rows_ in found.items():
        made[fact] = in_order((*made.get(fact, ()), *rows_))
    return dict(sorted(made.items()))


def _assumed_less(rows_: Sequence[Row]) -> list[Row]:
    """Leave out the kind of request that was assumed because nothing on file speaks of an earlier pump."""
    return [row for row in rows_ if not _assumed(row)]


def _assumed(row: Row) -> bool:
    return (
        row.fact == request.KIND
        and isinstance(row, Answer)
        and (row.source, row.text) == (Source.RECORD, request.FIRST)
    )
