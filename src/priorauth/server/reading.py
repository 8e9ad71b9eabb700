"""Papers are read while the server runs: one at a time in a process apart, and what they propose is filed with their
case, which makes a run of it. Nobody waits for that who sends one.

A paper is read once for all cases of a tenant; one that cannot be read is kept, with the reason, and not tried again
before the reader is another. Where the server is ended meanwhile nothing of it is left, and it is read again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from importlib.util import find_spec
from typing import Final

import msgspec

from priorauth.documents import apart, held
from priorauth.documents.proposal import Patient
from priorauth.documents.read import read, reader
from priorauth.documents.understand.rules import CONTEXT, NOTES
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from priorauth.ledger import unread
from priorauth.ledger.acts.papers import ReadDocument
from priorauth.ledger.events import Who
from priorauth.ledger.store import Store
from priorauth.ledger.unread import Unread
from priorauth.server import logs, reads
from priorauth.server.problem import Problem
from priorauth.server.service import Service

NAME: Final = "documents"
SECONDS: Final = 0.3
"""How long after a round the next one begins."""
PATIENCE: Final = 3_600.0
"""How long a round may take before its worker is taken for dead: a paper of many pages takes minutes."""
BUDGET: Final = 30.0
"""After so many seconds a round begins no further paper of a tenant."""
MOST_PAGES: Final = 100
NEEDED: Final = ("charset_normalizer", "mammoth", "PIL", "pypdfium2", "selectolax", "striprtf")
"""What the extra installs."""
NOT_UNDERSTOOD: Final = "its text was read, and could not be understood"
_SLACK: Final = timedelta(minutes=5)
"""Servers' clocks differ by less."""
_WHOLE: Final = 600
"""Every so many rounds all papers are looked at, not only those that came since."""


@dataclass(slots=True)
class Papers:
    """What is kept from round to round: how many there were, what was said, and by tenant until when all is read."""

    rounds: int = 0
    said: bool = False
    marks: dict[str, datetime] = field(default_factory=dict)
    members: dict[str, Patient | None] = field(default_factory=dict)


def once(service: Service) -> None:
    """Read what waits, a bounded part of it; where the extra is not installed, papers stay papers and that is said."""
    kept = service.one(Papers)
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        if not kept.said:
            service.log.warning(NAME, lacking=lacking, install=apart.EXTRA)
        kept.said = True
        return
    whole, kept.rounds = kept.rounds % _WHOLE == 0, kept.rounds + 1
    kept.members.clear()
    for tenant, store in service.stores.items():
        _tenant(service, kept, tenant, store, whole=whole)


def _tenant(service: Service, kept: Papers, tenant: str, store: Store, *, whole: bool) -> None:
    begun, now = service.tick(), service.clock()
    found = unread.waiting(store, tenant, version(), since=None if whole else kept.marks.get(tenant))
    for one in found:
        one_paper(service, kept, tenant, store, one)
        service.beats[NAME] = service.tick()
        if service.tick() - begun > BUDGET:
            break
    else:
        if len(found) < unread.MOST:
            kept.marks[tenant] = now - _SLACK


def one_paper(service: Service, kept: Papers, tenant: str, store: Store, one: Unread) -> None:
    """Read a paper, and file what was read; one of which it cannot be filed now is left for another round."""
    begun = service.tick()
    try:
        act = _act(service, kept, tenant, store, one)
        service.do(act, Who(tenant, None, "system"))
        result = "refused" if act.findings is None else "read"
    except (Problem, OSError) as fault:  # it was read or the case closed meanwhile, or this machine is out of something
        logs.fault(service.log, NAME, fault, tenant=tenant, case=one.case, document=one.document)
        result = "left"
    service.metrics.papers.labels(result).inc()
    service.metrics.paper_seconds.observe(service.tick() - begun)
    spent = round((service.tick() - begun) * 1000)
    service.log.info(NAME, tenant=tenant, case=one.case, document=one.document, result=result, ms=spent)


def _act(service: Service, kept: Papers, tenant: str, store: Store, one: Unread) -> ReadDocument:
    """Return the act by which it is filed what a paper proposes, with its text, or why it cannot be read."""
    made = partial(ReadDocument, case=one.case, document=one.document, reader=version())
    try:
        text = unread.text(store, tenant, one.sha256, reader())
        if text is None:
            text = read(reads.content(store, Who(tenant, None, "system"), one.sha256), "the document", most=MOST_PAGES)
    except InputRefused as fault:
        return made(refused="; ".join(each.message for each in fault.faults))
    pages = msgspec.json.encode(text)
    try:
        return made(findings=understood(text, _member(kept, tenant, store, one.case)), pages=pages)
    except Exception as fault:  # noqa: BLE001 - whatever a paper does, the next one is read
        logs.fault(service.log, NAME, fault, tenant=tenant, case=one.case, document=one.document)
        return made(refused=NOT_UNDERSTOOD, pages=pages)


def _member(kept: Papers, tenant: str, store: Store, case: str) -> Patient | None:
    """Return whom the request of a case is for, as papers name one; None where that cannot be told."""
    place = f"{tenant} {case}"
    if place not in kept.members:
        try:
            kept.members[place] = held.member(unread.request(store, tenant, case))
        except InputRefused:
            kept.members[place] = None
    return kept.members[place]


@cache
def version() -> str:
    """Return the version of what reads and understands a paper: another one is worth another try."""
    rules = hashlib.sha256(NOTES.read_bytes() + CONTEXT.read_bytes()).hexdigest()[:12]
    return f"{reader()}, rules {rules}"
