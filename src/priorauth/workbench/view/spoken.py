"""What clinicians of the payer said of a case: the words that stand, how nurses proposed, what came after a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from priorauth.decide.decided import Assessed, Evidence, Refused
from priorauth.decide.determination import Determination
from priorauth.decide.page.criteria import walk
from priorauth.ledger import runs
from priorauth.ledger.compose import SETTLE
from priorauth.ledger.whole import Whole, Word
from priorauth.server import reads
from priorauth.workbench.visit import Visit

_WORDS: Final = "words-"
"""How the resource of a clinician's words is called in a run."""


class Spoken(Struct, frozen=True, kw_only=True):
    """What a clinician of the payer said. ``since``: what came after it and changed what it was said of."""

    subject: str
    title: str
    value: bool | None
    why: str
    by: str
    at: datetime
    hers: bool
    since: tuple[str, ...] = ()


def titles(found: Sequence[Determination]) -> dict[str, str]:
    """Return by subject of a word the title of what it is said of."""
    found_titles: dict[str, str] = {}
    for made in found:
        for one in walk(made.criteria):
            if one.id:
                found_titles.setdefault(f"{SETTLE}{one.id}", f"{one.title or one.id} ({one.id})")
    return found_titles


def standing(whole: Whole) -> dict[str, Word]:
    """Return the words that stand, by subject."""
    rows = [{"kind": one.kind, "subject": one.subject, "person": one.person, "word": one} for one in whole.words]
    return {subject: row["word"] for subject, row in runs.standing(rows).items()}


def proposals(
    whole: Whole, criterion: str | None, titles: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[Spoken]:
    """Yield how nurses proposed to settle a criterion."""
    for word in whole.words:
        if word.kind == "proposal" and criterion and word.subject == f"{SETTLE}{criterion}":
            yield _plain(word, titles, names, hers=False)


def _plain(word: Word, titles: Mapping[str, str], names: Mapping[str, str], *, hers: bool, **more: Any) -> Spoken:  # noqa: ANN401 - fields of it
    return Spoken(
        subject=word.subject,
        title=titles.get(word.subject, word.subject.removeprefix(SETTLE).replace("_", " ")),
        value=word.value,
        why=word.why,
        by=names.get(word.person, word.person),
        at=word.at,
        hers=hers,
        **more,
    )


def spoken(visit: Visit, whole: Whole, word: Word, titles: Mapping[str, str], names: Mapping[str, str]) -> Spoken:
    """Return a word that stands, and what came after it that changed what it was said of."""
    since = tuple(_since(visit, whole, word))
    return _plain(word, titles, names, hers=word.person == visit.who.person, since=since)


def _since(visit: Visit, whole: Whole, word: Word) -> Iterator[str]:
    """Yield what came after a word, where the evidence of what it was said of is another now."""
    made_with = word.run + 1
    if whole.head.runs <= made_with:
        return
    _, before = reads.run(visit.store, visit.who, whole.head.case_no, made_with)
    if _rows(before, word.subject) == _rows(whole.determinations, word.subject):
        return
    came = [one.name for one in whole.documents if one.filed_at > word.at]
    came += ["an answer" for one in whole.submissions if one.received_at > word.at]
    yield from came or ["a later run"]


def _rows(made: Iterable[Determination], subject: str) -> set[tuple[str, str | None, str | None]]:
    """Return the evidence of what a word is said of, without what clinicians said."""
    found: set[tuple[str, str | None, str | None]] = set()
    for one in made:
        for part in walk(_about(one.criteria, subject)):
            rows: tuple[Evidence | Refused, ...] = (*part.evidence, *part.refused)
            found |= {(row.reference, row.date, row.value) for row in rows if _WORDS not in row.reference}
    return found


def _about(roots: Iterable[Assessed], subject: str) -> Iterator[Assessed]:
    """Yield the criteria that a word is said of: the one it settles, or those in which its fact is judged."""
    tests = {f"judged {subject}", f"refused {subject}"}
    for one in walk(roots):
        judged = any(part.test in tests for part in one.parts)
        if subject == f"{SETTLE}{one.id}" or (one.id and judged):
            yield one
