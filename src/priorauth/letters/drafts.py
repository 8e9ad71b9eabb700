"""Drafts for the prescriber and the clinic, filled from the record: each figure with date and source, each gap seen.

Nothing is guessed: what the record does not show is a box that says who fills it, and what only the prescriber can say
(motivated, able, willing) is a question with two boxes, neither ticked, whatever a form on file answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from priorauth.decide.decided import Assessed, Evidence
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.criteria import Criteria, evidence, walk
from priorauth.facts.vocabulary import Vocabulary, load
from priorauth.language.english import labels
from priorauth.policy import tree
from priorauth.policy.catalog import open_catalog

MOST = 6
"""How many rows a paragraph names."""


class Said(Struct, frozen=True, gc=False):
    """What the record says: of what and which value, its date, its source. Our own reader reads it back."""

    text: str
    date: str
    source: str


class Paragraph(Struct, frozen=True, gc=False):
    """A paragraph of a draft, for one criterion. ``boxes`` are the prescriber's to tick, ``gaps`` what is missing."""

    criterion: str
    title: str
    said: tuple[Said, ...]
    boxes: tuple[str, ...]
    gaps: tuple[str, ...]


class Field(Struct, frozen=True, gc=False):
    """A field of the review worksheet: the payer's paragraph, our label, what to copy, or what is missing."""

    paragraph: str
    label: str
    said: tuple[Said, ...]
    boxes: tuple[str, ...]
    gaps: tuple[str, ...]


class Paper(Struct, frozen=True, gc=False):
    """A paper that the payer asks for: its paragraph, its name, whether it is there, and what is asked of it."""

    criterion: str
    title: str
    there: bool
    asks: tuple[str, ...]


def paragraphs(found: Determination) -> tuple[Paragraph, ...]:
    """Return a paragraph for each criterion of the pathway."""
    criteria = Criteria(found)
    return tuple(_paragraph(one, found) for one in criteria.asked)


def _paragraph(one: Assessed, found: Determination) -> Paragraph:
    boxes = tuple(dict.fromkeys(_boxes(one)))
    said = tuple(_said(one))
    return Paragraph(one.id or "", one.title or "", said, boxes, tuple(_gaps(one, found, empty=not said and not boxes)))


def _boxes(one: Assessed) -> Iterator[str]:
    """Yield the questions of a criterion that only its prescriber can answer by her word."""
    known = _vocabulary()
    for part in walk((one,)):
        if part.test and part.test in known and part.status != "not-applicable":
            fact = known[part.test]
            if fact.kind == "attestation" and fact.asked_of == "prescriber":
                yield fact.ask


def _said(one: Assessed) -> Iterator[Said]:
    """Yield the rows of a criterion; of what a form answers by yes or no nothing is taken over."""
    rows = [row for row in _rows(one) if row.value not in ("yes", "no")]
    for row in list(dict.fromkeys(rows))[:MOST]:
        yield Said(_text(row), words.when(row.date) or "", row.kind)


def _text(row: Evidence) -> str:
    """Return what a row is of and, behind a colon, its value: ``HbA1c: 8.4 %``; what denies it begins with "No"."""
    text = words.says(row, labelled=True)
    label, value = f"{row.display} ", text.removeprefix(f"{row.display} ")
    if row.value is not None and text.startswith(label):
        unit = _units().get(row.display) if value.replace(".", "").isdecimal() else None
        text = f"{row.display}: {value}{'' if unit is None else f' {unit}'}"
    return text[:1].upper() + text[1:]


def _rows(one: Assessed) -> Iterator[Evidence]:
    yield from evidence(one)
    for part in one.parts:
        if part.id:
            yield from _rows(part)


def _gaps(one: Assessed, found: Determination, *, empty: bool) -> Iterator[str]:
    names = {part.id for part in walk((one,)) if part.id}
    asked = [question.ask for question in found.questions if names & set(question.criteria)]
    if asked:
        yield from asked if len(asked) == 1 else (f"one of: {' / '.join(asked)}",)
    elif one.status != "met" or empty:
        yield f"show: {one.title}"


@cache
def _vocabulary() -> Vocabulary:
    return load()


@cache
def _units() -> dict[str, str]:
    """Return the units of attributes that are numbers, in words, by their label: a form's answer has none."""
    table = labels()
    numeric = [
        fact for fact in _vocabulary().facts.values() if fact.kind == "attribute" and fact.unit not in (None, "1")
    ]
    return {table.one(fact.name): table.units.get(fact.unit or "", fact.unit or "") for fact in numeric}


# ---- the review worksheet


def fields(found: Determination) -> tuple[Field, ...]:
    """Return the fields of MassHealth's review, one for each paragraph of III.A (trial) or III.B (continued use)."""
    section = "III.A." if found.pathway == "initial-trial" else "III.B."
    by_id = Criteria(found).by_id
    made = []
    for paragraph, criterion in sorted(_twins(found, section), key=lambda pair: _order(pair[0])):
        one = by_id.get(criterion)
        if one is not None:
            own = _paragraph(one, found)
            made.append(Field(paragraph, own.title, own.said, own.boxes, own.gaps))
    return tuple(made)


def _twins(found: Determination, section: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of a section with the criterion that encodes each."""
    if found.policy is None:
        return
    for version in open_catalog().versions(found.policy.id):
        if version.sha256 != found.policy.sha256:
            continue
        for root in version.roots():
            for node in tree.walk(root):
                if node.id:
                    yield from ((name, node.id) for name in node.also if name.startswith(section))


def _order(paragraph: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in paragraph.split(".")]


# ---- papers


def papers(found: Determination) -> tuple[Paper, ...]:
    """Return the papers that the payer asks for, and which are there."""
    return tuple(
        Paper(
            one.id or "",
            one.title or "",
            one.status == "met",
            tuple(question.ask for question in found.questions if one.id in question.criteria),
        )
        for one in Criteria(found).of("document")
    )
