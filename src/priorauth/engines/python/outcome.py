"""Decide one request: scope first, then the pathway, its exclusions, documents and hand-offs, then the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field, structs

from priorauth.engines.python import missing
from priorauth.engines.python.finding import Finding, Why
from priorauth.engines.python.missing import Open
from priorauth.engines.python.tree import evaluate, in_time
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.outcome import UNREAD, Outcome, Sign, outcome
from priorauth.policy.roots import Role, roots
from priorauth.policy.tree import Criterion, Pathway, Policy, Route, denied_by_silence, heard
from priorauth.values.truth import MET, NOT_MET, UNKNOWN

_BESIDE: tuple[Role, ...] = ("exclusion", "document", "hand-off")
"""The roles of the trees that are weighed beside the pathway."""


class Decision(Struct, frozen=True):
    """What was found and what follows from it, before it is put into words."""

    outcome: Outcome
    signs: Mapping[Sign, bool]
    view: View
    pathway: Pathway | None = None
    required: Finding | None = None
    excluded: tuple[Finding, ...] = ()
    documents: tuple[Finding, ...] = ()
    reserved: tuple[Finding, ...] = ()
    individual: Finding | None = None
    scope: tuple[Finding, ...] = ()
    """The findings of scope that decided, or that are unknown and asked."""
    sent_to: str | None = None
    open_leaves: tuple[Open, ...] = ()
    short_of_time: tuple[Open, ...] = ()
    """What is not met, and keeps the pathway from being met, for lack of time alone."""
    notes: tuple[Route, ...] = ()
    missed: tuple[Route, ...] = ()
    """What the policy has said where its criteria are not met."""
    older: Outcome | None = None
    """What the text says, where a newer one is in force that was not read; None where the text decides."""

    @property
    def accepted(self) -> bool:
        """Whether a clinician of the payer accepted the request in place of the written criteria."""
        return self.individual is not None and self.individual.truth == MET

    @property
    def decide_after(self) -> int | None:
        """The first day on which time alone can settle it, where nothing but time is missing."""
        if self.outcome != "not-yet":
            return None
        return max(missing.waits(self.short_of_time or self.open_leaves))

    @property
    def trees(self) -> tuple[Finding, ...]:
        """The pathway's tree, then every exclusion and document check."""
        return (*((self.required,) if self.required else ()), *self.excluded, *self.documents)


class _Scope(Struct):
    """Scope as it is read: the first rule that is known to send the request elsewhere, and what is unknown."""

    unknown: list[Finding] = field(default_factory=list)

    def route(self, routes: Iterable[Route], view: View) -> tuple[Route, Finding] | None:
        for route in routes:
            finding = evaluate(route.when, view)
            if finding.truth == MET:
                return route, finding
            if finding.truth == UNKNOWN:
                self.unknown.append(finding)
        return None


def decide(policy: Policy, case: Case, vocabulary: Vocabulary, common: tuple[Criterion, ...] = ()) -> Decision:
    """Decide a request under one version of a policy. ``common`` are hand-offs that hold under every policy."""
    found = _decide(policy, case, vocabulary, common)
    return found if policy.unread is None else structs.replace(found, outcome=UNREAD, older=found.outcome)


def _decide(policy: Policy, case: Case, vocabulary: Vocabulary, common: tuple[Criterion, ...]) -> Decision:
    view = View(case, heard(policy, vocabulary))
    scope = _Scope()
    notes = tuple(note for note in policy.notes if evaluate(note.when, view).truth == MET)
    if sent := scope.route(policy.elsewhere, view):
        return Decision(
            "not-applicable", {"scope_differs": True}, view, scope=(sent[1],), sent_to=sent[0].to, notes=notes
        )
    if sent := scope.route(policy.other_criteria, view):
        return Decision(
            "other-criteria", {"other_criteria": True}, view, scope=(sent[1],), sent_to=sent[0].to, notes=notes
        )
    if policy.required:
        needed = evaluate(policy.required, view)
        if needed.truth == NOT_MET:
            return Decision("not-required", {"not_required": True}, view, scope=(needed,), notes=notes)
        if needed.truth == UNKNOWN:
            scope.unknown.append(needed)
    pathway = _pathway(policy, view, scope) if not scope.unknown else None
    if scope.unknown:
        leaves = tuple(
            one
            for finding in scope.unknown
            for one in missing.open_leaves(finding, next(iter(policy.paragraphs(finding.criterion)), ""))
        )
        found = tuple(scope.unknown)
        signs: dict[Sign, bool] = {"scope_unknown": True}
        return Decision("request-information", signs, view, scope=found, open_leaves=leaves, notes=notes)
    return _weigh(policy, pathway, view, common, notes)


def _pathway(policy: Policy, view: View, scope: _Scope) -> Pathway | None:
    """Return the first pathway whose own condition the request meets; an unknown condition is a question of scope."""
    for pathway in policy.pathways:
        if pathway.when is None:
            return pathway
        finding = evaluate(pathway.when, view)
        if finding.truth == MET:
            return pathway
        if finding.truth == UNKNOWN:
            scope.unknown.append(finding)
            return None
    return None


def _weigh(
    policy: Policy, pathway: Pathway | None, view: View, common: tuple[Criterion, ...], notes: tuple[Route, ...]
) -> Decision:
    """Weigh the pathway, the exclusions, the documents and the hand-offs of a request that is in scope."""
    required = evaluate(pathway.require, view) if pathway else None
    individual = evaluate(policy.individual, view) if policy.individual else None
    found: dict[Role, list[Finding]] = {role: [] for role in _BESIDE}
    for root in roots(policy, common):
        if root.role in _BESIDE:
            found[root.role].append(evaluate(root.criterion, view, inside=root.inside, document=root.document))
    excluded, documents, reserved = (tuple(found[role]) for role in _BESIDE)
    accepted = individual is not None and individual.truth == MET
    unmet = required is not None and required.counted == NOT_MET and not accepted
    short_of_time = tuple(missing.short_of_time(required, in_time(required))) if unmet and required else ()
    leaves = () if accepted or required is None else tuple(missing.open_leaves(required))
    leaves += tuple(one for finding in (*excluded, *documents) for one in missing.open_leaves(finding))
    asked = missing.asked(leaves, view.vocabulary)
    signs: dict[Sign, bool] = {
        "excluded": any(finding.counted == MET for finding in excluded),
        "failed": unmet and not short_of_time,
        "no_pathway": pathway is None,
        "conflict": bool(missing.conflicts(leaves)),
        "reserved": any(stands(finding, view.vocabulary) for finding in reserved),
        "waiting": bool(short_of_time),
        "askable": any(view.vocabulary[name].asked_of != "payer" for name in asked),
        "only_time": missing.only_time(leaves),
        "undecided": bool(leaves),
    }
    reached = outcome(signs)
    short = signs["failed"] or (reached == "clinical-review" and required is not None and _left_to_judgment(required))
    missed = tuple(route for route in policy.missed if short and evaluate(route.when, view).truth == MET)
    return Decision(
        outcome=reached,
        signs=signs,
        view=view,
        pathway=pathway,
        required=required,
        excluded=excluded,
        documents=documents,
        reserved=reserved,
        individual=individual,
        open_leaves=leaves,
        short_of_time=short_of_time,
        notes=notes,
        missed=missed,
    )


def stands(finding: Finding, vocabulary: Vocabulary) -> bool:
    """Return whether a hand-off stands: it is met, or something speaks of what silence would have denied."""
    if finding.counted == UNKNOWN:
        return denied_by_silence(finding.criterion, vocabulary)
    return finding.counted == MET


def _left_to_judgment(required: Finding) -> bool:
    """Whether a written test is missed somewhere and nothing but a clinician's word can still meet it."""
    return any(
        one.undecided
        and any(part.counted == NOT_MET for part in one.parts)
        and all(leaf.finding.result and leaf.finding.result.why is Why.JUDGMENT for leaf in missing.open_leaves(one))
        for one in required.walk()
    )
