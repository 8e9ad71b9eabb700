"""A decision put into the shape of the contract: reasons, criteria, questions, conflicts, notes and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from msgspec import structs

from priorauth.decide import assess as words
from priorauth.decide import missing
from priorauth.decide.decide import Decision
from priorauth.decide.determination import Applied, Assessed, Conflict, Determination, ReasonGiven, Role
from priorauth.decide.finding import Finding
from priorauth.decide.receipt import receipt
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.document import CURRENT
from priorauth.policy.tree import Policy
from priorauth.values.dates import iso
from priorauth.values.truth import MET, NOT_MET, Truth

_ASKS = ("request-information", "clinical-review")


@dataclass(frozen=True, slots=True)
class About:
    """What a determination is about; ``pinned`` is what its receipt holds beside the result."""

    item: int
    claim: str
    as_of: int
    pinned: Mapping[str, object]
    warnings: tuple[str, ...] = ()


def applied(policy: Policy) -> Applied:
    """Name the version that was applied."""
    until = policy.effective.last
    return Applied(
        policy.id,
        policy.title,
        policy.version,
        iso(policy.effective.first),
        None if until is None else iso(until),
        policy.effective.assumed,
        policy.sha256,
        policy.currency,
    )


def report(
    decision: Decision,
    policy: Policy,
    vocabulary: Vocabulary,
    about: About,
) -> Determination:
    """Put a decision into words."""
    clashes = missing.conflicts(decision.open_leaves)
    fixed = any(decision.signs.get(sign) for sign in ("excluded", "failed", "no_pathway", "conflict", "reserved"))
    asked = missing.questions(decision.open_leaves, vocabulary)
    asks = decision.outcome in _ASKS and not fixed
    waits = missing.waits(decision.open_leaves)
    made = Determination(
        item=about.item,
        claim=about.claim,
        policy=applied(policy),
        pathway=decision.pathway.id if decision.pathway else None,
        as_of=iso(about.as_of),
        outcome=decision.outcome,
        reasons=tuple(_reasons(decision)),
        criteria=tuple(_criteria(decision, vocabulary)),
        questions=asked if asks else (),
        conflicts=tuple(Conflict(one.criterion, _sides(one.finding, vocabulary)) for one in clashes),
        assumed=words.assumed(decision.trees),
        notes=tuple(_notes(decision, policy, vocabulary)),
        decide_after=iso(max(waits)) if decision.outcome == "not-yet" else None,
        grants=dict(decision.pathway.grants) if decision.outcome == "approve" and decision.pathway else None,
        receipt={},
        warnings=about.warnings,
    )
    result = {key: value for key, value in made.as_json().items() if key != "receipt"}
    return replace(made, receipt=receipt(about.pinned, result))


def _criteria(decision: Decision, vocabulary: Vocabulary) -> Iterator[Assessed]:
    """Give the pathway's tree, then exclusions, documents, and hand-offs that apply; one whose ways differ does not."""
    if decision.required:
        tree = words.assess(decision.required, vocabulary)
        for part in (tree,) if tree.id else tree.parts:
            yield structs.replace(part, role="criterion")
    individual = (decision.individual,) if decision.individual and decision.individual.truth != NOT_MET else ()
    roots: tuple[tuple[Role, tuple[Finding, ...]], ...] = (
        ("exclusion", decision.excluded),
        ("document", decision.documents),
        ("hand-off", tuple(one for one in decision.reserved if one.counted != NOT_MET and not one.conflict)),
        ("alternative", individual),
    )
    for role, findings in roots:
        for finding in findings:
            yield structs.replace(words.assess(finding, vocabulary), role=role)


def _sides(finding: Finding, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Give the statements that cannot all hold."""
    if finding.result:
        return finding.result.sides
    said = []
    for part in finding.parts:
        if part.counted in (MET, NOT_MET):
            shown = words.assess(part, vocabulary)
            first = shown.evidence[0] if shown.evidence else None
            source = f" ({first.reference}{', ' + first.date if first.date else ''})" if first else ""
            said.append(f"{shown.title or shown.test or 'several facts'}: {shown.status}{source}")
    return tuple(said)


# ---- reasons


def _reasons(decision: Decision) -> Iterator[ReasonGiven]:
    match decision.outcome:
        case "not-applicable" | "other-criteria":
            for finding in decision.scope:
                yield _reason(finding, f"decided elsewhere: {decision.sent_to}")
        case "not-required":
            for finding in decision.scope:
                yield _reason(finding, "no prior authorization is required for this request")
        case "approve":
            yield from _approved(decision)
        case _ if decision.scope:
            for finding in decision.scope:
                yield _reason(finding, f"not known: {words.why(finding) or 'nothing on file'}")
        case _:
            yield from _open(decision)


def _reason(finding: Finding, text: str) -> ReasonGiven:
    title = finding.criterion.title
    return ReasonGiven(finding.criterion.id, f"{title}: {text}" if title else text)


def _approved(decision: Decision) -> Iterator[ReasonGiven]:
    if decision.individual and decision.individual.truth == MET:
        yield _reason(decision.individual, "accepted by a clinician of the payer")
        return
    if decision.required is None:
        return
    tops = (decision.required,) if decision.required.criterion.id else decision.required.parts
    for finding in tops:
        if finding.status == "met":
            shown = words.value(finding)
            yield _reason(finding, f"met ({shown})" if shown else "met")


def _open(decision: Decision) -> Iterator[ReasonGiven]:
    """Say what stands in the way: exclusions, misses, hand-offs, conflicts, then what is unknown."""
    for finding in decision.excluded:
        for hit in _deepest(finding, MET) if finding.counted == MET else ():
            yield _reason(hit, _says(hit, "applies"))
    for finding in decision.reserved:
        if finding.counted == MET:
            yield _reason(finding, _says(finding, "a person decides"))
    if decision.signs.get("no_pathway"):
        yield ReasonGiven(None, "the policy has no pathway for this kind of request: a person decides")
    if decision.signs.get("failed") and decision.required:
        for finding in _deepest(decision.required, NOT_MET):
            shown = words.value(finding)
            yield _reason(finding, _says(finding, f"not met ({shown})" if shown else "not met"))
    for route in decision.missed:
        yield ReasonGiven(route.id, route.to)
    seen: set[str] = set()
    for one in decision.open_leaves:
        if one.criterion in seen and not one.finding.conflict:
            continue
        seen.add(one.criterion)
        why = words.why(one.finding) or "not settled"
        yield ReasonGiven(one.criterion or None, f"{why}; {one.says}" if one.says else why)


def _says(finding: Finding, text: str) -> str:
    said = [part.criterion.says for part in finding.walk() if part.criterion.says and part.counted == finding.counted]
    return f"{text}; {said[0]}" if said else text


def _deepest(finding: Finding, verdict: Truth) -> Iterator[Finding]:
    """Give the numbered criteria, as deep as they go, because of which a tree has its verdict."""
    below = [part for part in finding.parts if part.counted == verdict and part.applies != NOT_MET]
    named = [found for part in below for found in _deepest(part, verdict)]
    if named:
        yield from named
    elif finding.criterion.id:
        yield finding


# ---- notes


def _notes(decision: Decision, policy: Policy, vocabulary: Vocabulary) -> Iterator[str]:
    if decision.sent_to:
        yield f"Send to: {decision.sent_to}"
    for route in decision.notes:
        yield f"{route.id}: {route.to}" if route.id else route.to
    if policy.currency != CURRENT:
        yield f"Currency: {policy.currency}. The payer may have replaced this text; check before relying on it."
    if policy.effective.assumed:
        yield f"Effective date assumed: {policy.effective.assumed}"
    for fact in words.stated_not_seen(decision.trees, vocabulary):
        yield f"{fact}: stated, not seen"
