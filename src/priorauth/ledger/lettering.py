"""Letters of a case: their facts put together from what the ledger holds. Nothing is typed twice.

What only a person can say (why it is urgent, which regulation is relied on) comes with the act, in ``more``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from priorauth.decide.decided import Ask
from priorauth.decide.determination import Determination
from priorauth.ledger import clocking, compose, people, runs
from priorauth.ledger import tables as t
from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.events import Json
from priorauth.ledger.work import Refusal, Work
from priorauth.letters import kinds as k
from priorauth.letters.facts import Clock, Facts, Mailing, Recipient, Sender
from priorauth.letters.make import Made, make

KINDS: Final[Mapping[str, type[Any]]] = {str(one.__struct_config__.tag): one for one in k.Says.__args__}
"""The struct of each kind of letter."""
_ASKING: Final = {"runs-on": "runs on", "stops": "stops", "not-begun": "not begun"}
GROUNDS: Final = {
    "member-asks": "asked",
    "provider-asks": "asked",
    "information-in-members-interest": "interest",
    "outside-the-plans-control": "outside-control",
    "missing-information": "missing",
    "non-contract-evidence": "outside-evidence",
    "extraordinary": "extraordinary",
}
"""The sentence of a letter, by the ground of an extension as its clock has it."""


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that somebody is about to sign, for a letter that is looked at before it; reasons as they are kept."""

    kind: Literal["adverse", "part"]
    licence: str
    reasons: tuple[Json, ...]
    quantity: int | None = None


_DECIDED: Final = ("approve", "approve-by-rule", "part", "by-law")
_MADE: Final[dict[bytes, Made]] = {}
_MOST_MADE: Final = 64


def made(facts: Facts) -> Made:
    """Return a letter; the same facts give the same letter, which is made once. Raises LetterRefused, PaperFault."""
    key = msgspec.json.encode(facts)
    if key not in _MADE:
        if len(_MADE) >= _MOST_MADE:
            _MADE.clear()
        _MADE[key] = make(facts)
    return _MADE[key]


def facts_of(  # noqa: PLR0913 - what an act on a letter says
    work: Work,
    kind: str,
    item: int,
    *,
    mailing: Mailing,
    to: Recipient,
    copies: tuple[Recipient, ...],
    more: Mapping[str, Any],
    replaces: str = "",
    planned: Planned | None = None,
) -> Facts:
    """Return the facts of a letter about one item of a case; refuses what the ledger does not hold.

    ``planned``: the decision that it tells is not signed yet.
    """
    if kind not in KINDS:
        raise Refusal("invalid", f"expected a kind of letter: {', '.join(KINDS)}")
    known = {one.item: one for one in runs.determinations_of(work)}
    if item not in known:
        raise Refusal("not-found", f"no item {item}")
    found = asked_only(known[item], work.case["about"].get("asked")) if kind == "information" else known[item]
    request = [row for row in work.rows(t.submission) if row["kind"] == "request"][-1]
    content = work.content(request["sha256"])
    bundle = compose.read(content, "request")
    claim = compose.claim_of(content, "request", found.claim)
    asked = people.items(claim)
    return Facts(
        says=_says(work, kind, found, more, planned),
        case=work.case_no,
        sender=_sender(work),
        member=people.member(bundle, claim),
        prescriber=people.prescriber(bundle, claim),
        supplier=people.supplier(bundle, claim),
        items=(asked[found.sequence],) if found.sequence in asked else tuple(asked.values()),
        determination=found,
        mailing=mailing,
        received=work.case["received"],
        to=to,
        copies=copies,
        clock=_clock(work),
        replaces=replaces,
    )


def asked_only(found: Determination, facts: Sequence[str] | None) -> Determination:
    """Return a determination with those of its questions that were asked; None: all of them."""
    if facts is None:
        return found
    kept = tuple(one for one in found.questions if one.fact in facts)
    return found if len(kept) == len(found.questions) else replace(found, questions=kept, ask=_left(found.ask, facts))


def _left(part: Ask | None, facts: Sequence[str]) -> Ask | None:
    """Return what is left of what is asked where only some facts are asked for; None where nothing is."""
    if part is None:
        return None
    every = tuple(one for each in part.all if (one := _fact(each, facts)) is not None)
    any_ = tuple(one for each in part.any if (one := _fact(each, facts)) is not None)
    return Ask(all=every, any=any_) if every or any_ else None


def _fact(part: str | Ask, facts: Sequence[str]) -> str | Ask | None:
    if isinstance(part, str):
        return part if part in facts else None
    return _left(part, facts)


def _sender(work: Work) -> Sender:
    """Return the office that writes: the tenant's settings have one for each payer."""
    senders = work.settings.get("letters", {})
    found = senders.get(work.case["payer"] or "")
    if found is None:
        raise Refusal(
            "invalid", f"no office that writes letters is set up for {work.case['payer']} (settings: letters)"
        )
    try:
        return msgspec.convert(found, Sender)
    except msgspec.ValidationError as fault:
        raise Refusal("invalid", f"settings: letters.{work.case['payer']}: {fault}") from None


def _clock(work: Work) -> Clock | None:
    """Return the clock that binds, or bound when the case was decided."""
    found = clocking.running(work)
    if found is None:
        return None
    bound = clocking.bind(found, work.now)
    if bound is None:
        return None
    source = bound.clock.within.source
    return Clock(
        name=bound.clock.name,
        due=found.calendar.local(bound.at),
        since=found.calendar.day(bound.since),
        asking=_ASKING[bound.asking],  # type: ignore[arg-type]  # the same three, spelt for a reader
        citation=source.cite,
        verified=bound.verified,
        fast=bound.clock.urgency == "expedited",
    )


def _local(work: Work, at: dt.datetime) -> dt.datetime:
    return at.astimezone(work.zone)


def _says(
    work: Work, kind: str, found: Determination, more: Mapping[str, Any], planned: Planned | None = None
) -> k.Says:
    """Return what makes a letter the kind it is: from the ledger, and from what the act says beside that."""
    own: Json = {}
    match kind:
        case "approval":
            own = _approval(work, found.item)
        case "information":
            own = _information(work)
        case "appeal-information":
            own = {**_appeal(work, kind, found), **_information(work)}
        case "adverse":
            own = _adverse(work, found, planned)
        case "extension":
            own = _extension(work)
        case "missed-clock":
            own = {"acted_by": _name(work), "acted_as": work.who.role}
            if (decision := _decision(work, found.item)) is not None and decision["kind"] == "by-law":
                own["grant"] = _approval(work, found.item)["grant"]
        case "appeal-received" | "appeal-decision":
            own = _appeal(work, kind, found, planned)
        case _:
            pass
    try:
        return msgspec.convert({**own, **more, "type": kind}, KINDS[kind], from_attributes=True)  # type: ignore[no-any-return]
    except msgspec.ValidationError as fault:
        raise Refusal("invalid", f"{kind}: {fault}") from None


def _signed(work: Work, found: Determination, planned: Planned | None) -> tuple[Json | None, list[Json]]:
    """Return the decision on an item with its reasons: the one that is about to be signed, else the last that was."""
    if planned is not None:
        row = {"kind": planned.kind, "licence": planned.licence, "quantity": planned.quantity}
        return {**row, "signer": work.who.person, "at": work.now, "on_day": work.today()}, list(planned.reasons)
    decision = _decision(work, found.item)
    return decision, [] if decision is None else work.rows(t.reason, decision=decision["number"])


def _decision(work: Work, item: int, case_no: str | None = None) -> Json | None:
    rows = [row for row in work.rows(t.decision, case_no=case_no or work.case_no) if row["item"] == item]
    return rows[-1] if rows else None


def _approval(work: Work, item: int) -> Json:
    decision = _decision(work, item)
    if decision is None or decision["kind"] not in _DECIDED:
        raise Refusal("state", f"item {item} was not approved")
    rows = work.rows(t.approval, item=item)
    row = rows[-1]
    months = row["terms"].get("months")
    grant = k.Grant(
        number=row["number"],
        first=row["valid_from"],
        last=row["valid_until"],
        event="" if row["valid_until"] else str(row["terms"].get("until", "the item is replaced or no longer needed")),
        months=None if months is None else int(months),
        trial=months is not None,
    )
    return {"grant": grant, "by": None if decision["signer"] is None else clinician(work, decision)}


def clinician(work: Work, decision: Mapping[str, Any]) -> k.Clinician:
    """Return who signed a decision, with the licence under which she did."""
    who = work.rows(t.person, person=decision["signer"])[0]
    listed = work.rows(t.licence, person=decision["signer"])
    wanted = decision.get("licence")
    licence = next((row for row in listed if wanted in (None, row["licence"])), None)
    return k.Clinician(
        name=who["name"],
        credential=licence["kind"] if licence else str(who["details"].get("credential", "")),
        specialty=licence["specialty"] if licence else "",
        licence=k.Licence(licence["kind"], licence["state"], licence["licence"], licence["valid_until"])
        if licence
        else None,
        at=_local(work, decision["at"]),
    )


def _information(work: Work) -> Json:
    found = clocking.running(work)
    asked = [one for one in (() if found is None else found.happened) if isinstance(one, h.Asked)]
    if not asked:
        raise Refusal("state", "nothing was asked: ask first")
    last = asked[-1]
    by = _local(work, last.answer_by).replace(second=0, microsecond=0)
    return {"asked": _local(work, last.at), "answer_by": by}


def _adverse(work: Work, found: Determination, planned: Planned | None) -> Json:
    decision, rows = _signed(work, found, planned)
    if decision is None or decision["kind"] not in ("adverse", "part"):
        raise Refusal("state", f"item {found.item} was not decided adversely")
    part = decision["kind"] == "part"
    item = next(row for row in work.rows(t.item) if row["item"] == found.item)
    own: Json = {
        "action": "part" if part else "whole",
        "reasons": _reasons(work, decision, rows, found),
        "by": clinician(work, decision),
        "effective": decision["on_day"],
    }
    if part:
        asked = item["quantity"] or 1
        own["refused"] = [k.Portion(item["product"] or "", f"item {item['item']}", asked, asked - decision["quantity"])]
    return own


def _reasons(work: Work, decision: Mapping[str, Any], rows: Sequence[Json], found: Determination) -> Sequence[k.Reason]:
    titles = {one.id: one.title for one in found.criteria if one.id is not None}
    name = work.rows(t.person, person=decision["signer"])[0]["name"]
    return tuple(
        k.Reason(
            criterion=row["criterion"],
            title=titles.get(row["criterion"]) or row["asks"],
            asks=row["asks"],
            found=row["found"],
            why_not=row["why_not"],
            would=row["would_show"],
            confirmed_by=name,
        )
        for row in rows
    )


def _extension(work: Work) -> Json:
    found = clocking.running(work)
    events = [] if found is None else [one for one in found.happened if isinstance(one, h.Extended)]
    bound = None if found is None else clocking.bind(found, work.now)
    if found is None or bound is None or not events:
        raise Refusal("state", "no clock was extended")
    last = events[-1]
    before = d.due(bound.clock, tuple(one for one in found.happened if one is not last), found.calendar)
    was = before.at if isinstance(before, d.Due) else bound.at
    return {
        "ground": GROUNDS[last.ground],
        "was": found.calendar.local(was),
        "until": found.calendar.local(bound.at),
    }


def _appeal(work: Work, kind: str, found: Determination, planned: Planned | None = None) -> Json:
    base = work.case["base"]
    if work.case["kind"] != "appeal" or base is None:
        raise Refusal("state", "this case is no appeal")
    before = _decision(work, found.item, base)
    if before is None or before["signer"] is None:
        raise Refusal("state", "the first decision has no signer")
    first = clinician(work, before)
    if kind != "appeal-decision":
        return {"came": _local(work, work.case["received_at"]), "first": first}
    decision, rows = _signed(work, found, planned)
    if decision is None:
        raise Refusal("state", f"item {found.item} was not decided")
    last = max(work.rows(t.run, case_no=base), key=lambda row: row["number"])
    own: Json = {
        "outcome": {"adverse": "upheld", "part": "part"}.get(decision["kind"], "overturned"),
        "first": next(one for one in runs.read_determinations(last["determinations"]) if one.item == found.item),
        "first_by": first,
        "by": None if decision["signer"] is None else clinician(work, decision),
        "reasons": _reasons(work, decision, rows, found),
    }
    if planned is not None and planned.kind != "adverse":
        raise Refusal("state", "the letter of an appeal that is won in part is made when it is signed")
    if decision["kind"] != "adverse":
        own["grant"] = _approval(work, found.item)["grant"]
    return own


def _name(work: Work) -> str:
    rows = work.rows(t.person, person=work.who.person)
    return rows[0]["name"] if rows else ""
