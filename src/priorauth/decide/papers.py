"""What documents say, beside the criteria: each proposal in its words, with what a person said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from priorauth.decide.decided import DocumentSays
from priorauth.documents.rows import Proposed, Spoken, settles, spoken
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import Decision, decide
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.case import Case
from priorauth.facts.rows import Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.policy.tree import Criterion, Leaf, Policy

By = Mapping[tuple[str, str], DocumentSays]
"""What documents say, by fact and by what the rows of it rest on."""

SEEN: Final = "document, seen by {}"
CONFIRMED: Final = "document, confirmed by {}"
NOT_CONFIRMED: Final = "document, not confirmed"


def beside(policy: Policy, plain: Case, open_: Case, vocabulary: Vocabulary, common: tuple[Criterion, ...]) -> Case:
    """Return a case with what nobody has confirmed, as far as it makes things less certain and nothing else.

    ``plain`` is the case without. A mention takes a row's certainty away, and with it now and then a conflict, or the
    one word that counted before silence did; where a criterion would be settled otherwise for that, what documents say
    of its facts stays beside. Nothing is approved that was not.
    """
    if open_.rows == plain.rows:
        return plain
    before, after = (decide(policy, case, vocabulary, common) for case in (plain, open_))
    while facts := _turned(before, after):
        rows = {name: plain.of(name) if name in facts else open_.of(name) for name in open_.rows}
        made = Case(open_.as_of, {name: found for name, found in rows.items() if found})
        if made.rows == open_.rows:
            break
        open_, after = made, decide(policy, made, vocabulary, common)
    return plain if after.outcome == "approve" != before.outcome else open_


def _turned(before: Decision, after: Decision) -> set[str]:
    """Return the facts of the criteria that are settled now and were not, or otherwise, or whose conflict is gone."""
    was = {id(one.criterion): one for root in _roots(before) for one in root.walk()}
    found: set[str] = set()
    for root in _roots(after):
        for one in root.walk():
            old = was.get(id(one.criterion))
            settled = old is not None and one.truth.settled and one.truth != old.truth
            if old is not None and (settled or (old.conflict and not one.conflict)):
                found |= {fact for part in one.walk() for fact in _own(part)}
    return found


def _roots(made: Decision) -> Iterable[Finding]:
    individual = () if made.individual is None else (made.individual,)
    return (*made.trees, *made.reserved, *made.scope, *individual)


def _own(finding: Finding) -> Iterable[str]:
    """Yield the facts of a criterion's own test, and those that it counts from."""
    test = finding.criterion.test
    if isinstance(test, Leaf):
        yield from contents.facts_of(test.form)
        yield from (ANCHOR_FACTS[name] for name in contents.anchors_of(test.form) if name in ANCHOR_FACTS)


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
    if isinstance(finding.criterion.test, Leaf):
        yield from contents.facts_of(finding.criterion.test.form)
    for part in finding.parts:
        if part.criterion.id is None:
            yield from _facts(part)
