"""What the documents of a case state of the facts that are asked: each in words, with its quote, page and who agreed.

Whether a document says something plainly, perhaps, or says that it is not so, is told in words. Below which criterion
it stands is told by the facts in the criterion's test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from priorauth.decide.decided import Assessed, Role
from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import Criteria, walk
from priorauth.documents import valued
from priorauth.documents.proposal import Proposal
from priorauth.documents.rows import reference, settles
from priorauth.documents.valued import Speaking, Unread
from priorauth.facts.rows import Source
from priorauth.facts.vocabulary import Fact
from priorauth.language.english import labels
from priorauth.ledger import read_papers, runs
from priorauth.ledger.allowed import confirms
from priorauth.ledger.documented import OWN
from priorauth.ledger.read_papers import DocumentRead, Said
from priorauth.ledger.whole import Whole
from priorauth.policy.catalog import Catalog
from priorauth.record.quantities import scales
from priorauth.values.dates import ANY_DAY, ISO, MONTHS
from priorauth.workbench import words
from priorauth.workbench.view.criteria import APPLY
from priorauth.workbench.visit import Visit

_ORDER: Final = {"conflict": 0, "unknown": 1, "not-met": 2, "met": 3}
_NUMBERED: Final = re.compile(r"(?P<sign>[<>]=?)?\s*(?P<number>[\d.,]+(?:\s*-\s*[\d.,]+)?)\s*(?P<unit>.*)")
_SIGNS: Final = {"<": "below ", ">": "above ", "<=": "at most ", ">=": "at least "}
PARTIAL: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
"""A date as a document may say it: a day, a month or a year."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_HOW: Final = {
    "plain": "The document says it plainly.",
    "perhaps": "The document says it only as likely, or it is hard to read. Look at the words first.",
    "not-so": "The document says that it is not so.",
}
DATED: Final = ("measurement", "event")
"""The kinds of facts that are of a day."""
_DAYLESS: Final = "no day stands with it"


class Stated(Struct, frozen=True, kw_only=True):
    """A fact that a document states, as pages tell it.

    ``own`` names it on a page, ``reading`` and ``number`` to the ledger (None where a person marked the words herself).
    ``how``: ``plain``, ``perhaps`` or ``not-so``; ``word``: open, confirmed, rejected, tied or seen. ``paper``: it is
    a paper that was found signed. ``whose``: who may say that it is right (clinic, nurse, both);
    ``cannot``: why nobody may, empty where somebody may. ``by``: the program
    from outside that proposes it; empty where it is ours.
    """

    own: str
    document: int
    title: str
    reading: int | None
    number: int | None
    fact: str
    says: str
    when: str
    quote: str
    page: int
    start: int
    how: str
    word: str
    paper: bool
    whose: str
    cannot: str
    by: str
    proposal: Proposal
    said: Said

    @property
    def tells(self) -> str:
        """How the document says it, in a sentence."""
        return _HOW[self.how]

    @property
    def open(self) -> bool:
        """Whether somebody may say something of it, and nobody has."""
        return self.word == "open" and not self.cannot

    @property
    def counts(self) -> bool:
        """Whether a person says that it is right."""
        return self.word in ("confirmed", "tied", "seen")

    @property
    def reference(self) -> str:
        """How evidence of a run names it."""
        return reference(f"document {self.document}", self.proposal)

    @property
    def address(self) -> str:
        """Where it stands on the page of its document, after the address of the case."""
        return f"documents/{self.document}?page={self.page}#{self.own}"


class Asking(Struct, frozen=True, kw_only=True):
    """A criterion of which a document states something: how it stands, and what is stated of it."""

    id: str
    title: str
    status: str
    says: str
    stated: tuple[Stated, ...]


def read(visit: Visit, case_no: str) -> tuple[DocumentRead, ...]:
    """Return the documents of a case as they were read."""
    return read_papers.readings(visit.store, visit.who, case_no)


def stated(visit: Visit, found: Iterable[DocumentRead]) -> tuple[Stated, ...]:
    """Return what documents state, document by document and page by page; of one that is set aside nothing."""
    settings = visit.plan["settings"]
    catalog = runs.catalog(settings)
    return tuple(each for one in found for each in of_document(one, catalog, settings))


def of_document(found: DocumentRead, catalog: Catalog, settings: Mapping[str, Any]) -> tuple[Stated, ...]:
    """Return what one document states, in the order of its pages."""
    if found.findings is not None and found.findings.set_aside is not None:
        return ()
    made = [_stated(found, place, one, catalog, settings) for place, one in enumerate(found.proposals)]
    return tuple(sorted((one for one in made if one is not None), key=lambda one: (one.page, one.start, one.own)))


def _stated(
    found: DocumentRead, place: int, said: Said, catalog: Catalog, settings: Mapping[str, Any]
) -> Stated | None:
    one = said.proposal
    if one.fact not in catalog.vocabulary:
        return None
    fact = catalog.vocabulary[one.fact]
    return Stated(
        own=f"q-{said.reading}-{said.number}" if said.reading is not None else f"q-t{place}",
        document=found.document,
        title=found.title,
        reading=said.reading,
        number=said.number,
        fact=one.fact,
        says=says(fact, one),
        when=when(fact, one),
        quote=" ".join(one.quote.split()),
        page=one.page,
        start=one.start,
        how=how(one),
        word=said.word,
        paper=fact.document,
        whose=confirms(settings, one.fact),
        cannot=cannot(fact, one, catalog),
        by="" if said.by == OWN else said.by,
        proposal=one,
        said=said,
    )


def cannot(fact: Fact, one: Proposal, catalog: Catalog) -> str:
    """Return why what a document states cannot be confirmed; empty where it can."""
    if not settles(fact):
        return "The request itself says this, or a clinician judges it: no document settles it."
    try:
        valued.rows(one, Speaking(scales(catalog.vocabulary, catalog.units), Source.DOCUMENT, "", ANY_DAY))
    except Unread as fault:
        return f"It cannot be confirmed as it stands: {fault}. Tie the words by hand, with what they say."
    return ""


def how(one: Proposal) -> str:
    """Return how a document says something: plainly, perhaps, or that it is not so."""
    if one.polarity == "denied":
        return "not-so"
    return "perhaps" if one.certainty == "hedged" else "plain"


def tells(one: Proposal) -> str:
    """Return how a document says something, in a sentence."""
    return _HOW[how(one)]


def says(fact: Fact, one: Proposal) -> str:
    """Return what is stated in words: ``HbA1c: 8.4 %``, ``insulin injections: 4 a day``, ``motivated: yes``."""
    head = named(fact)
    if one.polarity == "denied":
        return f"{head}: no"
    return f"{head}: {spoken(fact, one.value)}"


def named(fact: Fact) -> str:
    """Return how a fact is called where its name stands first."""
    name = labels().one(fact.name)
    return f"{name[0].upper()}{name[1:]}"


def spoken(fact: Fact, value: str) -> str:
    """Return a value in words."""
    if PARTIAL.fullmatch(value) and not fact.numeric:
        return _day(value)
    if fact.kind == "attribute" and value in fact.values:
        return labels().value(value)
    found = _NUMBERED.fullmatch(value) if fact.numeric else None
    if found is None:
        return value
    unit = labels().units.get(found["unit"], found["unit"])
    number = re.sub(r"\s*-\s*", " to ", found["number"])
    return f"{_SIGNS.get(found['sign'] or '', '')}{number} {'' if unit == '1' else unit}".rstrip()


def when(fact: Fact, one: Proposal) -> str:
    """Return the days of what is stated; of a result or an event without one, that there is none."""
    parts = []
    if one.since or one.until:
        parts += [f"since {_day(one.since)}"] if one.since else []
        parts += [f"until {_day(one.until)}"] if one.until else []
    elif one.date and one.date != one.value:
        first, _, last = one.date.partition("/")
        dated = f"{_day(first)} to {_day(last)}" if last else _day(first)
        parts.append(dated if fact.kind in DATED else f"as of {dated}")
    elif fact.kind in DATED:
        parts.append(_DAYLESS)
    return " ".join(parts)


def _day(said: str | None) -> str:
    """Return a date as pages write it: ``6 Oct 2026``, ``Oct 2026``, ``2026``."""
    text = said or ""
    if ISO.fullmatch(text):
        return words.day(text)
    year, _, month = text.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if _MONTH.fullmatch(text) else text


# ---- below which criterion


def by_criterion(
    made: Sequence[Determination], listed: Sequence[Stated]
) -> tuple[tuple[Asking, ...], tuple[Stated, ...]]:
    """Return what is stated by criterion, the open ones first, each fact once; and what no criterion asks."""
    left = {one.own: one for one in listed}
    found: list[Asking] = []
    for one, role, facts in sorted(_asking(made), key=_place):
        own = tuple(each for each in left.values() if each.fact in facts)
        for each in own:
            del left[each.own]
        if own:
            says_ = words.status(one.status, role)
            found.append(Asking(id=one.id or "", title=one.title or "", status=one.status, says=says_, stated=own))
    return tuple(found), tuple(left.values())


def _place(row: tuple[Assessed, Role | None, frozenset[str]]) -> tuple[bool, int]:
    """Return where a criterion stands: what decides first, then what is open; an exclusion that does not apply last."""
    one, role, _ = row
    done = role in APPLY and one.status == "not-met"
    return not one.decisive, len(_ORDER) if done else _ORDER.get(one.status, len(_ORDER))


def of_criteria(made: Sequence[Determination], listed: Sequence[Stated]) -> dict[str, tuple[Stated, ...]]:
    """Return by the id of a criterion all that is stated of the facts in its test; what was rejected is left out."""
    found: dict[str, dict[str, Stated]] = {}
    for one, _, facts in _asking(made):
        for each in listed:
            if each.fact in facts and each.word != "rejected":
                found.setdefault(one.id or "", {})[f"{each.document} {each.own}"] = each
    return {name: tuple(own.values()) for name, own in found.items()}


def _asking(made: Sequence[Determination]) -> Iterator[tuple[Assessed, Role | None, frozenset[str]]]:
    """Yield the numbered criteria that apply, each with its role and the words of its tests."""
    for one in made:
        criteria = Criteria(one)
        for each in walk(one.criteria):
            if each.id and each.status != "not-applicable":
                yield each, criteria.role[id(each)], frozenset(_words(each))


def open_facts(made: Sequence[Determination]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the titles of the criteria that are open, those that decide first, each with the words of its tests."""
    for one, role, found in sorted(_asking(made), key=_place):
        if one.status in ("conflict", "unknown") or (one.status == "not-met" and role not in APPLY):
            yield f"{one.title or ''} ({one.id})".strip(), tuple(sorted(found))


def _words(one: Assessed) -> Iterator[str]:
    """Yield the words of the test of a criterion and of its steps without a number of their own."""
    yield from re.findall(r"\w+", one.test or "")
    for part in one.parts:
        if not part.id:
            yield from _words(part)


def whole_of(visit: Visit, whole: Whole) -> tuple[Stated, ...]:
    """Return what all documents of a case state."""
    return stated(visit, read(visit, whole.head.case_no))
