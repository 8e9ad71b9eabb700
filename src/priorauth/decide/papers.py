"""What documents say, beside the criteria: each proposal in its words, with what a person said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from priorauth.decide.decided import DocumentSays
from priorauth.documents.rows import Proposed, Spoken, settles, spoken
from priorauth.engines.python.finding import Finding
from priorauth.facts.case import Case
from priorauth.facts.rows import Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.policy.tree import Leaf

By = Mapping[tuple[str, str], DocumentSays]
"""What documents say, by fact and by what the rows of it rest on."""

SEEN: Final = "document, seen by {}"
CONFIRMED: Final = "document, confirmed by {}"
NOT_CONFIRMED: Final = "document, not confirmed"


def said(proposed: Sequence[Proposed], case: Case, vocabulary: Vocabulary) -> By:
    """Return what documents say of facts that they can speak of, in the order of the documents."""
    found: dict[tuple[str, str], DocumentSays] = {}
    for one in spoken(proposed):
        fact = one.proposal.fact
        if settles(vocabulary.facts.get(fact)):
            made = _says(one, case)
            before = found.setdefault((fact, one.ref), made)
            if before.word != "confirmed" and made.word == "confirmed":
                found[fact, one.ref] = made
    return found


def _says(one: Spoken, case: Case) -> DocumentSays:
    proposal, word = one.proposal, one.said
    told = any(row.ref == one.ref and row.source is not Source.SHOWN for row in case.of(proposal.fact))
    return DocumentSays(
        reference=one.ref,
        title=one.document.title,
        page=proposal.page,
        quote=proposal.quote,
        fact=proposal.fact,
        value=proposal.value,
        date=proposal.date,
        polarity=proposal.polarity,
        certainty=proposal.certainty,
        word="confirmed" if word is not None else "open" if told else "beside",
        box=None
        if proposal.box is None
        else (proposal.box.left, proposal.box.top, proposal.box.right, proposal.box.bottom),
        by=None if word is None else word.name,
        role=None if word is None else word.role,
        at=None if word is None else word.at,
    )


def kind(one: DocumentSays) -> str:
    """Return what kind of source a row is that rests on a document."""
    if one.by is None:
        return NOT_CONFIRMED
    return (SEEN if one.role == "nurse" else CONFIRMED).format(one.by)


def of(finding: Finding, papers: By) -> tuple[DocumentSays, ...]:
    """Return what documents say of the facts of a criterion: of its own test, and of its parts that have no id."""
    if not papers:
        return ()
    facts = set(_facts(finding))
    return tuple(one for (fact, _), one in papers.items() if fact in facts)


def _facts(finding: Finding) -> Iterable[str]:
    test = finding.criterion.test
    if isinstance(test, Leaf):
        yield from contents.facts_of(test.form)
    for part in finding.parts:
        if part.criterion.id is None:
            yield from _facts(part)
