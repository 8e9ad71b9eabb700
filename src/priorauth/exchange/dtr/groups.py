"""The groups of an adaptive form as they stand: which facts each asks for, which ways were chosen, which are closed.

A form grows by groups and none is taken away. Of a group the linkId is ``form.ask.<n>``; in it stand the items of
facts, or one choice, ``form.way.<n>``, among the ways to show one thing: the code of a way is its facts with ``+``
between them. A group is closed where all its questions may only be read, or its ``enableWhen`` does not hold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from priorauth.exchange.dtr.filled import Node, Sheet
from priorauth.exchange.wire import Json, listed
from priorauth.export.asked import LOGS
from priorauth.export.outline import MARK
from priorauth.facts.vocabulary import Vocabulary
from priorauth.ledger.columns import canonical
from priorauth.record.answers.scopes import split

ASK: Final = f"{MARK}ask."
WAY: Final = f"{MARK}way."
END: Final = f"{MARK}end."
NONE: Final = "none"
"""The code by which it is said that none of the ways can be shown."""
JOINED: Final = "+"


class Chosen(NamedTuple):
    """A way that was chosen: the choice, its code, its facts."""

    link: str
    code: str
    facts: frozenset[str]


class Group:
    """One group of the form."""

    def __init__(self, node: Node, sheet: Sheet, vocabulary: Vocabulary) -> None:
        """Look at an item on the top of a form."""
        self.node, self.link = node, node.link
        self.facts = frozenset(fact for one in node.walk() if (fact := _fact(one.link, vocabulary)))
        self.choice = next((one for one in node.walk() if one.link.startswith(WAY)), None)
        self.enabled = sheet.open(node)
        asks = [one for one in node.walk() if one.item.get("type") not in ("group", "display")]
        self.closed = bool(asks) and all(one.item.get("readOnly") for one in asks)
        """Whether it can only be read."""
        self.answered = node.answered or not asks
        """Whether there is an answer in it; what only says something is answered with that."""

    @property
    def ways(self) -> tuple[frozenset[str], ...]:
        """The facts of each way of its choice."""
        return () if self.choice is None else tuple(facts for code in _codes(self.choice) if (facts := _way(code)))

    @property
    def open(self) -> bool:
        """Whether it can be answered."""
        return self.enabled and not self.closed

    @property
    def about(self) -> frozenset[str]:
        """The facts for which it is there: those that it asks for, or among whose ways it lets choose."""
        return self.facts.union(*self.ways)


class Groups:
    """All groups of a form, in order."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary) -> None:
        """Take the groups of a form with its answers."""
        self.all = tuple(Group(node, sheet, vocabulary) for node in sheet.top)
        self.asked = tuple(one for one in self.all if one.link.startswith(ASK))
        last = self.all[-1] if self.all else None
        self.end = last if last is not None and last.link.startswith(END) else None

    @property
    def given(self) -> frozenset[str]:
        """The facts of groups that have an answer."""
        return frozenset(fact for one in self.asked if one.enabled and one.answered for fact in one.facts)

    def holding(self, fact: str) -> Group | None:
        """Return the group that asks for a fact."""
        return next((one for one in self.asked if fact in one.facts), None)

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        """The ways that were chosen, the last choice first."""
        found = [
            Chosen(one.choice.link, code, _way(code))
            for one in reversed(self.asked)
            if one.choice is not None and one.enabled and (code := _said(one.choice)) and code != NONE
        ]
        return tuple(found)

    @property
    def declined(self) -> tuple[frozenset[str], ...]:
        """Of each choice in which none of the ways could be shown, all facts."""
        refused = [one for one in self.asked if one.choice is not None and one.enabled and _said(one.choice) == NONE]
        return tuple(one.about for one in refused)

    def next_number(self, start: str) -> int:
        """Return the number that the next group of a kind bears."""
        numbers = [int(tail) for one in self.all if (tail := one.link.removeprefix(start)).isdecimal()]
        return max(numbers, default=0) + 1


def answers_sha256(answered: Json, groups: Groups) -> str:
    """Return the hash of what was answered in all groups but the last: whether an answer was changed is told by it."""
    but = {one.link for one in groups.all[-1:]}
    kept = [one for one in listed(answered, "item") if one.get("linkId") not in but]
    return hashlib.sha256(canonical(kept)).hexdigest()[:32]


def _fact(link: str, vocabulary: Vocabulary) -> str | None:
    """Return the fact that an item asks for; of a log it only says so."""
    log = link.removeprefix(MARK)
    if link.startswith(MARK):
        return log if log in LOGS else None
    found = split(link, vocabulary)
    return None if found is None else found[0]


def _codes(choice: Node) -> Iterator[str]:
    for one in listed(choice.item, "answerOption"):
        coding = one.get("valueCoding")
        if isinstance(coding, dict):
            yield str(coding.get("code", ""))


def _said(choice: Node) -> str:
    """Return the code that was chosen, empty where none was."""
    for one in choice.answers:
        coding = one.get("valueCoding")
        if isinstance(coding, dict) and coding.get("code") in set(_codes(choice)):
            return str(coding["code"])
    return ""


def _way(code: str) -> frozenset[str]:
    return frozenset() if code in ("", NONE) else frozenset(code.split(JOINED))
