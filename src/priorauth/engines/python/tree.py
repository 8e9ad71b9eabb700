"""Evaluate: a policy's tree over a case gives the tree of findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from priorauth.engines.python import leaf
from priorauth.engines.python.finding import Finding, Result, Why
from priorauth.engines.python.view import View
from priorauth.facts.rows import SETTLE
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Group, Leaf
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth, any_of, at_least, negate, none_of


def evaluate(criterion: Criterion, view: View, *, inside: str = "all", document: bool = False) -> Finding:
    """Evaluate a criterion; ``inside`` is the kind of the group it stands in, which says how a guard counts.

    Of a document check (``document``) what fails is missing: a leaf that is not met is unknown, and its fact is asked.
    """
    guard = None if criterion.guard is None else evaluate(criterion.guard, view)
    parts: tuple[Finding, ...] = ()
    result: Result | None = None
    test = criterion.test
    if isinstance(test, Leaf):
        result = leaf.evaluate(test.form, view)
        if document and result.truth == NOT_MET:
            asks = contents.facts_of(test.form)
            result = Result(UNKNOWN, Why.OUTSIDE, result.value, result.rows, asks=asks)
        truth, conflict = result.truth, result.conflict
    else:
        kind = test.kind
        within = document and kind != "none of"
        parts = tuple([evaluate(part, view, inside=kind, document=within) for part in test.parts])
        truth, conflict = join(test, parts)
    settled = _word(criterion.id, view) if view.settles and criterion.id is not None else None
    if settled:
        truth, conflict = settled.truth, False
    if guard is None:
        return Finding(criterion, truth, truth, conflict and truth == UNKNOWN, MET, result, parts, None, settled)
    counted, applies, open_conflict = _within(inside, guard, truth, conflict=conflict)
    return Finding(criterion, truth, counted, open_conflict, applies, result, parts, guard, settled)


def _within(inside: str, guard: Finding | None, truth: Truth, *, conflict: bool) -> tuple[Truth, Truth, bool]:
    """Return what a criterion contributes to its group, whether it applies, and whether a conflict keeps it open."""
    if guard is None:
        return truth, MET, conflict and truth == UNKNOWN
    counted = _counted(truth, guard.truth, inside)
    return counted, guard.truth, counted == UNKNOWN and (conflict or guard.conflict)


def in_time(finding: Finding, inside: str = "all") -> Finding:
    """Return a finding as time may make it: what is not met for lack of time alone is unknown, all else is as it is."""
    if finding.result is not None and finding.guard is None and not finding.result.short_of_time:
        return finding
    guard = in_time(finding.guard) if finding.guard else None
    parts, truth, conflict = finding.parts, finding.truth, finding.conflict
    test = finding.criterion.test
    if isinstance(test, Group):
        parts = tuple([in_time(part, test.kind) for part in parts])
    if finding.settled_by is None and isinstance(test, Group):
        truth, conflict = join(test, parts)
    elif finding.settled_by is None and finding.result is not None:
        truth, conflict = UNKNOWN if finding.result.short_of_time else truth, finding.result.conflict
    counted, applies, open_conflict = _within(inside, guard, truth, conflict=conflict)
    return replace(
        finding, truth=truth, counted=counted, conflict=open_conflict, applies=applies, parts=parts, guard=guard
    )


def join(group: Group, parts: Sequence[Finding]) -> tuple[Truth, bool]:
    """Join the parts of a group; the flag says whether a conflict keeps it open."""
    if group.kind == "ways":
        settled = _settled(part for part in parts if not _by_silence(part)) or _settled(parts)
        if len(settled) > 1:
            return UNKNOWN, True
        inner = any(part.conflict for part in parts)
        return (settled.pop(), False) if settled and not inner else (UNKNOWN, inner)
    verdicts = [part.counted for part in parts]
    truth = none_of(verdicts) if group.kind == "none of" else at_least(group.k, verdicts)
    return truth, truth == UNKNOWN and any(part.conflict for part in parts)


def _settled(parts: Iterable[Finding]) -> set[Truth]:
    """Return the verdicts of the parts that are settled."""
    return {part.counted for part in parts if part.counted.settled and part.applies == MET}


def _by_silence(part: Finding) -> bool:
    """Whether only silence settled a part: what something says counts before what nothing says."""
    return part.result is not None and bool(part.result.assumed)


def _counted(truth: Truth, applies: Truth, inside: str) -> Truth:
    """Return what a guarded criterion contributes: inside `all` it is `not G or X`, elsewhere `G and X`."""
    if applies == MET:
        return truth
    if inside == "all":
        return any_of((negate(applies), truth))
    return at_least(2, (applies, truth))


def _word(criterion: str, view: View) -> Result | None:
    """Return the clinician's word on a criterion, where one settled it by name."""
    fact = f"{SETTLE}{criterion}"
    if fact not in view.case.rows or view.silent(fact):
        return None
    found = leaf.evaluate(f.Judged(fact), view)
    return found if found.truth in (MET, NOT_MET) else None
