"""What happened to a case, in plain sentences: one for each kind of event, filled with what the event says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from priorauth.ledger.whole import Event

SENTENCES: Final[Mapping[str, str]] = {
    "received": "the request came by {channel}, items: {items}",
    "ran": "run {run} was made ({cause}): {outcomes}",
    "clocks": "the clock {rule} binds, until {due}",
    "asked": "the clinic was asked for {facts}, until {until}",
    "answered": "answers came by {channel}",
    "repeated": "the case was run again",
    "updated": "the request was sent anew",
    "withdrawn": "the request was withdrawn",
    "cancelled": "item {item} was taken back",
    "closed": "the case was closed",
    "proposed": "{criterion} was proposed as {value}",
    "settled": "{criterion} was settled as {value}",
    "judged": "{fact} was judged as {value}",
    "taken back": "the word on {subject} was taken back",
    "kept": "the case stayed in the queue {queue}; the run says: {outcomes}",
    "approved": "approved: items {items}",
    "decided adversely": "decided adversely: items {items}",
    "decided in part": "approved in part: items {items}",
    "authorized by law": "authorized by law: items {items}",
    "sent elsewhere": "sent elsewhere: items {items}",
    "approval ended": "approval {approval} ended: {because}",
    "appealed": "the {filed_by} appealed",
    "record taken over": "the record of case {base} was taken over, with {documents} documents and {new} new ones",
    "asked anew": "continued use was asked for, as a case of its own",
    "revised": "it was asked anew with changes, as a case of its own",
    "filed": "document {document} was filed ({kind})",
    "filed in error": "document {document} was filed in error",
    "document read": "document {document} was read; facts proposed: {facts}",
    "facts proposed": "facts of document {document} were proposed by {by}: {facts}",
    "proposal confirmed": "{fact} of document {document}, page {page}, was confirmed",
    "proposal rejected": "{fact} of document {document}, page {page}, was rejected",
    "words tied": "words of document {document}, page {page}, were tied to {fact}",
    "paper seen": "document {document} was seen as {fact}",
    "assigned": "the case was given to {to}",
    "taken": "the case was taken",
    "handed over": "the case was handed to {to}",
    "put off": "the case was put off until {until}",
    "routed": "the case went to the queue {queue}",
    "extended": "the clock {rule} was extended by {days} days: {ground}",
    "climbed": "the case climbed to the queue {queue}",
    "clock missed": "the clock {rule} was missed, which means: {means}",
    "letter made": "letter {notice} was made ({kind}), to the {to}",
    "letter checked": "letter {notice} was checked",
    "letter sent": "letter {notice} was handed over by {channel}",
    "called": "a call was held",
    "call offered": "a call of {minutes} minutes was offered: {times}",
    "call booked": "a call with {with_whom} was booked for {at}",
    "noted": "a note was made",
    "read": "{of} was read",
}
"""By kind of event of a case. What an event does not say is left out of its sentence."""
BARE: Final[Mapping[str, str]] = {
    "clocks": "no clock binds",
    "approved": "approved by rule",
    "sent elsewhere": "sent elsewhere by rule",
    "asked": "the clinic was asked",
    "document read": "document {document} cannot be read: {refused}",
}
"""What is said of an event that lacks what its sentence needs."""
_NAME: Final = re.compile(r"\{(\w+)\}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)")


def sentence(event: Event, spoken: Callable[[datetime], str]) -> str:
    """Return what an event says, as a sentence with its reason; ``spoken`` writes a moment."""
    pattern = SENTENCES.get(event.what, event.what)
    needs = _NAME.findall(pattern)
    if event.what in BARE and any(event.say.get(name) is None for name in needs):
        pattern = BARE[event.what]
    said = _NAME.sub(lambda name: value(event.say.get(name[1]), spoken), pattern)
    whole = f"{said[:1].upper()}{said[1:].removesuffix('.')}"
    return f"{whole}. Why: {event.why}" if event.why else f"{whole}."


def value(given: object, spoken: Callable[[datetime], str]) -> str:
    """Return a value that an event says, in words."""
    match given:
        case None:
            return "nothing"
        case bool():
            return "yes" if given else "no"
        case dict():
            return ", ".join(_pairs(given, spoken))
        case list():
            return ", ".join(value(one, spoken) for one in given)
        case str() if _MOMENT.fullmatch(given):
            return spoken(datetime.fromisoformat(given))
        case _:
            return str(given)


def _pairs(given: Mapping[str, Any], spoken: Callable[[datetime], str]) -> Iterator[str]:
    for name, one in given.items():
        yield f"{f'item {name}' if name.isdecimal() else name} {value(one, spoken)}"
