"""What is missing: the undecided leaves all of whose ancestors are undecided, and whom to ask for each.

A question is never idle: where something else has settled the result, nothing is asked. Alternatives (facts of which
one would do) share a key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from priorauth.decide.finding import Finding, Why
from priorauth.facts.vocabulary import Asked, Vocabulary
from priorauth.policy.tree import Group
from priorauth.values.truth import NOT_MET, UNKNOWN

_NEVER_ASKED = {Why.TIME, Why.JUDGMENT}


@dataclass(frozen=True, slots=True)
class Open:
    """An undecided leaf that can still change the result, its criterion, and its alternatives' key."""

    finding: Finding
    criterion: str
    one_of: str | None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for: the question, who can answer it, the criteria it bears on, and its alternatives' key."""

    fact: str
    ask: str
    of: Asked
    criteria: tuple[str, ...]
    one_of: str | None


def open_leaves(
    finding: Finding, criterion: str = "", one_of: str | None = None, says: str | None = None
) -> Iterator[Open]:
    """Give the undecided leaves below a finding all of whose ancestors are undecided."""
    if not finding.undecided or finding.settled_by:
        return
    here = finding.criterion.id or criterion
    says = finding.criterion.says or says
    if finding.guard and finding.guard.undecided:
        yield from open_leaves(finding.guard, here, one_of, says)
    if finding.applies == NOT_MET or finding.truth != UNKNOWN:
        return
    parts = [part for part in finding.parts if part.undecided]
    if not parts:
        yield Open(finding, here, one_of, says)
        return
    if len(parts) > 1:
        one_of = (one_of or f"{here}#{finding.criterion.line}") if _alternative(finding, parts) else None
    for part in parts:
        yield from open_leaves(part, here, one_of, says)


def _alternative(finding: Finding, parts: list[Finding]) -> bool:
    """Say whether fewer than all of the undecided parts would do."""
    group = finding.criterion.test
    if not isinstance(group, Group) or group.kind in ("all", "none of"):
        return False
    held = sum(not part.counted.can_fail for part in finding.parts)
    return group.kind in ("any", "ways") or group.k - held < len(parts)


def questions(leaves: Iterable[Open], vocabulary: Vocabulary) -> tuple[Question, ...]:
    """Turn undecided leaves into questions, one a fact; judgments and waiting for time are no questions.

    What is still going on is asked only where nothing waits for time: before that nobody can know how it ends.
    """
    found: dict[str, Question] = {}
    listed = tuple(leaves)
    never = _NEVER_ASKED | ({Why.PENDING} if waits(listed) else set())
    for one in listed:
        result = one.finding.result
        if result is None or result.why in never or result.conflict:
            continue
        for name in result.asks:
            fact = vocabulary.facts.get(name)
            if fact is None or fact.kind == "judgment":
                continue
            known = found.get(name)
            criteria = tuple(dict.fromkeys((*(known.criteria if known else ()), one.criterion)))
            key = one.one_of if known is None or known.one_of is not None else None
            found[name] = Question(name, fact.ask, fact.asked_of, criteria, key)
    shared = Counter(question.one_of for question in found.values())
    return tuple(replace(one, one_of=one.one_of if shared[one.one_of] > 1 else None) for one in found.values())


def judgments(leaves: Iterable[Open]) -> tuple[Open, ...]:
    """Give the undecided leaves that only a clinician of the payer settles."""
    return tuple(one for one in leaves if one.finding.result and one.finding.result.why is Why.JUDGMENT)


def waits(leaves: Iterable[Open]) -> tuple[int, ...]:
    """Give the days on which time alone may settle a leaf."""
    return tuple(
        one.finding.result.wait for one in leaves if one.finding.result and one.finding.result.wait is not None
    )


def conflicts(leaves: Iterable[Open]) -> tuple[Open, ...]:
    """Give the conflicts that touch the result: those of leaves, and those of several ways to show one thing."""
    return tuple(one for one in leaves if one.finding.conflict)


def only_time(leaves: Iterable[Open]) -> bool:
    """Say whether nothing is missing but time: something waits, and all else is pending on it."""
    listed = tuple(leaves)
    results = [one.finding.result for one in listed]
    return bool(waits(listed)) and all(result and result.why in (Why.TIME, Why.PENDING) for result in results)
