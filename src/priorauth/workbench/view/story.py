"""What was said and done on a case, for who opens it: notes, calls, words on criteria, questions, answers, papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from priorauth.language.english import labels
from priorauth.ledger.compose import SETTLE
from priorauth.ledger.whole import Event, Whole, Word
from priorauth.workbench import words

_MOST: Final = 4
"""So many facts that were asked are named."""
_WORD: Final = {
    "proposal": "proposes that {} is {}",
    "settlement": "settled that {} is {}",
    "judgment": "judged: {} {}",
    "withdrawal": "took back what was said of {}",
}
SAID: Final[Mapping[str, str]] = {
    "received": "the request came",
    "updated": "the request was changed",
    "filed": "filed a document",
    "filed in error": "said that a document was filed in error",
    "document read": "a document was read",
    "facts proposed": "proposed what a document says",
    "proposal confirmed": "confirmed what a document says",
    "proposal rejected": "said that a document was read wrongly",
    "words tied": "marked words in a document",
    "paper seen": "saw a paper",
    "answered": "answered",
    "asked": "asked the clinic",
    "noted": "noted something",
    "proposed": "proposed how to settle a criterion",
    "settled": "settled a criterion",
    "judged": "judged",
    "taken back": "took back what was said",
    "taken": "took the case",
    "handed over": "handed the case over",
    "assigned": "gave the case to a colleague",
    "put off": "put the case off",
    "routed": "sent the case on",
    "climbed": "the case went up, for its clock ran on",
    "extended": "extended a clock",
    "clock missed": "a clock was missed",
    "letter made": "made a letter",
    "letter checked": "checked a letter",
    "letter sent": "sent a letter",
    "approved": "approved",
    "decided adversely": "decided adversely",
    "decided in part": "approved in part",
    "authorized by law": "recorded that the law authorizes it",
    "sent elsewhere": "sent it elsewhere",
    "withdrawn": "took the request back",
    "cancelled": "took an item back",
    "closed": "closed the case",
    "appealed": "appealed",
    "asked anew": "asked for more time",
    "approval ended": "ended the approval",
    "record taken over": "the record of the first case was taken over",
}
"""What happened, by event; those that are not here are technical, and stand in the audit."""

_WORDS: Final = frozenset({"proposed", "settled", "judged", "taken back"})
"""Events that are told by the words themselves."""


class Told(Struct, frozen=True):
    """One thing that was said or done: when, by whom (empty: the payer, or a rule), what, and in whose words."""

    at: datetime
    by: str
    what: str
    text: str = ""
    kind: str = "event"


def story(whole: Whole, names: Mapping[str, str]) -> tuple[Told, ...]:
    """Return what was said and done, the newest first."""
    found = [told for one in whole.events if (told := _event(one, names)) is not None]
    found += [_word(one, names) for one in whole.words]
    found += [
        Told(one.held_at, names.get(one.person or "", ""), f"called with {one.with_whom}", one.said or "", "call")
        for one in whole.calls
    ]
    placed = sorted(enumerate(found), key=lambda both: (both[1].at, both[0]), reverse=True)
    return tuple(one for _, one in placed)


def _event(one: Event, names: Mapping[str, str]) -> Told | None:
    by = names.get(one.person or "", "") or words.ROLE.get(one.role, "")
    if one.what == "noted":
        return Told(one.at, by, "noted", one.why or "", "note")
    if one.what not in SAID or one.what in _WORDS:
        return None
    more = " for the clinic" if one.behalf else ""
    return Told(one.at, by, f"{SAID[one.what]}{more}", _more(one, names))


def _more(one: Event, names: Mapping[str, str]) -> str:
    """Return what is said beside an event: the facts that were asked, to whom it was handed, why."""
    said = []
    facts = one.say.get("facts")
    if one.what == "asked" and isinstance(facts, list):
        names_ = [labels().sent(str(fact)) for fact in facts]
        said.append(", ".join(names_[:_MOST]) + (f" and {len(names_) - _MOST} more" if len(names_) > _MOST else ""))
    if isinstance(to := one.say.get("to"), str) and to in names:
        said.append(f"to {names[to]}")
    if one.why:
        said.append(one.why)
    return ": ".join(said)


def _word(one: Word, names: Mapping[str, str]) -> Told:
    if one.kind == "judgment":
        what = _WORD[one.kind].format(labels().one(one.subject), "yes" if one.value else "no")
    else:
        shown = "shown" if one.value else "not shown"
        what = _WORD[one.kind].format(one.subject.removeprefix(SETTLE), shown)
    return Told(one.at, names.get(one.person, one.person), what, one.why, "word")
