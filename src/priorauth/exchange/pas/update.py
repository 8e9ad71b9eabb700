"""Updates and cancels: a claim that follows on another, which is known here by its number, its identifier or its URL.

What is not changed keeps its result. An item that is open is determined anew with the whole request; one that is taken
back ends what was approved of it. Of a case that is closed the items that changed, and new ones, become a case that
rests on it: where the plan wants that of decided ones, else the partner is told to ask anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from priorauth.exchange.call import Call
from priorauth.exchange.pas.acting import act
from priorauth.exchange.pas.known import OWN, clients
from priorauth.exchange.pas.model import Answer, Error, Result
from priorauth.exchange.pas.request import Asked, Line, token
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.wire import Json, listed
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.intake import UpdateItem
from priorauth.ledger.acts.taken_back import Cancel, Revise
from priorauth.ledger.allowed import states

CLOSED: Final = frozenset({"approved", "partly-approved", "adverse", "authorized-by-law"})
"""States of a case that was decided here."""
DECIDED: Final = frozenset({"approve", "approve-by-rule", "by-law", "part", "adverse"})
"""What an item is that was decided here."""
_SAME: Final = ("productOrService", "quantity", "modifier", "servicedDate", "servicedPeriod")
"""What of an item makes it another one where it differs."""
_CLAIM: Final = "Bundle.entry[0].resource"


def updated(call: Call, asked: Asked, key: str) -> str | Error:
    """Do what a claim that follows on another asks for; return the first case of it, or why nothing was done."""
    answer = _prior(call, asked)
    if answer is None:
        said = "the request that it follows on is not known here"
        return Error("related-unknown", said, f"{_CLAIM}.related", "2000E-REF")
    if not _same_member(call, asked, answer):
        said = "the request that it follows on is of another member"
        return Error("other-member", said, f"{_CLAIM}.patient", "2010C-NM109")
    update = _Update(call, asked, answer, key, _standing_items(call, answer))
    if (error := update.refused()) is not None:
        return error
    update.change()
    update.take_back()
    return answer.case


def _prior(call: Call, asked: Asked) -> Answer | None:
    """Return how the request stands that a claim follows on: by a number of ours, else as who asks calls it.

    Where several bear a name (the guide's own examples share theirs), the one with the same URL, else the newest.
    """
    found = clients(call, asked.numbers, *OWN)
    if not found:
        related = (asked.related or {}).get("claim")
        reference: Json = related if isinstance(related, dict) else {}
        prior = [] if asked.prior is None else [token(one) for one in listed(asked.prior.resource, "identifier")]
        names = [one for one in (*prior, token(reference.get("identifier"))) if one]
        literal = reference.get("reference")
        urls = [asked.prior.sent_url] if asked.prior is not None else []
        urls += [literal] if isinstance(literal, str) else []
        by_name, by_url = clients(call, names, "claim"), clients(call, urls, "url")
        found = [one for one in by_url if one in by_name] or by_name or ([] if names else by_url)
    return standing(call.store, call.tenant, found[-1]) if found else None


def _same_member(call: Call, asked: Asked, answer: Answer) -> bool:
    """Whether a claim is of the member of a case: they share an id; where either has none, there is no telling."""
    rows = traffic.found(call.store, call.tenant, t.traced, case_no=answer.case, kind="member")
    known = {row["value"] for row in rows}
    return not known or not asked.members or bool(known & set(asked.members))


@dataclass(frozen=True)
class _Item:
    """An item as the ledger has it: its number in which case, its status, and the state of that case."""

    case: Json
    item: int
    status: str

    @property
    def is_open(self) -> bool:
        """Whether its case is open."""
        return states().states[self.case["state"]].open


def _standing_items(call: Call, answer: Answer) -> dict[int, _Item]:
    """Return the items by sequence, each in the newest case that has it."""
    found: dict[int, _Item] = {}
    for case_no in answer.cases:
        case = traffic.found(call.store, call.tenant, t.cases, case_no=case_no)[0]
        if case["kind"] != "appeal":
            for row in traffic.found(call.store, call.tenant, t.item, case_no=case_no):
                found[int(row["about"]["sequence"])] = _Item(case, row["item"], row["status"])
    return found


@dataclass(frozen=True)
class _Update:
    """A claim that follows on another, and how that one stands."""

    call: Call
    asked: Asked
    answer: Answer
    key: str
    items: dict[int, _Item]

    @property
    def newest(self) -> _Item:
        """An item of the newest case."""
        return max(self.items.values(), key=lambda one: (one.case["received_at"], one.case["case_no"]))

    @property
    def changed(self) -> list[Line]:
        """What is asked that was not asked before as it is."""
        before = {one.sequence: one for one in self.answer.results}
        lines = [] if self.asked.cancels else self.asked.lines
        return [one for one in lines if not one.cancelled and _is_changed(one, before.get(one.sequence))]

    @property
    def gone(self) -> list[Line]:
        """What is taken back, and was not before."""
        done = {one.sequence for one in self.answer.results if one.action == "C"}
        lines = [one for one in self.asked.lines if self.asked.cancels or one.cancelled]
        return [one for one in lines if one.sequence in self.items and one.sequence not in done]

    def refused(self) -> Error | None:
        """Return why the change is not taken; None where it is."""
        missing = set(self.items) - {one.sequence for one in self.asked.lines}
        if missing and not self.asked.cancels:
            said = f"expected every item that was asked before; item {min(missing)} is not there"
            return Error("items-missing", said, f"{_CLAIM}.item", "2000F")
        if self.changed and self.newest.is_open and (moved := self._moved()) is not None:
            said = f"expected new items after those that were asked before; item {moved} has another place"
            return Error("items-missing", said, f"{_CLAIM}.item", "2000F")
        for line in self.changed:
            known = self.items.get(line.sequence)
            over = self.newest.case["state"] in CLOSED if known is None else known.status in DECIDED
            allowed = self.call.plan.updates_of_decided and (known is None or not known.is_open)
            if over and not allowed:
                at = f"{_CLAIM}.item.where(sequence = {line.sequence})"
                said = f"item {line.sequence} is decided: ask for the change anew"
                return Error("decided", said if known else "the request is decided: ask anew", at, "2000F-UM")
        return None

    def change(self) -> None:
        """Let the ledger take up what is changed: with the whole request where the case is open, else apart."""
        changed = self.changed
        if not changed:
            return
        case = self.newest.case
        if self.newest.is_open:
            data = self._only(self._of_newest())
            wanted = UpdateItem(key=self._key("update"), case=case["case_no"], bundle=data, channel="api")
            act(self.call, wanted, self.asked)
            return
        data = self._only({one.sequence for one in changed})
        revise = Revise(key=self._key("revise"), case=case["case_no"], bundle=data, notes=self.asked.notes)
        act(self.call, revise, self.asked)

    def take_back(self) -> None:
        """Let the ledger take items back, case by case; open ones of a case that was sent anew are gone with that."""
        anew = self.newest.case["case_no"] if self.changed and self.newest.is_open else None
        by_case: dict[str, list[int]] = {}
        for line in self.gone:
            known = self.items[line.sequence]
            if known.case["case_no"] == anew and known.status == "open":
                continue
            by_case.setdefault(known.case["case_no"], []).append(known.item)
        for case_no, items in by_case.items():
            cancel = Cancel(
                key=self._key(f"cancel {case_no}"),
                case=case_no,
                items=None if self.asked.cancels else tuple(items),
                bundle=self.asked.data,
                why="cancelled by who asked",
            )
            act(self.call, cancel, self.asked)

    def _of_newest(self) -> set[int]:
        """Return the sequences of what is asked of the newest case: its own items, and new ones."""
        number = self.newest.case["case_no"]
        lines = [(one.sequence, self.items.get(one.sequence)) for one in self.asked.lines]
        return {sequence for sequence, known in lines if known is None or known.case["case_no"] == number}

    def _moved(self) -> int | None:
        """Return an item of the newest case that would not keep its place among those that are asked; else None.

        The ledger knows an item by its place: another one may not take it.
        """
        places = {sequence: place for place, sequence in enumerate(sorted(self._of_newest()), 1)}
        return next((one for one in places if one in self.items and self.items[one].item != places[one]), None)

    def _key(self, what: str) -> str:
        return f"{self.key} {what}"[:200]

    def _only(self, sequences: set[int]) -> bytes:
        """Return the Bundle of the request for some of its items alone; its own bytes where that is all of them."""
        if sequences == {line.sequence for line in self.asked.lines}:
            return self.asked.data
        claim: dict[str, Any] = {**self.asked.claim}
        claim["item"] = [one for one in listed(claim, "item") if one.get("sequence") in sequences]
        first, *rest = self.asked.bundle["entry"]
        return msgspec.json.encode({**self.asked.bundle, "entry": [{**first, "resource": claim}, *rest]})


def _is_changed(line: Line, was: Result | None) -> bool:
    return was is None or line.changed or any(line.item.get(name) != was.requested.get(name) for name in _SAME)
