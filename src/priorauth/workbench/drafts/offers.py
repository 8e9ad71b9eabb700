"""What a practice's own papers state of what is asked: each offered as an answer, with its quote, for a yes.

Nothing that is offered counts before somebody says yes to it; what she types herself goes before it.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, structs

from priorauth.documents.proposal import Findings, Patient, Proposal
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.ledger import compose, people
from priorauth.values import units
from priorauth.values.dates import ISO
from priorauth.workbench import drawing
from priorauth.workbench.drafts import answers, bundle
from priorauth.workbench.drafts.answers import Typed, field
from priorauth.workbench.drafts.draft import Draft, Paper
from priorauth.workbench.drafts.fields import MISSHAPEN
from priorauth.workbench.forms import Form
from priorauth.workbench.shelf import Shelf
from priorauth.workbench.view import stated
from priorauth.workbench.view.stated import Stated
from priorauth.workbench.visit import Visit

YES: Final = "yes"
"""The field of the offers to which she says yes."""
SECONDS: Final = 4.0
"""How long a page waits for all papers together."""
_SHOWS: Final = "shows-"
"""How the keys begin of what is offered of which paper a file is."""
_MANY: Final = ("measurement", "event")
_WEIGHT: Final = 50_000
"""About how many bytes the findings of a paper take."""
_NUMBER: Final = re.compile(r"(?P<sign>[<>]=?)?(?P<number>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))? ?(?P<unit>.*)")
_NO_DAY: Final = "It does not say the day: write it beside your answer."
_SINCE: Final = "It does not say since when: write it beside your answer, where you know it."
_BY_HAND: Final = "Type this answer yourself."


class Offer(Struct, frozen=True, kw_only=True):
    """One answer that a paper offers: what it states, where, and the fields that a yes fills.

    ``tells``: how the paper says it; empty where it says it plainly. ``lacks``: what she has to type
    beside it; empty where it is whole. ``fields`` is empty where she types it all.
    """

    key: str
    fact: str
    paper: str
    says: str
    when: str
    quote: str
    page: int
    tells: str
    fields: dict[str, tuple[str, ...]]
    lacks: str


class Read(Struct, frozen=True, kw_only=True):
    """A paper of a draft as it was read. ``soon``: it is being read; ``refused``: why it cannot be, or is set aside."""

    paper: Paper
    findings: Findings | None = None
    soon: bool = False
    refused: str = ""
    aside: bool = False

    @property
    def name(self) -> str:
        """What the paper is called."""
        return self.paper.name


# ---- the papers of a draft


def papers(visit: Visit, draft: Draft, seconds: float = SECONDS) -> tuple[Read, ...]:
    """Return the papers of a draft as they were read; those that take longer are read meanwhile."""
    until = time.monotonic() + seconds
    member = member_of(draft)
    own = [(one, hashlib.sha256(one.content).hexdigest()) for one in draft.of("paper")]
    for one, sha256 in own:
        _read(visit, one, sha256, member, 0.0)  # begun all at once, then waited for
    return tuple(_read(visit, one, sha256, member, max(until - time.monotonic(), 0.0)) for one, sha256 in own)


def _read(visit: Visit, one: Paper, sha256: str, member: Patient | None, seconds: float) -> Read:
    whose = "" if member is None else f"{member.name}|{member.birth_date}|{member.number}"
    until = time.monotonic() + seconds
    try:
        text = drawing.reading(visit, sha256, one.name, one.content, seconds)
        if text is None:
            return Read(paper=one, soon=True)
        key = (visit.session.tenant, sha256, whose)
        left = max(until - time.monotonic(), 0.0)
        found = visit.service.one(Shelf).asked(
            "findings", key, lambda: understood(text, member), lambda _: _WEIGHT, seconds=left
        )
    except InputRefused as fault:
        return Read(paper=one, refused="; ".join(each.message for each in fault.faults))
    if found is not None and found.set_aside is not None:
        return Read(paper=one, findings=structs.replace(found, facts=()), refused=found.set_aside, aside=True)
    return Read(paper=one, findings=found, soon=found is None)


def member_of(draft: Draft) -> Patient | None:
    """Return whom a draft is for, as papers name one; None where it does not say."""
    said = draft.fields
    name = " ".join(part for part in (said.get("given"), said.get("family")) if part)
    born, number = said.get("born", ""), said.get("member_id", "")
    if draft.request is not None:
        try:
            whole = compose.read(draft.request.content, draft.request.name)
            member = people.member(whole, bundle.claim_of(whole))
        except (InputRefused, *MISSHAPEN):
            return None
        name, number = member.name, member.id
        born = member.born.isoformat() if member.born else ""
    if not (name or ISO.fullmatch(born)):
        return None
    return Patient(name=name or None, birth_date=born if ISO.fullmatch(born) else None, number=number or None)


def of_papers(found: Iterable[Read], vocabulary: Vocabulary) -> tuple[Offer, ...]:
    """Return what the papers of a draft offer."""
    return _once(
        offer(f"{one.paper.number}-{place}", one.name, proposal, vocabulary[proposal.fact])
        for one in found
        for place, proposal in enumerate(one.findings.facts if one.findings is not None else ())
        if proposal.fact in vocabulary
    )


def of_case(listed: Iterable[Stated], vocabulary: Vocabulary) -> tuple[Offer, ...]:
    """Return what the documents of a case offer, of which nobody has said anything yet."""
    return _once(
        offer(f"d{one.document}-{one.own}", one.title, one.proposal, vocabulary[one.fact]) for one in listed if one.open
    )


def _once(found: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return offers without those that another paper makes with the same words and days."""
    kept: dict[tuple[str, str, str], Offer] = {}
    for one in found:
        kept.setdefault((one.fact, one.says, one.when), one)
    return tuple(kept.values())


def offer(key: str, paper: str, one: Proposal, fact: Fact) -> Offer:
    """Return what a paper states as an answer that can be said yes to."""
    fields, lacks = filled(fact, one)
    return Offer(
        key=key,
        fact=one.fact,
        paper=paper,
        says=stated.says(fact, one),
        when=stated.when(fact, one),
        quote=" ".join(one.quote.split()),
        page=one.page,
        tells="" if stated.how(one) == "plain" else stated.tells(one),
        fields=fields,
        lacks=lacks,
    )


def by_fact(offered: Iterable[Offer], asked: Iterable[str], typed: Typed) -> dict[str, tuple[Offer, ...]]:
    """Return by fact what is offered of what is asked and was not answered."""
    wanted = frozenset(asked) - answers.answered(typed)
    found: dict[str, list[Offer]] = {}
    for one in offered:
        if one.fact in wanted:
            found.setdefault(one.fact, []).append(one)
    return {fact: tuple(listed) for fact, listed in found.items()}


# ---- a yes


def taken(form: Form, offered: Iterable[Offer], typed: Typed, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the answers with those to which she said yes; what she typed of a fact goes before them.

    What is wrong stands in the form: an offer that is gone, a day that is still to be written.
    """
    wanted = {one for one in form.every(YES) if not one.startswith(_SHOWS)}
    known = {one.key: one for one in offered}
    made = dict(typed)
    own = answers.answered(typed)
    for key in sorted(wanted):
        one = known.get(key)
        if one is None:
            form.wrong["offers"] = "What a paper states was read anew. Look at it again, then say yes."
        elif one.fact not in own:
            many = vocabulary[one.fact].kind in _MANY
            for name, values in one.fields.items():
                made[name] = (*made.get(name, ()), *values) if many else values
    form.wrong.update(answers.wrong(made, vocabulary))
    return made


def filled(fact: Fact, one: Proposal) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return the fields that a yes fills, and what is still to be typed beside them."""
    name, days = fact.name, _days(one)
    if one.polarity == "denied" and fact.kind not in ("attestation", "condition"):
        return {field(name, "none"): ("yes",)}, ""
    match fact.kind:
        case "attestation":
            return {field(name): ("no" if one.polarity == "denied" else "yes",)}, ""
        case "condition":
            return {field(name): ("no" if one.polarity == "denied" else "yes",), **days}, ""
        case "measurement" | "regimen":
            return _measured(fact, one, days)
        case "event":
            day = _day(one)
            return ({field(name): (day,)}, "") if day else ({}, f"{_NO_DAY} {_BY_HAND}")
        case "attribute":
            return ({field(name): (one.value,)}, "") if _fits(fact, one.value) else ({}, _BY_HAND)
        case _:
            return {}, _BY_HAND


def _measured(fact: Fact, one: Proposal, days: dict[str, tuple[str, ...]]) -> tuple[dict[str, tuple[str, ...]], str]:
    """Return the fields of a number: of a result with its day, of a regimen with since when it holds."""
    number = own_number(fact, one.value)
    if number is None:
        return {}, _BY_HAND
    if fact.kind == "regimen":
        return {field(fact.name, "value"): (number,), **days}, "" if days else _SINCE
    day = _day(one)
    return {field(fact.name): (number,), field(fact.name, "date"): (day,)}, "" if day else _NO_DAY


def _day(one: Proposal) -> str:
    """Return the day of what is stated; empty where it has none, or a month, a year or a span."""
    return one.date if one.date and ISO.fullmatch(one.date) else ""


def _days(one: Proposal) -> dict[str, tuple[str, ...]]:
    parts = (("from", one.since), ("until", one.until))
    return {field(one.fact, part): (day,) for part, day in parts if day and ISO.fullmatch(day)}


def own_number(fact: Fact, value: str) -> str | None:
    """Return a number in the fact's own unit, of another rounded once; of a range its lower end; None of others.

    What is below or above a number, or of another unit than the fact's, is none.
    """
    found = _NUMBER.fullmatch(value)
    if found is None or found["sign"] in ("<", "<=", ">"):
        return None
    conversion = units.load().conversion(fact.name, found["unit"] or fact.unit or "")
    if conversion is None:
        return None
    if conversion.times == 1 and not conversion.plus:
        return found["number"]
    exact = conversion.apply(units.number(found["number"]))
    return units.show(units.multiples(exact, fact.resolution), fact.resolution)


def _fits(fact: Fact, value: str) -> bool:
    if fact.values == ("date",):
        return ISO.fullmatch(value) is not None
    if fact.values in (("number",), ("integer",)):
        return value.isdecimal()
    return value in fact.values


# ---- papers that are asked for


class Shows(Struct, frozen=True):
    """Which paper a file is, as far as it says so: the fact, how it is called, and the day that it bears."""

    key: str
    fact: str
    called: str
    dated: str
    quote: str
    page: int


def shows(found: Iterable[Read]) -> dict[int, Shows]:
    """Return by the number of a file which paper it says that it is, where nobody has said so yet."""
    made: dict[int, Shows] = {}
    for one in found:
        for place, proposal in enumerate(one.findings.facts if one.findings is not None else ()):
            known = bundle.kinds().get(proposal.fact)
            if known and bundle.is_day(proposal.value) and not one.paper.shows and one.paper.number not in made:
                key = f"{_SHOWS}{one.paper.number}-{place}"
                quote = " ".join(proposal.quote.split())
                made[one.paper.number] = Shows(key, proposal.fact, known, proposal.value, quote, proposal.page)
    return made


def told(form: Form, draft: Draft, found: Mapping[int, Shows]) -> Draft:
    """Return a draft with the papers to which she said yes told what they are, and of which day."""
    wanted = frozenset(form.every(YES))
    return structs.replace(draft, files=tuple(_told(one, found.get(one.number), wanted) for one in draft.files))


def _told(one: Paper, says: Shows | None, wanted: frozenset[str]) -> Paper:
    if says is None or says.key not in wanted or one.shows:
        return one
    return structs.replace(one, shows=says.fact, dated=says.dated)
