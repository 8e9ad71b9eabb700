"""What is missing: the undecided leaves all of whose ancestors are undecided, and whom to ask for each.

A question is never idle: where something else has settled the result, nothing is asked. Which of them are alternatives
is said in :mod:`asking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from priorauth.engines.python.finding import Finding, Why
from priorauth.facts.vocabulary import Vocabulary
from priorauth.values.truth import NOT_MET, UNKNOWN

_NEVER_ASKED = frozenset({Why.TIME, Why.JUDGMENT})


class Open(Struct, frozen=True):
    """An undecided leaf that can still change the result, and its criterion."""

    finding: Finding
    criterion: str
    says: str | None = None


def open_leaves(finding: Finding, criterion: str = "", says: str | None = None) -> Iterator[Open]:
    """Yield the undecided leaves below a finding all of whose ancestors are undecided."""
    if not finding.undecided or finding.settled_by:
        return
    here = finding.criterion.id or criterion
    says = finding.criterion.says or says
    if finding.guard and finding.guard.undecided:
        yield from open_leaves(finding.guard, here, says)
    if finding.applies == NOT_MET or finding.truth != UNKNOWN:
        return
    parts = [part for part in finding.parts if part.undecided]
    if not parts:
        yield Open(finding, here, says)
    for part in parts:
        yield from open_leaves(part, here, says)


def short_of_time(now: Finding, then: Finding, criterion: str = "", says: str | None = None) -> Iterator[Open]:
    """Yield the leaves that are not met for lack of time and because of which a finding is not met.

    ``then`` is the same finding as time may make it. What does not hold then either is in the way for another cause.
    """
    if now.counted != NOT_MET or then.counted == NOT_MET:
        return
    here = now.criterion.id or criterion
    says = now.criterion.says or says
    if now.guard and then.guard:
        yield from short_of_time(now.guard, then.guard, here, says)
    if now.truth != NOT_MET:
        return
    if now.result is not None and now.result.short_of_time:
        yield Open(now, here, says)
    for part, later in zip(now.parts, then.parts, strict=True):
        yield from short_of_time(part, later, here, says)


def asked(leaves: Iterable[Open], vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return the facts that undecided leaves ask for, each with the criteria that ask, in the order of the leaves.

    Judgments and waiting for time are not asked. What is still going on is asked only where nothing waits for time:
    before that nobody can know how it ends.
    """
    found: dict[str, dict[str, None]] = {}
    listed = tuple(leaves)
    never = never_asked(listed)
    for one in listed:
        result = one.finding.result
        if result is None or result.why in never or result.conflict:
            continue
        for name in result.asks:
            fact = vocabulary.facts.get(name)
            if fact is not None and fact.kind != "judgment":
                found.setdefault(name, {})[one.criterion] = None
    return {name: tuple(criteria) for name, criteria in found.items()}


def never_asked(leaves: Iterable[Open]) -> frozenset[Why]:
    """Return the reasons for which no answer settles a leaf now."""
    return _NEVER_ASKED | ({Why.PENDING} if waits(leaves) else frozenset())


def judgments(leaves: Iterable[Open]) -> tuple[Open, ...]:
    """Return the undecided leaves that only a clinician of the payer settles."""
    return tuple(one for one in leaves if one.finding.result and one.finding.result.why is Why.JUDGMENT)


def waits(leaves: Iterable[Open]) -> tuple[int, ...]:
    """Return the days on which time alone may settle a leaf."""
    return tuple(
        one.finding.result.wait for one in leaves if one.finding.result and one.finding.result.wait is not None
    )


def conflicts(leaves: Iterable[Open]) -> tuple[Open, ...]:
    """Return the conflicts that touch the result: those of leaves, and those of several ways to show one thing."""
    return tuple(one for one in leaves if one.finding.conflict)


def only_time(leaves: Iterable[Open]) -> bool:
    """Whether nothing is missing but time: something waits, and all else is pending on it."""
    listed = tuple(leaves)
    results = [one.finding.result for one in listed]
    return bool(waits(listed)) and all(result and result.why in (Why.TIME, Why.PENDING) for result in results)
