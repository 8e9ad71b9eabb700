"""The file of a case for people, one PDF: everything that the ledger holds of it, in the words of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from priorauth.ledger import opened
from priorauth.ledger import tables as t
from priorauth.ledger.allowed import states
from priorauth.ledger.sentences import sentence
from priorauth.ledger.whole import Decision, Whole
from priorauth.letters import casefile, days
from priorauth.letters.casefile import CaseFile, Table

NAME: Final = "case-file.pdf"
_SHORT: Final = 12
"""So many characters of a sha256 stand in the file; the whole one is the name of the paper beside it."""


def papers(connection: Connection, tenant: str, case_no: str) -> Mapping[str, bytes]:
    """Return the file of a case by its name; raises PaperFault where it cannot be printed."""
    return {NAME: casefile.printed(facts(connection, tenant, case_no))}


def facts(connection: Connection, tenant: str, case_no: str) -> CaseFile:
    """Return what the file of a case says; the case has to be there."""
    found = opened.whole(connection, tenant, case_no)
    if found is None:
        raise KeyError(case_no)
    own = connection.execute(select(t.tenant).where(t.tenant.c.tenant == tenant)).mappings().one()
    one = t.person.c
    people = connection.execute(select(one.person, one.name).where(one.tenant == tenant)).all()
    return _Told(found, own["zone"], {row.person: row.name for row in people}).file(own["name"])


class _Told:
    """A case put into words: people by their names, moments in the plan's zone."""

    def __init__(self, found: Whole, zone: str, people: Mapping[str, str]) -> None:
        self.found, self.zone, self.people = found, zone, people
        self.local = ZoneInfo(zone)

    def file(self, plan: str) -> CaseFile:
        last = max(one.at for one in self.found.events)
        return CaseFile(
            case=self.found.head.case_no,
            plan=plan,
            on=last.astimezone(self.local).date(),
            zone=self.zone,
            about=tuple(self._about()),
            before=tuple(Table(title, columns, tuple(rows())) for title, columns, rows in self._before()),
            determinations=self.found.determinations,
            after=tuple(Table(title, columns, tuple(rows())) for title, columns, rows in self._after()),
        )

    def _about(self) -> Iterator[tuple[str, str]]:
        head = self.found.head
        yield "Member", head.member
        yield "State", f"{head.state}: {states().states[head.state].says}"
        yield "Kind", head.kind if head.base is None else f"{head.kind} on case {head.base}"
        yield "Received", self._at(head.received_at)
        yield "From", head.organisation or "nobody named"
        yield "Payer and policy", head.policy or head.payer or "not known"
        yield "Line of business", " ".join(filter(None, [head.line, head.plan_state])) or "not known"
        yield "Urgency", head.priority
        yield "Due", f"{self._at(head.due_at)} ({head.due_rule})" if head.due_at else "no clock binds"
        yield "With", self._who(head.owner) or head.queue or "nobody"
        yield "Closed", self._at(head.closed_at) or "open"

    def _before(self) -> Iterator[tuple[str, tuple[str, ...], Callable[[], Iterator[tuple[str, ...]]]]]:
        yield "Items", ("Item", "Product", "Quantity", "Status", "Outcome", "Pathway"), self._items
        yield "Clocks", ("Clock", "Status", "Started", "Due", "Missed"), self._clocks
        yield "Decisions", ("Decision", "When", "What", "By", "Why"), self._decisions
        yield "Approvals", ("Number", "Item", "Product and quantity", "From", "Until", "Ended"), self._approvals
        yield "Runs", ("Run", "When", "Because of", "Outcome", "Result sha256"), self._runs

    def _after(self) -> Iterator[tuple[str, tuple[str, ...], Callable[[], Iterator[tuple[str, ...]]]]]:
        yield "Words of clinicians", ("When", "By", "What", "Says", "Why"), self._words
        yield "Words on documents", ("When", "By", "Document and page", "What", "Says", "Why"), self._paper_words
        yield "Letters", ("Letter", "Made", "Kind", "To", "Sent", "PDF sha256"), self._letters
        yield "Calls", ("Held", "By", "With", "What was said"), self._calls
        yield "Documents", ("Document", "Name", "Kind", "Dated", "Filed", "sha256"), self._documents
        yield "Messages that came", ("Message", "When", "Kind", "By", "From", "sha256"), self._messages
        yield "What happened", ("When", "Who", "What"), self._events

    def _items(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.items:
            quantity = "not said" if one.quantity is None else str(one.quantity)
            yield str(one.item), one.product or "", quantity, one.status, one.outcome or "", one.pathway or ""

    def _clocks(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.clocks:
            yield one.rule, one.status, self._at(one.started_at), self._at(one.due_at), self._at(one.missed_at)

    def _decisions(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.decisions:
            quantity = "" if one.quantity is None else f", quantity {one.quantity}"
            yield (
                str(one.number),
                self._at(one.at),
                f"item {one.item}: {one.kind}{quantity}",
                self._signer(one),
                (one.why or ""),
            )
            for reason in one.reasons:
                parts = (
                    f"The policy asks: {reason.asks}",
                    f"Found: {reason.found}",
                    f"Why that does not show it: {reason.why_not}",
                    f"What would: {reason.would_show}",
                )
                yield str(one.number), "", f"reason: {reason.criterion}", self._signer(one), ". ".join(parts)

    def _signer(self, one: Decision) -> str:
        if one.signer is None:
            return one.role or "nobody"
        licence = f", licence {one.licence}" if one.licence else ""
        return f"{self._who(one.signer)} ({one.role}{licence})"

    def _approvals(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.approvals:
            ended = f"{_day(one.ends)}: {one.end_why}" if one.ends else ""
            until = _day(one.valid_until) or "no day is named"
            yield one.number, str(one.item), f"{one.product}, {one.quantity}", _day(one.valid_from), until, ended

    def _runs(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.runs:
            outcomes = ", ".join(f"item {item}: {outcome}" for item, outcome in sorted(one.outcomes.items()))
            yield str(one.number), self._at(one.at), one.cause, outcomes, one.sha256[:_SHORT]

    def _words(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.words:
            says = "taken back" if one.value is None else "yes" if one.value else "no"
            yield self._at(one.at), f"{self._who(one.person)} ({one.role})", f"{one.kind}: {one.subject}", says, one.why

    def _paper_words(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.paper_words:
            by = f"{self._who(one.person)} ({one.role})"
            says = " ".join(filter(None, [one.said.value, one.said.date and f"of {one.said.date}"]))
            place = f"document {one.document}, page {one.said.page}"
            yield self._at(one.at), by, place, f"{one.word}: {one.said.fact}", says, one.why or ""

    def _letters(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.notices:
            sent = "; ".join(f"{self._at(mailing.handed_at)}, {mailing.channel}" for mailing in one.mailings)
            instead = f", instead of {one.replaces}" if one.replaces else ""
            made = f"{self._at(one.at)}{instead}"
            yield str(one.number), made, one.kind, one.to, sent or "not sent", (one.pdf or "")[:_SHORT]

    def _calls(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.calls:
            yield self._at(one.held_at), self._who(one.person), one.with_whom, one.said or ""

    def _documents(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.documents:
            name = one.name if one.wrong is None else f"{one.name} (filed in error: {one.wrong})"
            filed = ", ".join(filter(None, [self._at(one.filed_at), self._who(one.filed_by)]))
            yield str(one.number), name, f"{one.kind}, {one.media}", _day(one.dated), filed, one.sha256[:_SHORT]

    def _messages(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.submissions:
            at, sha = self._at(one.received_at), one.sha256[:_SHORT]
            yield str(one.number), at, one.kind, one.channel, one.sender or "", sha

    def _events(self) -> Iterator[tuple[str, ...]]:
        for one in self.found.events:
            who = ", ".join(filter(None, [self._who(one.person), one.role]))
            behalf = f", for {one.behalf}" if one.behalf else ""
            yield self._at(one.at), f"{who}{behalf}", sentence(one, self._at)

    def _who(self, person: str | None) -> str:
        return "" if person is None else self.people.get(person, person)

    def _at(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(self.local)
        return f"{days.plain(local.date())}, {days.clock(local)}"


def _day(day: date | None) -> str:
    return "" if day is None else days.plain(day)
