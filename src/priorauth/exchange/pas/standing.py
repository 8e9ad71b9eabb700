"""How a prior authorization stands: every item that was ever asked, read from the ledger.

A case answers for itself, for the cases by which it was updated when it was closed already, and for its appeals. What
came last of an item is its result. Nothing is decided here: not certified is what a clinician decided, and signed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from msgspec import convert, structs
from sqlalchemy import Connection, select

from priorauth.decide.determination import Determination
from priorauth.exchange.pas import notes, wants
from priorauth.exchange.pas.model import Action, Answer, Grant, Json, Result, Reviewer
from priorauth.ledger import compose, opened, runs, withheld
from priorauth.ledger import tables as t
from priorauth.ledger.acts.taken_back import CANCELLED
from priorauth.ledger.store import Store
from priorauth.ledger.whole import Approval, Decision, Item, Whole
from priorauth.policy.outcome import Outcome

TRACES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:priorauth:trace")
PENDING: Final[Mapping[Outcome, Action]] = {
    "approve": "A4",  # it waits for a person to approve it
    "not-required": "NA",
    "not-applicable": "CT",
    "other-criteria": "CT",
    "request-information": "A4",
    "clinical-review": "A4",
    "not-yet": "A4",
}
"""What is said of an item that nobody has decided yet, by the outcome of the newest run."""
BY_PERSON: Final = frozenset({"approve", "part", "adverse", "elsewhere", "duplicate", "not-ours"})
"""Kinds of decision for which a person has looked, where one signed."""
ASKED: Final = "asked"


class _Link(NamedTuple):
    """A case of the chain, with the bytes of its requests, the oldest first."""

    whole: Whole
    bundles: tuple[bytes, ...]


def standing(store: Store, tenant: str, case_no: str) -> Answer | None:
    """Return how a prior authorization stands, by any of its cases; None where there is no such case."""
    with store.reading(tenant) as connection:
        return stands(connection, tenant, case_no)


def stands(connection: Connection, tenant: str, case_no: str) -> Answer | None:
    """Return the same within a transaction that is open already."""
    links = [_link(connection, tenant, one) for one in chain(connection, tenant, case_no)]
    if not links:
        return None
    first = links[0].whole.head
    asked = [one for one in links if one.whole.head.kind != "appeal"]
    newest, claim = asked[-1].bundles[-1], str(asked[-1].whole.head.about["claim"])
    requested = _requested(asked)
    people = _people(connection, tenant, links)
    found: dict[int, Result] = {}
    for link in links:
        for one in _results(link.whole, requested, people, tenant, first.case_no):
            before = found.get(one.sequence)
            if before is None or link.whole.head.kind != "appeal" or one.action != "A4":
                found[one.sequence] = one  # an appeal that is open leaves what was decided
    return Answer(
        tenant=tenant,
        case=first.case_no,
        member=first.member,
        client=first.about.get("client"),
        organisation=first.organisation,
        claim=claim,
        bundle=newest,
        created=max(_moments(links)),
        results=tuple(found[sequence] for sequence in sorted(found)),
        until=_until(asked[-1].whole) if any(one.wants for one in found.values()) else None,
        notes=tuple(str(one) for link in asked for one in link.whole.head.about.get("notes", ())),
        cases=tuple(link.whole.head.case_no for link in links),
    )


def trace_of(tenant: str, case_no: str, sequence: int) -> str:
    """Return the id of an item wherever it is spoken of, where nobody gave it one."""
    return str(uuid.uuid5(TRACES, f"{tenant} {case_no} {sequence}"))


def chain(connection: Connection, tenant: str, case_no: str) -> list[str]:
    """Return every case of a prior authorization, the first one first: that of a case, its updates and appeals."""
    one = t.cases.c
    its = select(one.case_no, one.base, one.kind).where(one.tenant == tenant)
    row = connection.execute(its.where(one.case_no == case_no)).first()
    if row is None:
        return []
    seen = {row.case_no}
    while row.base is not None and row.kind in LINKED and row.base not in seen:
        above = connection.execute(its.where(one.case_no == row.base)).first()
        if above is None:
            break
        row = above
        seen.add(row.case_no)
    found, level = [row.case_no], [row.case_no]
    while level:
        below = select(one.case_no).where(
            one.tenant == tenant, one.base.in_(level), one.kind.in_(LINKED), one.case_no.not_in(found)
        )
        level = list(connection.execute(below.order_by(one.received_at, one.case_no)).scalars())
        found += level
    return found


LINKED: Final = ("request", "appeal")
"""Kinds of cases that rest on another and are the same prior authorization: an update of a request, an appeal."""


def _link(connection: Connection, tenant: str, case_no: str) -> _Link:
    """Return a case; before its decision was told, with the run that a clinic sees: none with a word of the payer's."""
    whole = opened.whole(connection, tenant, case_no)
    if whole is None:  # pragma: no cover - its number was read in this very transaction
        raise LookupError(case_no)
    if (last := withheld.last_run(whole)) != whole.head.runs:
        one = t.run.c
        its = (one.tenant == tenant, one.case_no == case_no, one.received == whole.head.received, one.number == last)
        found = connection.execute(select(one.determinations).where(*its)).scalar_one()
        whole = structs.replace(whole, determinations=tuple(runs.read_determinations(found)))
    blob = t.blob.c
    sent = [one.sha256 for one in whole.submissions if one.kind == "request"]
    query = select(blob.sha256, blob.bytes).where(blob.tenant == tenant, blob.sha256.in_(sent))
    held = {row.sha256: row.bytes for row in connection.execute(query)}
    return _Link(whole, tuple(held[sha] for sha in sent))


def _requested(links: list[_Link]) -> dict[int, Json]:
    """Return the items by sequence, each as it was last asked."""
    found: dict[int, Json] = {}
    for link in links:
        for bundle in link.bundles:
            claim = compose.claim_of(bundle, "request", str(link.whole.head.about["claim"]))
            listed = claim.get("item")
            for place, item in enumerate(listed if isinstance(listed, list) else (), 1):
                if isinstance(item, dict):
                    sequence = item.get("sequence")
                    found[sequence if isinstance(sequence, int) and sequence > 0 else place] = item
    return found


def _people(connection: Connection, tenant: str, links: list[_Link]) -> dict[tuple[str, str | None], Reviewer]:
    """Return who signed, by person and licence."""
    signed = {one.signer for link in links for one in link.whole.decisions if one.signer}
    if not signed:
        return {}
    one = t.licence.c
    query = select(one.person, one.licence, one.npi, one.specialty).where(one.tenant == tenant, one.person.in_(signed))
    return {(row.person, row.licence): Reviewer("", row.npi, row.specialty) for row in connection.execute(query)}


def _results(
    whole: Whole,
    requested: dict[int, Json],
    people: dict[tuple[str, str | None], Reviewer],
    tenant: str,
    first: str,
) -> Iterator[Result]:
    made = {one.item: one for one in whole.determinations}
    for item in whole.items:
        decision = next((one for one in reversed(whole.decisions) if one.item == item.item), None)
        granted = next((one for one in reversed(whole.approvals) if one.item == item.item), None)
        determination = made.get(item.item)
        action = _action(item, decision, granted)
        sequence = int(item.about["sequence"])
        yield Result(
            sequence=sequence,
            administration=f"{whole.head.case_no}-{item.item}",
            trace=str(item.about.get("trace") or trace_of(tenant, first, sequence)),
            action=action,
            outcome=_outcome(item, determination),
            requested=requested.get(sequence, {}),
            product=item.product,
            quantity=item.quantity,
            policy=determination.policy.id if determination and determination.policy else None,
            pathway=item.pathway,
            grant=_grant(decision, granted) if action in ("A1", "A6", "C") else None,
            on=decision.on_day if decision else None,
            reviewer=_reviewer(decision, people),
            notes=tuple(notes.of(action, item, decision, granted, determination)),
            wants=tuple(wants.of(determination)) if action == "A4" and determination else (),
        )


def _outcome(item: Item, determination: Determination | None) -> str:
    """Return what an item is: the kind of its decision, else the outcome of the run that is shown."""
    if item.status != "open":
        return item.status
    return determination.outcome if determination is not None else item.outcome or "received"


def _action(item: Item, decision: Decision | None, granted: Approval | None) -> Action:
    """Return what is said of an item. Not certified has one source: a decision that a clinician signed."""
    if item.about.get(CANCELLED) or item.status in ("withdrawn", "cancelled"):
        return "C"
    if granted is not None and granted.end_why == ASKED:
        return "C"
    match item.status:
        case "approve" | "approve-by-rule" | "by-law":
            return "A1"
        case "part":
            return "A6"
        case "adverse" if decision is not None and decision.signer and decision.licence:
            return "A3"
        case "elsewhere" if item.outcome == "not-required":
            return "NA"
        case "elsewhere" | "duplicate" | "not-ours":
            return "CT"
        case _:
            return PENDING[convert(item.outcome, Outcome)] if item.outcome else "A4"


def _grant(decision: Decision | None, granted: Approval | None) -> Grant | None:
    if decision is None or granted is None:
        return None
    days = [one for one in (granted.valid_until, granted.ends) if one]
    return Grant(
        number=granted.number,
        issued=decision.on_day,
        first=granted.valid_from,
        last=min(days, default=None),
        product=granted.product,
        quantity=granted.quantity,
        terms=granted.terms,
    )


def _reviewer(decision: Decision | None, people: dict[tuple[str, str | None], Reviewer]) -> Reviewer | None:
    """Return the person who decided; None where a rule or the law did."""
    if decision is None or decision.signer is None or decision.kind not in BY_PERSON:
        return None
    known = people.get((decision.signer, decision.licence), Reviewer(""))
    return Reviewer(str(decision.role), known.npi, known.specialty)


def _moments(links: list[_Link]) -> Iterator[datetime]:
    """Yield the moments of whatever can change the answer."""
    for link in links:
        yield link.whole.head.received_at
        yield from (one.at for one in link.whole.runs)
        yield from (one.at for one in link.whole.decisions)
        for event in link.whole.events:
            if event.what in CHANGES:
                yield event.at


CHANGES: Final = frozenset({"cancelled", "withdrawn", "approval ended", "updated", "asked"})
"""Events that change an answer beside runs and decisions."""


def _until(whole: Whole) -> datetime | None:
    """Return the moment by which the clinic is to answer, where it was asked."""
    said = next((one.say.get("until") for one in reversed(whole.events) if one.what == "asked"), None)
    return datetime.fromisoformat(said) if isinstance(said, str) else None


__all__ = ["LINKED", "PENDING", "chain", "standing", "stands", "trace_of"]
