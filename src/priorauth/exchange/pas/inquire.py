"""``Claim/$inquire``: how requests stand, shown to who sent them, and to who orders or renders and knows the member.

Sought by numbers: ours, traces, what the request was called by who sent it; where they find nothing, by the member,
with day and product. Whatever is found is shown as it stands now, whichever of its numbers it was found by. What may
not be shown is not found: nothing tells that it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select

from priorauth.exchange.call import Call, Told
from priorauth.exchange.echo import SentBundle
from priorauth.exchange.pas import access, codes, inquiry, request, respond
from priorauth.exchange.pas.inquiry import Inquiry
from priorauth.exchange.pas.model import Answer, Error, Result
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.wire import Json, listed
from priorauth.ledger import tables as t
from priorauth.ledger import traffic

MOST: Final = 50
"""How many requests one inquiry shows, the newest ones."""
_OURS: Final = ("authorization", "administration", "case", "trace")
_ABSENT: Final = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_PART: Final = {"system": f"{codes.TERMS}/v3-ObservationValue", "code": "SUBSETTED"}
_NONE: Final = Error(
    "not-found", "nothing that may be shown was found", "Bundle.entry[0].resource.patient", "2010C-NM109"
)
_NOTHING_SAID: Final = Error(
    "nothing-asked",
    "expected a number of the request, or the id of the member",
    "Bundle.entry[0].resource.patient",
    "2010C-NM109",
)


def inquire(call: Call) -> Told:
    """Say how requests stand; raises Fault where the inquiry cannot be worked with."""
    asked = inquiry.read(call.body, call.raw, call.plan)
    if not asked.says_something:
        return Told(_told(call, [_bundle(call, _refused(call, asked, _NOTHING_SAID))]))
    found = [_bundle(call, *one) for one in _found(call, asked)]
    if not found and call.version == "2.0":
        found = [_bundle(call, _refused(call, asked, _NONE))]
    return Told(_told(call, found))


# ---- what is found


class _Part(NamedTuple):
    """How a request stands, and whether only a part of its items is shown."""

    answer: Answer
    is_part: bool = False


def _found(call: Call, asked: Inquiry) -> list[_Part]:
    """Return what may be shown: by numbers, else by what it was called, else by member, day and product."""
    for candidates in (_by_number(call, asked), _by_name(call, asked)):
        if shown := [_Part(one) for one in _shown(call, asked, candidates)]:
            return shown
    its = _shown(call, asked, _by_member(call, asked))
    return [part for one in its if (part := _like(call, one, asked)) is not None]


def _by_number(call: Call, asked: Inquiry) -> Iterator[str]:
    """Yield cases by numbers of ours and by traces: as they were told, and as the ledger itself numbers approvals."""
    plain = {one.rpartition("|")[2] for one in asked.traces}
    yield from traced(call, {*asked.numbers, *asked.traces, *plain}, _OURS)
    yield from numbered(call, asked.numbers)


def numbered(call: Call, numbers: Iterable[str]) -> list[str]:
    """Return the cases that the ledger itself numbers so, or of which it numbers an item or an approval so."""
    wanted = set(numbers)
    if not wanted:
        return []
    one, other = t.approval.c, t.cases.c
    granted = select(one.case_no).where(one.tenant == call.tenant, one.number.in_(wanted))
    its = {*wanted, *(number.rpartition("-")[0] for number in wanted)}
    known = select(other.case_no).where(other.tenant == call.tenant, other.case_no.in_(its))
    with call.store.reading(call.tenant) as connection:
        return sorted({*connection.execute(granted).scalars(), *connection.execute(known).scalars()})


def _by_name(call: Call, asked: Inquiry) -> Iterator[str]:
    return traced(call, asked.names, ("claim",))


def _by_member(call: Call, asked: Inquiry) -> Iterator[str]:
    return traced(call, asked.members, ("member",))


def traced(call: Call, values: Iterable[str], kinds: Iterable[str]) -> Iterator[str]:
    """Yield the cases that bear any of these numbers, the newest first."""
    one, case = t.traced.c, t.cases.c
    query = (
        select(case.case_no, case.received_at)
        .join(t.traced, (one.tenant == case.tenant) & (one.case_no == case.case_no))
        .where(case.tenant == call.tenant, one.value.in_(list(map(traffic.as_kept, values))), one.kind.in_(list(kinds)))
        .distinct()
        .order_by(case.received_at.desc(), case.case_no.desc())
    )
    with call.store.reading(call.tenant) as connection:
        yield from [row.case_no for row in connection.execute(query)]


def _shown(call: Call, asked: Inquiry, candidates: Iterable[str]) -> Iterator[Answer]:
    """Yield how those of the candidates stand that may be shown, each request once."""
    seen: set[str] = set()
    shown = 0
    for case_no in candidates:
        if case_no in seen or shown == MOST:
            continue
        answer = standing(call.store, call.tenant, case_no)
        if answer is None or answer.case in seen:
            continue
        seen |= {answer.case, *answer.cases}
        if _may(call, asked, answer):
            shown += 1
            yield answer


# ---- what may be shown


def _may(call: Call, asked: Inquiry, answer: Answer) -> bool:
    """Whether a request may be shown: its member is not another one, and who asks sent it or is its provider."""
    sent = SentBundle(answer.bundle, "request")
    claim = sent.claim(answer.claim)
    its = frozenset(request.members(sent, claim))
    same = bool(its & asked.members)
    if its and asked.members and not same:
        return False
    return access.is_own(call, answer) or (same and access.provides(call, sent, claim, asked.npis))


def _like(call: Call, answer: Answer, asked: Inquiry) -> _Part | None:
    """Return a request of which an item is like what is sought; None where none is.

    In 2.0.1 what is asked of a part is answered with that part; 2.2 wants every item that was ever asked.
    """
    results = tuple(one for one in answer.results if _is_like(one, asked))
    if not results or len(results) == len(answer.results) or call.version != "2.0":
        return _Part(answer) if results else None
    return _Part(msgspec.structs.replace(answer, results=results), is_part=True)


def _is_like(result: Result, asked: Inquiry) -> bool:
    """Whether an item is of a product and a day that is sought; one that does not say it may be."""
    its = {*inquiry.coded(result.requested), *([result.product] if result.product else [])}
    if asked.products and its and not its & asked.products:
        return False
    days = inquiry.served(result.requested)
    return days is None or (days[0] <= asked.span[1] and asked.span[0] <= days[1])


# ---- what is told


def _refused(call: Call, asked: Inquiry, error: Error) -> Answer:
    """Return the answer to an inquiry that finds nothing."""
    return Answer(
        tenant=call.tenant, case="", member="", client=call.client, organisation=call.partner.organisation, claim="",
        bundle=asked.data, created=call.now, results=(), errors=(error,),
    )  # fmt: skip


def _bundle(call: Call, answer: Answer, is_part: bool = False) -> Json:  # noqa: FBT001, FBT002 - as _Part has it
    """Return an answer as a response to an inquiry."""
    made = respond.bundle(answer, call.plan, call.version, call.partner, call.base)
    first = made["entry"][0]["resource"]
    first["meta"] = {"profile": [f"{codes.PAS}/profile-claiminquiryresponse"], **({"tag": [_PART]} if is_part else {})}
    if answer.client is None:  # it came on paper, or was entered here: there is no claim to refer to
        first["request"] = {"extension": [{"url": _ABSENT, "valueCode": "not-applicable"}]}
    return {**made, "meta": {"profile": [f"{codes.PAS}/profile-pas-inquiry-response-bundle"]}}


def _told(call: Call, found: list[Json]) -> Json:
    """Return the answers: in 2.0.1 one Bundle for all, in 2.2 Parameters with a Bundle for each."""
    if call.version == "2.0":
        return found[0] if len(found) == 1 else _together(found)
    named = call.partner.inquire_parameter
    made: Json = {"resourceType": "Parameters"}
    return {**made, "parameter": [{"name": named, "resource": one} for one in found]} if found else made


def _together(found: list[Json]) -> Json:
    """Return several answers as one: their ClaimResponses first, then what they refer to, each once, the newest."""
    responses = [one["entry"][0] for one in found]
    rest: dict[str, Any] = {}
    for one in found:
        for entry in listed(one, "entry")[1:]:
            rest.setdefault(entry["fullUrl"], entry)
    stamp = max(str(one["timestamp"]) for one in found)
    return {**found[0], "timestamp": stamp, "entry": [*responses, *rest.values()]}
