"""What a document proposes: of its pages' text, whose it is, who wrote it, and the facts that it states or denies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from priorauth.documents.pages import Page, Reading, box_of, words_in
from priorauth.documents.proposal import Findings, Patient, Proposal
from priorauth.documents.understand import (
    boxes,
    days,
    find,
    head,
    lines,
    logs,
    parts,
    plain,
    regimen,
    rules,
    scanned,
    stays,
    tables,
    taken,
    whose,
)
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.rules import Rules
from priorauth.documents.understand.sentences import Sentence, sentences
from priorauth.values import dates

_STANDS: Final = 30
"""So many days what was in use is taken to be in use still."""
_NEAR: Final = 4
"""So many words behind a ticked box its day may stand."""


class Own(NamedTuple):
    """The pages of the patient of a document, whom it names, and what is said of the pages of others."""

    pages: tuple[Page, ...]
    patient: Patient
    notes: tuple[str, ...]
    sent: int | None = None
    """The day on which it was sent, where a fax machine wrote it."""


class Weighed(NamedTuple):
    """All that the rules find in pages of one patient, before what is said twice is put together.

    ``left``: what only looked like a fact, its reasons in brackets behind the rule; ``told``: the sentences.
    """

    found: tuple[Proposal, ...]
    left: tuple[Proposal, ...]
    told: tuple[Sentence, ...]


def understood(reading: Reading, member: Patient | None = None) -> Findings:
    """Return what a reading says. ``member``: whose documents are looked for; one of somebody else is set aside."""
    known = rules.load()
    own = own_pages(reading, known)
    if (reason := of_another(own, member)) is not None:
        return Findings(patient=own.patient, set_aside=reason, notes=(reason,))
    about = about_of(own, known)
    all_of_it = weighed(own.pages, known, about)
    originals = {page.number: page for page in reading.pages}
    facts = tuple(placed(one, originals[one.page], about) for one in taken.kept(all_of_it.found, all_of_it.told, known))
    return msgspec.structs.replace(described(own, about), facts=facts, left=all_of_it.left)


def own_pages(reading: Reading, known: Rules) -> Own:
    """Return the pages of the patient of a reading, without the line of a fax machine, mistaken letters righted."""
    pages = [
        plain.plain(
            scanned.righted(msgspec.structs.replace(page, text=parts.without_fax_line(page.text)), known.spelling)
        )
        for page in reading.pages
    ]
    named = [whose.patient(page) for page in pages]
    patient = _patient(named)
    kept: list[Page] = []
    notes: list[str] = []
    for page, one in zip(pages, named, strict=True):
        unlike = whose.differs(patient, one)
        if unlike is None:
            kept.append(page)
        else:
            notes.append(f"page {page.number}: set aside, it is of another patient (the {unlike} differs)")
    return Own(tuple(kept), patient, tuple(notes), parts.sent(reading.pages))


def about_of(own: Own, known: Rules) -> Head:
    """Return what a document is, by its head and its end."""
    return head.head([lines.bare(page) for page in own.pages], known, own.sent)


def of_another(own: Own, member: Patient | None) -> str | None:
    """Return why a document is none of a member's; None where nothing shows that."""
    unlike = None if member is None else whose.differs(own.patient, member)
    return None if unlike is None else f"the document is of another patient: the {unlike} differs"


def described(own: Own, about: Head) -> Findings:
    """Return what a document is, without facts."""
    return Findings(
        kind=about.kind,
        role=about.role,
        dated=None if about.dated is None else about.dated.day.said,
        signed_by=None if about.signed is None else head.signer(about.signed),
        signed_on=None if about.signed is None else about.signed.day.said,
        patient=own.patient,
        notes=own.notes,
    )


def _patient(named: Sequence[Patient]) -> Patient:
    """Return the patient of most pages; of as many, the one that is named first."""
    counted = [
        sum(whose.differs(one, other) is None for other in named if other.name or other.birth_date) for one in named
    ]
    best = [
        one
        for _, one in sorted(zip(counted, named, strict=True), key=lambda row: -row[0])
        if one.name or one.birth_date
    ]
    if not best:
        return Patient()
    same = [one for one in named if whose.differs(best[0], one) is None]
    name = max((one.name for one in same if one.name), key=len, default=None)
    born = next((one.birth_date for one in same if one.birth_date), None)
    return Patient(name=name, birth_date=born, number=next((one.number for one in same if one.number), None))


def weighed(pages: Sequence[Page], known: Rules, about: Head) -> Weighed:
    """Return what the pages of one patient propose, and what only looked like it."""
    empty = about.kind is None and about.dated is None and not any(page.text.strip() for page in pages)
    if empty or lines.is_list(pages):
        return Weighed((), (), ())
    by_number = {page.number: page for page in pages}
    finder = find.Finder(known, about, by_number)
    found: list[Proposal] = list(_of_head(known, about, by_number))
    told: list[Sentence] = []
    for whole in pages:
        own, page = lines.read(whole, known, about)
        found += own
        prose = msgspec.structs.replace(page, text=boxes.masked(page.text, scanned=page.how == "ocr"))
        found += [_ticked(one, page, known, about) for one in boxes.ticks(page, known, about.kind)]
        found += tables.results(page, known, about, pages)
        found += logs.lows(page, known, about)
        form = boxes.formed(page)
        told += [
            one._replace(formed=True) if one.line in form else one
            for one in parts.told(sentences(prose, known.headings), page, about)
        ]
    found += regimen.added(finder, told)
    found += finder.found(told)
    found += stays.stays(pages, known, about, found)
    found += _implied(found, known, finder.own)
    return Weighed(tuple(found), tuple(finder.left), tuple(told))


def _implied(found: Sequence[Proposal], known: Rules, own: int | None) -> list[Proposal]:
    """Return what proposals say besides: a sensor that was worn so much of the time is in use."""
    return [
        msgspec.structs.replace(
            one, fact=name, value="yes", date=None if own is None else dates.iso(own), by=f"{name}:implied"
        )
        for one in found
        for name in known.facts[one.fact].options.get("implies", ())
        if one.polarity == "stated"
        and not (one.date is not None and own is not None and one.date[:10] < dates.iso(own - _STANDS))
        and not any(other.fact == name for other in found)
    ]


def _ticked(one: Proposal, page: Page, known: Rules, about: Head) -> Proposal:
    """Return what a box says with its day: an event has that which is written behind it, or none."""
    if known.facts[one.fact].fact.kind not in ("event", "measurement") or one.polarity == "denied":
        return msgspec.structs.replace(one, date=_own(about))
    rest = page.text[one.start :].split("\n", 1)[0]
    own = about.own
    found = [day for day in days.found(rest, own, day_first=about.day_first) if day.how not in ("over", "for")]
    day = next(iter(found), None)
    near = day is not None and len(rest[len(one.quote) : day.start].split()) <= _NEAR
    return msgspec.structs.replace(one, date=day.said if day is not None and near else None)


def _own(about: Head) -> str | None:
    return None if about.own is None else dates.iso(about.own)


def _of_head(known: Rules, about: Head, pages: dict[int, Page]) -> Iterable[Proposal]:
    """Yield what the head and the signature propose: the visit, and that a paper was signed."""
    for rule in known.facts.values():
        mark = about.dated if "visit" in rule.options else about.signed if "signed" in rule.options else None
        kinds = rule.options.get("visit", rule.options.get("signed", ()))
        if mark is None or about.kind not in kinds:
            continue
        if "visit" in rule.options and (about.role != "prescriber" or not head.is_visit(about, pages)):
            continue
        if "signed" in rule.options and (about.role != "prescriber" or not _speaks(rule, pages.values())):
            continue
        page = pages[mark.page]
        start, end = (
            parts.line_of(page.text, mark.start, mark.end) if "visit" in rule.options else (mark.start, mark.end)
        )
        said = dates.iso(mark.day.last)
        value: str | None = "yes" if rule.fact.kind == "event" else said
        if rule.fact.values != ("date",) and rule.fact.kind == "attribute":
            letters = mark.credential or ""
            value = next((one.value for one in rule.shapes if one.value and one.shape.find.search(letters)), None)
        if value is None:
            continue
        yield Proposal(
            fact=rule.fact.name,
            value=value,
            quote=page.text[start:end],
            page=mark.page,
            start=start,
            date=said,
            by=f"{rule.fact.name}:head",
        )


def _speaks(rule: rules.Rule, pages: Iterable[Page]) -> bool:
    """Whether the pages speak of what was signed."""
    text = "\n".join(page.text for page in pages)
    if rule.without is not None and rule.without.search(text):
        return False
    return not rule.shapes or any(said.shape.find.search(text) for said in rule.shapes)


def placed(one: Proposal, page: Page, about: Head) -> Proposal:
    """Return a proposal with its words whole and as they stand on the page, their rectangle, and who says so."""
    start, end = parts.whole(page.text, one.start, one.start + len(one.quote))
    box = box_of(words_in(page, start, end))
    by = "supplier" if about.kind == "prescription" and about.role == "supplier" else None
    return msgspec.structs.replace(one, quote=page.text[start:end], start=start, box=box, stated_by=by)
