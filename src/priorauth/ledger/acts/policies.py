"""Acts on what the plan reads into policies: one person proposes a reading, another publishes or refuses it.

A published reading is a setting of the tenant (:mod:`priorauth.ledger.readings`): runs from its day on use it, earlier
ones keep what they used. Who proposed it, who published it, why, and both values stand in the events of the tenant.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

from sqlalchemy import insert, update

from priorauth.ledger import readings, runs
from priorauth.ledger import tables as t
from priorauth.ledger.events import Json
from priorauth.ledger.work import Act, Refusal, Work, handles, tenant_chain
from priorauth.policy.catalog import reading_of

KIND: Final = "reading"
"""The kind of these proposals in their table."""
_LONGEST: Final = 80


class ProposeReading(Act, frozen=True, kw_only=True):
    """Propose another value for a reading of a policy, from a day on."""

    name: ClassVar[str] = "propose-reading"
    policy: str
    reading: str
    value: str
    first: date
    why: str


class PublishReading(Act, frozen=True, kw_only=True):
    """Publish what another person proposed."""

    name: ClassVar[str] = "publish-reading"
    proposal: str
    why: str


class RefuseReading(Act, frozen=True, kw_only=True):
    """Refuse what another person proposed."""

    name: ClassVar[str] = "refuse-reading"
    proposal: str
    why: str


class WithdrawReading(Act, frozen=True, kw_only=True):
    """Take back what one proposed oneself."""

    name: ClassVar[str] = "withdraw-reading"
    proposal: str


class NameCases(Act, frozen=True, kw_only=True):
    """Record that somebody had the numbers of the cases listed that a change of a policy would change."""

    name: ClassVar[str] = "name-cases"
    policy: str
    change: str
    cases: tuple[str, ...]


@handles(ProposeReading)
def _propose(act: ProposeReading, work: Work) -> None:
    if not act.why.strip():
        raise Refusal("invalid", "expected why")
    if act.first < work.today():
        raise Refusal("invalid", "expected a day that is not over: what was decided stays as it was")
    before = _value(work, act.policy, act.reading, act.value.strip(), act.first)
    if before == act.value.strip():
        raise Refusal("invalid", f"{act.reading} is {before} on that day already")
    tenant_chain(work)
    subject = reading_of(act.policy, act.reading)
    if any(row["outcome"] is None for row in work.rows(t.proposal, kind=KIND, subject=subject)):
        raise Refusal("state", "another value of this reading is proposed and not decided yet")
    proposal = f"{KIND}-{work.end.events + 1}"  # by its event
    data = {
        "policy": act.policy,
        "reading": act.reading,
        "value": act.value.strip(),
        "from": act.first.isoformat(),
        "before": before,
    }
    row = {
        "tenant": work.who.tenant,
        "proposal": proposal,
        "kind": KIND,
        "subject": subject,
        "data": data,
        "why": act.why.strip(),
        "proposed_by": work.who.person,
        "proposed_at": work.now,
    }
    work.connection.execute(insert(t.proposal), row)
    work.more = {"proposal": proposal}
    work.event("reading-proposed", act.why.strip(), proposal=proposal, **data)


@handles(PublishReading)
def _publish(act: PublishReading, work: Work) -> None:
    tenant_chain(work)
    found = _open(work, act.proposal)
    data = found["data"]
    first = max(date.fromisoformat(data["from"]), work.today())  # a day that passed while it lay there is over
    before = _value(work, data["policy"], data["reading"], data["value"], first)
    entry = {name: data[name] for name in ("policy", "reading", "value")}
    entry |= {"from": first.isoformat(), "proposal": act.proposal}
    (row,) = work.rows(t.tenant)  # as it stands now that nobody else changes it
    settings = dict(row["settings"])
    settings[readings.PUBLISHED] = [*readings.published(settings), entry]
    _decided(work, found, "accepted", act.why)
    work.set(t.tenant, tenant=work.who.tenant, settings=settings)
    by = found["proposed_by"]
    work.event("reading-published", act.why.strip(), **entry, before=before, proposed_by=by, proposed_why=found["why"])


@handles(RefuseReading)
def _refuse(act: RefuseReading, work: Work) -> None:
    tenant_chain(work)
    found = _open(work, act.proposal)
    _decided(work, found, "refused", act.why)
    by = found["proposed_by"]
    work.event("reading-refused", act.why.strip(), proposal=act.proposal, proposed_by=by, **found["data"])


@handles(WithdrawReading)
def _withdraw(act: WithdrawReading, work: Work) -> None:
    tenant_chain(work)
    found = _open(work, act.proposal)
    if found["proposed_by"] != work.who.person:
        raise Refusal("no-right", "only who proposed it takes it back")
    _close(work, found, "withdrawn", "")
    work.event("reading-withdrawn", None, proposal=act.proposal, **found["data"])


@handles(NameCases)
def _name(act: NameCases, work: Work) -> None:
    tenant_chain(work)
    work.event("cases-named", None, policy=act.policy, change=act.change, cases=list(act.cases))


def _open(work: Work, proposal: str) -> Json:
    """Return a proposal that nobody has decided; whoever else would decide it waits."""
    found = next(iter(work.rows(t.proposal, proposal=proposal, kind=KIND)), None)
    if found is None:
        raise Refusal("not-found", f"no proposal {proposal[:_LONGEST]}")
    if found["outcome"] is not None:
        raise Refusal("state", f"this proposal was {found['outcome']} already")
    return found


def _decided(work: Work, found: Json, outcome: str, why: str) -> None:
    if found["proposed_by"] == work.who.person:
        raise Refusal("no-right", "a second person decides what you proposed")
    if not why.strip():
        raise Refusal("invalid", "expected why")
    _close(work, found, outcome, why.strip())


def _close(work: Work, found: Json, outcome: str, why: str) -> None:
    one = t.proposal
    mine = (one.c.tenant == work.who.tenant, one.c.proposal == found["proposal"])
    row = {
        "outcome": outcome,
        "decided_by": work.who.person,
        "decided_at": work.now,
        "data": {**found["data"], "decided_why": why},
    }
    work.connection.execute(update(one).where(*mine).values(row))


def _value(work: Work, policy: str, name: str, value: str, day: date) -> str:
    """Return the value that a reading has on a day; refuses a new one that the policy does not allow."""
    catalog = runs.catalog(work.settings)
    if said := readings.unfit(catalog, policy, name, value):
        raise Refusal("invalid", said)
    found = readings.now(catalog, policy, name, work.tenant["settings"], day)
    if found is None:
        raise Refusal("invalid", f"the newest version of {policy} has no reading named {name[:_LONGEST]}")
    return found.text
