"""What a clinic does not see of its own case: the payer's hands, notes and names, until the notice was mailed.

Who has the case, what was put off or proposed, and who read it, it never sees.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from msgspec import structs

from priorauth.ledger.whole import Call, Decision, Document, Event, Notice, Whole
from priorauth.ledger.work import CLINIC

TOLD: Final = frozenset(
    {
        *("received", "updated", "filed", "answered", "asked", "withdrawn", "cancelled", "appealed", "asked anew"),
        *(
            "revised",
            "extended",
            "approved",
            "decided adversely",
            "decided in part",
            "authorized by law",
            "sent elsewhere",
        ),
        *("approval ended", "letter sent", "mailed", "closed", "record taken over", "filed in error"),
        *("call offered", "call booked"),
    }
)
"""What a clinic is told of, of what happened to its case; what it did itself it always sees."""
SAID: Final = frozenset({"asked", "extended", "call offered", "call booked"})
"""Of which of these it is told what was said, too."""


def last_run(found: Whole) -> int:
    """Return the last run that a clinic sees: before the notice, that on which the first word was said."""
    said = [one.run for one in found.words] + [one.run for one in found.paper_words if one.role not in CLINIC]
    return found.head.runs if found.told or not said else min(said)


def for_clinic(found: Whole, own: Collection[str], last: int) -> Whole:
    """Return a case as its clinic sees it; ``own`` are the clinic's people, ``last`` the last run that it sees."""
    return structs.replace(
        found,
        head=structs.replace(found.head, owner=None, snoozed_until=None, climbs_at=None, runs=last),
        documents=tuple(_document(one, own) for one in found.documents),
        runs=tuple(one for one in found.runs if one.number <= last),
        words=(),
        paper_words=tuple(one for one in found.paper_words if one.person in own),
        decisions=found.decisions if found.told else tuple(map(_unsigned, found.decisions)),
        notices=tuple(_notice(one) for one in found.notices if one.mailings),
        calls=tuple(_call(one, own) for one in found.calls),
        events=tuple(_events(found, own)),
    )


def _document(one: Document, own: Collection[str]) -> Document:
    """Leave out who of the payer filed it."""
    return one if one.filed_by in own else structs.replace(one, filed_by=None)


def _unsigned(one: Decision) -> Decision:
    """Leave out who signed a decision, and why, until it was told in a notice."""
    return structs.replace(one, signer=None, role=None, licence=None, why=None, reasons=())


def _notice(one: Notice) -> Notice:
    return structs.replace(one, made_by=None)


def _call(one: Call, own: Collection[str]) -> Call:
    """Leave the payer's notes of a call out: the clinic was there, and has its own."""
    return one if one.person in own else structs.replace(one, person=None, said=None)


def _events(found: Whole, own: Collection[str]) -> Iterator[Event]:
    for one in found.events:
        if one.role in CLINIC and one.person in own:
            yield one
        elif one.what in TOLD:
            yield structs.replace(one, person=None, why=None, say=one.say if one.what in SAID else {})
