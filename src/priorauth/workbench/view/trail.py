"""The story of a case as sentences by day, and what was known at its decision: the run, the papers, what was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from priorauth.language.english import labels
from priorauth.ledger.columns import canonical
from priorauth.ledger.sentences import sentence, value
from priorauth.ledger.trail import Entry
from priorauth.ledger.whole import Decision, Document, Event, Run, Whole, Word
from priorauth.workbench import words

READ: Final = "read"
OF_PLAN: Final[Mapping[str, str]] = {
    "set-up": "the plan's settings were set",
    "organisation": "the organisation {organisation} was entered",
    "person": "the person {person} was entered",
    "role": "{person} was given the role {role}",
    "setting": "the setting {setting} was changed from {before} to {value}",
    "day closed": "{day} does not count: {title}",
    "day opened": "{day} counts again: {title}",
    "role ended": "the role {role} of {person} ends with {last}",
    "may sign no longer": "may no longer sign: {kind}, {state}, line {line}",
    "role proposed": "the role {role} was proposed for {person}",
    "role proposal refused": "the role {role} for {person} was refused",
    "role proposal withdrawn": "the proposal of the role {role} for {person} was taken back",
    "licence": "the licence {licence} of {person} was entered",
    "may-sign": "who may sign: {kind}, {state}, line {line}",
    "token": "a token was made for the role {role}",
    "token revoked": "the token {token} was revoked",
    "message sent again": "message {number} to {receiver} was sent again",
    "message dropped": "message {number} to {receiver} was dropped",
    "signed-in": "signed in by {how}",
    "signed-out": "signed out",
    "sessions-ended": "{count} sessions of {person} were ended",
    "role-switched": "changed from the role {before}",
    "sign-in-failed": "somebody tried to sign in as {person} by {how}, and failed",
    "address-held-back": "an address was held back after {tries} sign-ins that failed",
    "password-locked": "the password of {person} is not looked at for a while: {failed} wrong ones",
    "passkey-added": "a passkey was added for {person}",
    "passkey-removed": "a passkey of {person} was removed",
    "identity-bound": "{person} was bound to an identity of {issuer}",
    "link-made": "a link to sign in was made for {person}",
    "link-used": "a link to sign in was used by {person}",
    "password-set": "the password of {person} was set",
    "looked into": "{of}: {said}",
    "reading-proposed": "{reading} of {policy} was proposed to be {value} from {from} on, in place of {before}",
    "reading-published": "{reading} of {policy} is {value} from {from} on, not {before}; {proposed_by} proposed it",
    "reading-refused": "{reading} of {policy} was not changed to {value}",
    "reading-withdrawn": "the proposal that {reading} of {policy} be {value} was taken back",
    "cases-named": "had the cases listed that {change} in {policy} would change: {cases}",
}
"""What is said of the events of a plan, as :data:`priorauth.ledger.sentences.SENTENCES` says those of a case."""
_QUEUES: Final = {
    "nurse": "of the nurses",
    "director": "of the medical directors",
    "appeals": "of appeals",
    "clinic": "of the clinics",
}
_NAME: Final = re.compile(r"\{(\w+)\}")
_DOCUMENT: Final = re.compile(r"document (\d+)")
_CAUSED: Final = re.compile(r"^\w+(?= of document \d)|(?<= tied to )\w+$|(?<= seen as )\w+$")
"""The fact in the cause of a run that came of a document."""


class Told(Struct, frozen=True, kw_only=True):
    """One event as a sentence. ``detail`` is what a program needs of it."""

    case: str
    number: int
    at: datetime
    who: str
    says: str
    what: str
    read: bool
    detail: tuple[tuple[str, str], ...]


class Step(Struct, frozen=True):
    """What somebody did at one moment of a day: an act may be several events."""

    at: datetime
    who: str
    says: tuple[str, ...]


class Day(Struct, frozen=True):
    """What happened on a day, what was only looked at, and every event of the day."""

    day: date
    steps: tuple[Step, ...]
    read: tuple[Told, ...]
    every: tuple[Told, ...]


class Paper(Struct, frozen=True):
    """A document that was there; ``opened`` is when she first opened it, None where she did not."""

    document: Document
    opened: datetime | None


class Knew(Struct, frozen=True, kw_only=True):
    """What was known when something was decided, and by whom; ``later`` are documents that came afterwards."""

    decision: Decision
    says: str
    by: str
    run: Run | None
    papers: tuple[Paper, ...]
    later: tuple[Document, ...]
    words: tuple[Word, ...]
    read: tuple[tuple[str, int, datetime], ...]
    """What she looked at before: what, how often, when last."""


def told(entry: Entry, names: Mapping[str, str], zone: ZoneInfo) -> Told:
    """Return an event as a sentence."""
    by = names.get(entry.person or "", entry.person or "")
    role = words.ROLE.get(entry.role, entry.role)
    behalf = f", for {entry.behalf}" if entry.behalf else ""
    return Told(
        case=entry.case,
        number=entry.number,
        at=entry.at,
        who=f"{_by(by, role)}{behalf}",
        says=said(entry, names, lambda at: words.moment(at, zone)),
        what=entry.what,
        read=entry.what == READ,
        detail=tuple(_detail(entry)),
    )


def _by(name: str, role: str) -> str:
    if not name:
        return f"{role[:1].upper()}{role[1:]}"
    return name if name.endswith(role) else f"{name}, {role}"


def said(entry: Entry, names: Mapping[str, str], spoken: Callable[[datetime], str]) -> str:
    """Return what an event says, people by their names."""
    say = {name: _plain(name, one, names) for name, one in entry.say.items()}
    pattern = OF_PLAN.get(entry.what)
    if pattern is None:
        return sentence(_event(entry, say), spoken)
    filled = _NAME.sub(lambda name: value(say.get(name[1]), spoken), pattern).removesuffix(": ")
    why = f". Why: {entry.why}" if entry.why else "."
    return f"{filled[:1].upper()}{filled[1:]}{why}"


def _plain(name: str, given: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """Return what an event says with facts, outcomes, queues and people by their names."""
    match name, given:
        case "facts", list():
            return [labels().sent(str(one)) for one in given]
        case "fact", str():
            return labels().one(given)
        case "cause", str():
            return _CAUSED.sub(lambda fact: labels().one(fact[0]), given)
        case "outcomes", dict():
            return {item: words.OUTCOME.get(str(one), str(one)).lower() for item, one in given.items()}
        case "queue", str():
            return _QUEUES.get(given, given)
        case _, str():
            return names.get(given, given)
    return given


def _event(entry: Entry, say: dict[str, Any]) -> Event:
    return Event(
        number=entry.number,
        at=entry.at,
        what=entry.what,
        person=entry.person,
        role=entry.role,
        behalf=entry.behalf,
        to_version=entry.to_version,
        why=entry.why,
        say=say,
    )


def _detail(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "Event", f"{entry.number}, {entry.what}"
    yield "Version", f"{entry.from_version} to {entry.to_version}"
    if entry.say:
        yield "Says", canonical(entry.say).decode()
    if entry.left:
        yield "Rows it left", ", ".join(f"{name} {count}" for name, count in sorted(entry.left.items()))
    yield "Sealed", entry.hash
    yield "After", entry.previous


def days(entries: Sequence[Entry], names: Mapping[str, str], zone: ZoneInfo) -> tuple[Day, ...]:
    """Return the events of a case by the plan's days, the first first."""
    by: dict[date, list[Told]] = {}
    for one in entries:
        by.setdefault(one.at.astimezone(zone).date(), []).append(told(one, names, zone))
    return tuple(
        Day(day, tuple(_steps(all_)), tuple(one for one in all_ if one.read), tuple(all_)) for day, all_ in by.items()
    )


def _steps(told: Sequence[Told]) -> Iterator[Step]:
    for (at, who), all_ in groupby((one for one in told if not one.read), key=lambda one: (one.at, one.who)):
        yield Step(at, who, tuple(one.says for one in all_))


def knew(whole: Whole, entries: Sequence[Entry], names: Mapping[str, str]) -> tuple[Knew, ...]:
    """Return what was known at each decision of a case."""
    return tuple(_knew(one, whole, entries, names) for one in whole.decisions)


def _knew(one: Decision, whole: Whole, entries: Sequence[Entry], names: Mapping[str, str]) -> Knew:
    read = [
        (str(each.say.get("of", "")), each.at)
        for each in entries
        if each.what == READ and each.person == one.signer and one.signer is not None and each.at <= one.at
    ]
    opened = {int(found[1]): at for of, at in reversed(read) if (found := _DOCUMENT.fullmatch(of))}
    there = [each for each in whole.documents if each.filed_at <= one.at]
    return Knew(
        decision=one,
        says=words.DECIDED.get(one.kind, one.kind),
        by=names.get(one.signer or "", one.signer or ""),
        run=next((each for each in whole.runs if each.number == one.run), None),
        papers=tuple(Paper(each, opened.get(each.number)) for each in there),
        later=tuple(each for each in whole.documents if each.filed_at > one.at),
        words=tuple(each for each in whole.words if each.at <= one.at),
        read=tuple(_times(read)),
    )


def _times(read: Sequence[tuple[str, datetime]]) -> Iterator[tuple[str, int, datetime]]:
    by: dict[str, list[datetime]] = {}
    for of, at in read:
        if not _DOCUMENT.fullmatch(of):
            by.setdefault(of, []).append(at)
    for of, moments in by.items():
        yield of, len(moments), moments[-1]
