"""Findings in words: the tree that a nurse reads, each criterion with its evidence, its value and why it is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from priorauth.decide import papers
from priorauth.decide.decided import Assessed, Refused, Role
from priorauth.decide.evidence import Rows, papers_refused
from priorauth.documents.beside import NOT_CONFIRMED
from priorauth.engines.python.finding import Finding, Result, Why
from priorauth.engines.python.view import View
from priorauth.facts.rows import Answer, Row, Source, each_once, ground_of
from priorauth.language.english import say
from priorauth.policy.tree import Leaf
from priorauth.values.dates import iso
from priorauth.values.truth import MET, NOT_MET, UNKNOWN

MOST_EVIDENCE = 200
"""How many rows are listed beside one criterion; the rest are counted."""

WORDS = {
    Why.NO_DATA: "nothing on file",
    Why.NOT_WHOLE: "what is on file does not settle it, and nothing says that the record is complete",
    Why.UNIT: "a result cannot be converted to the unit of the policy",
    Why.OUTSIDE: "what is on file lies outside the days that count",
    Why.UNDATED: "a result is on file without its date",
    Why.JUDGMENT: "a clinician of the payer has to judge",
    Why.TIME: "it has not run long enough yet",
    Why.PENDING: "it is still going on",
    Why.ANCHOR: "the date to count from is not known",
    Why.FEW: "too few readings",
    Why.NEWER: "it is not certain which result is the newest",
    Why.PARTIAL: "a date or value on file is too imprecise to settle it",
    Why.HINT: "the record hints at it but does not prove it",
    Why.FAILED: "what is on file does not meet it; another result would have to",
    Why.NONE: "none is on file, or too few, and the record is said to be complete",
    Why.MENTION: "what is on file speaks of it but cannot be read or believed",
}

UNCONFIRMED = "what is on file is said by a document, and nobody has confirmed it"


class Speaker(Struct, frozen=True):
    """Puts findings into words; ``decisive`` holds the identities of those that the outcome rests on."""

    rows: Rows
    decisive: frozenset[int] = frozenset()

    def assess(self, finding: Finding, *, listed: bool = False, role: Role | None = None) -> Assessed:
        """Turn a finding and all below it into words; ``listed``: its rows stand with the criterion above it.

        The parts come first: why the whole is open, and what was measured of it, is said in their words.
        """
        criterion, status, below = finding.criterion, finding.status, finding.parts
        parts = tuple([self.assess(part, listed=_listed(finding, part)) for part in below]) if below else ()
        leaf = criterion.test if isinstance(criterion.test, Leaf) else None
        counted, refused = ((), ()) if listed else self._beside(finding)
        return Assessed(
            id=criterion.id,
            title=say(leaf.form, self.rows.view.vocabulary) if leaf and not criterion.title else criterion.title,
            status=status,
            why=why(finding, parts) if status in _SAID_WHY else None,
            value=value(finding, parts),
            decisive=id(finding) in self.decisive,
            evidence=self.rows.shown(counted[:MOST_EVIDENCE]) if counted else (),
            refused=refused,
            parts=parts,
            role=role,
            test=leaf.text if leaf else None,
            reading=criterion.reading,
            readings=leaf.readings if leaf else (),
            more_evidence=max(len(counted) - MOST_EVIDENCE, 0),
            documents=papers.of(finding, self.rows.documents) if self.rows.documents and (criterion.id or role) else (),
        )

    def _beside(self, finding: Finding) -> tuple[Sequence[Row], tuple[Refused, ...]]:
        """Return the rows beside a criterion that count, and what does not: mentions, and rows outside of windows."""
        leaves = _leaves(finding)
        counted: list[Row] = []
        refused: list[Refused] = []
        for row in _evidence(finding, leaves):
            ground = ground_of(row)
            if ground is None:
                counted.append(row)
            elif len(refused) < MOST_EVIDENCE:
                refused.append(self.rows.refused(row, ground))
        for leaf in leaves:
            refused += self.rows.outside(leaf)
        return counted, tuple(dict.fromkeys(refused)) if len(refused) > 1 else tuple(refused)


def _listed(finding: Finding, part: Finding) -> bool:
    """Whether the rows of a part are listed with the criterion above it."""
    return part.criterion.id is None and finding.truth in (part.counted, UNKNOWN)


_SAID_WHY: Final = ("unknown", "conflict", "not-met")
"""The verdicts for which there may be a reason in words."""


def why(finding: Finding, below: Sequence[Assessed] = ()) -> str | None:
    """Say in plain words why a finding is open, or that it lacks nothing but time; None where else it is settled.

    ``below`` are its parts in words, where they are known.
    """
    if finding.settled_by:
        return None
    status, result = finding.status, finding.result
    if status == "conflict":
        return "answers and record, or several ways to show it, say different things"
    if status not in _SAID_WHY or (status == "not-met" and not (result and result.short_of_time)):
        return None
    if result is not None:
        if any(ground_of(row) == NOT_CONFIRMED for row in result.rows):
            return UNCONFIRMED
        waiting = f": {iso(result.wait)} is the first day on which it can hold" if result.wait else ""
        return WORDS[result.why] + waiting if result.why else None
    said = [part.why for part in below] or map(why, finding.parts)
    reasons = dict.fromkeys(text for part, text in zip(finding.parts, said, strict=True) if text and part.undecided)
    return "; ".join(list(reasons)[:2]) or None


def value(finding: Finding, below: Sequence[Assessed] = ()) -> str | None:
    """Return what was measured: of a group, what its deciding part measured. ``below`` is as in :func:`why`."""
    if finding.result is not None:
        return finding.result.value
    if finding.truth == UNKNOWN:
        return None
    said = [part.value for part in below] or map(value, finding.parts)
    parts = list(zip(finding.parts, said, strict=True))
    deciding = [one for one in parts if one[0].counted == finding.truth] or parts
    return next((text for part, text in deciding if text and part.criterion.id is None), None)


def _evidence(finding: Finding, leaves: Sequence[Finding]) -> Sequence[Row]:
    """Return the rows beside a criterion: its own, and those of its unnumbered parts that decide it (``leaves``)."""
    if finding.settled_by:
        return finding.settled_by.rows
    told = [leaf.result for leaf in leaves if leaf.result and leaf.result.rows and not papers_refused(leaf)]
    rows = [row for result in told for row in result.rows]
    return rows if finding.result is not None else each_once(rows)


def _leaves(finding: Finding) -> list[Finding]:
    """Return the leaves whose rows stand beside a criterion: itself, or its unnumbered parts that decide it."""
    if finding.result is not None:
        return [finding]
    return [leaf for part in finding.parts if _listed(finding, part) for leaf in _leaves(part)]


def assumed(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the names of the facts that silence settled, in the order in which they are first met."""
    found: dict[str, None] = {}
    for finding in findings:
        _assumed(finding, found)
    return tuple(found)


def _assumed(finding: Finding, found: dict[str, None]) -> None:
    """Note what silence settled of a finding and of all below it, without what its guard leaves out."""
    if finding.guard is not None:
        _assumed(finding.guard, found)
    if finding.applies == NOT_MET:
        return
    if finding.result is not None and finding.result.assumed:
        found.update(dict.fromkeys(finding.result.assumed))
    for part in finding.parts:
        _assumed(part, found)


def stated_not_seen(findings: tuple[Finding, ...], view: View) -> tuple[str, ...]:
    """Return the names of the documents that a met criterion rests on and that are known only by an answer."""
    found: dict[str, None] = {}
    for finding in findings:
        for leaf in finding.walk():
            if leaf.result is not None and leaf.result.rows and leaf.truth == MET:
                found.update(dict.fromkeys(_documents(leaf.result, view)))
    return tuple(found)


def _documents(result: Result, view: View) -> Iterator[str]:
    """Yield the documents that are stated, and that nobody of the plan has seen to be what is stated."""
    for name in dict.fromkeys([row.fact for row in result.rows]):
        fact = view.vocabulary.facts.get(name)
        if fact is not None and fact.document:
            rows = [row for row in result.rows if row.fact == name]
            if {row.source for row in rows} == {Source.ANSWER} and not all(_seen(row, view) for row in rows):
                yield name


def _seen(row: Row, view: View) -> bool:
    """Whether a document that a person of the plan has seen is the one that is stated."""
    return any(
        isinstance(one, Answer)
        and isinstance(row, Answer)
        and one.source is Source.DOCUMENT
        and ground_of(one) is None
        and (one.text == row.text if one.low is None or row.low is None else (one.low, one.high) == (row.low, row.high))
        for one in view.rows(row.fact, "record")
    )
