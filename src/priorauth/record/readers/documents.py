"""Documents on file: by the codes of their type, letters and forms by the words of it; seen, not read.

A fact of a folder's own is read where it has codes and is an event, an attestation or a date: an event on the day of
each document, a yes, the day of the newest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from priorauth.facts.rows import Answer, Event, Row, Source, mentioned
from priorauth.facts.vocabulary import Vocabulary, load
from priorauth.fhir import dated
from priorauth.fhir.forms import DocumentReference
from priorauth.fhir.references import name_of
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.tables import CLINICAL_NOTE, PHRASES
from priorauth.values import dates
from priorauth.values.dates import When

NOTES: Final = "clinical_notes_dated"


def of(chart: Chart, fact: str) -> list[DocumentReference]:
    """Return the documents that stand for a fact: those in doubt only where there is no other."""
    found = [paper for paper in chart.record.all(DocumentReference) if _is(chart, paper, fact)]
    return [paper for paper in found if chart.doubt(paper) is None] or found


def rows(chart: Chart, signers: frozenset[str]) -> Iterator[Row]:
    """Yield the rows of documents; the author of what must be signed is a signer, where both are known."""
    if not chart.record.all(DocumentReference):
        return
    for fact in (NOTES, *PHRASES, *own(chart.vocabulary)):
        if fact not in chart.vocabulary:
            continue
        papers = of(chart, fact)
        if chart.vocabulary[fact].kind == "event":
            yield from _events(chart, fact, papers)
            continue
        if chart.vocabulary[fact].kind == "attestation":
            yield from (_known(chart, fact, paper, "yes") for paper in sorted(papers, key=name_of)[:1])
            continue
        found = []
        for paper in papers:
            if _is_signed(chart, fact) and not _signed(chart, paper, signers):
                chart.warnings.append(f"{name_of(paper)} is not by the prescriber; not read as {fact}")
                continue
            when = dated.read_or_warn(paper.date, f"{name_of(paper)}: date", chart.warnings)
            if when is not None:
                found.append((when, paper))
        if found:
            when, paper = max(found, key=lambda one: (one[0].last, one[0].first, name_of(one[1])))
            yield _known(chart, fact, paper, dates.iso(when.first), when)


@lru_cache(maxsize=8)
def own(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the facts of folders of one's own for which a coded document may stand."""
    shipped = load()
    return tuple(
        fact.name
        for fact in vocabulary.facts.values()
        if fact.codes and fact.name not in shipped
        if fact.kind in ("event", "attestation") or fact.values == ("date",)
    )


def _events(chart: Chart, fact: str, papers: list[DocumentReference]) -> Iterator[Row]:
    for paper in papers:
        when = dated.read_or_warn(paper.date, f"{name_of(paper)}: date", chart.warnings)
        if when is not None:
            row = Event(fact, Source.RECORD, name_of(paper), when.first, when.last, when.minute)
            ground = chart.doubt(paper)
            yield row if ground is None else mentioned(row, ground)


def _is_signed(chart: Chart, fact: str) -> bool:
    """Whether a document counts only where it is by the prescriber: letters and orders, and papers there is one of."""
    return fact in PHRASES or chart.vocabulary[fact].one_paper


def _is(chart: Chart, paper: DocumentReference, fact: str) -> bool:
    if fact == NOTES:
        return fact in chart.codes.facts(codings(paper.type)) or has_code(paper.category, {CLINICAL_NOTE})
    if fact not in PHRASES:
        return fact in chart.codes.facts(codings(paper.type, *paper.category))
    words = "" if paper.type is None else paper.type.words
    return any(phrase in words for phrase in PHRASES[fact])


def _signed(chart: Chart, paper: DocumentReference, signers: frozenset[str]) -> bool:
    authors = {key for author in paper.author for key in chart.references.keys(author, paper)}
    return not authors or not signers or not authors.isdisjoint(signers)


def _known(chart: Chart, fact: str, paper: DocumentReference, text: str, when: When | None = None) -> Answer:
    """Return an attribute that the record has shown since its day."""
    low, high = (None, None) if when is None else (when.first, when.last)
    row = Answer(fact, Source.RECORD, name_of(paper), text, chart.day, chart.day, None, low, high)
    ground = chart.doubt(paper)
    return row if ground is None else mentioned(row, ground)
