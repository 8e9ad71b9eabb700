"""A decision put into the shape of the contract: reasons, criteria, questions, conflicts, notes and the receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field, structs

from priorauth.decide import assess as words
from priorauth.decide.assess import Speaker
from priorauth.decide.decided import (
    About,
    Applied,
    Ask,
    Assessed,
    Conflict,
    Effective,
    Question,
    ReasonGiven,
    Role,
)
from priorauth.decide.determination import Determination
from priorauth.decide.evidence import Rows
from priorauth.decide.papers import By
from priorauth.decide.questions import questions
from priorauth.decide.receipt import receipt
from priorauth.engines.python import missing
from priorauth.engines.python.finding import Finding
from priorauth.engines.python.outcome import Decision, stands
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.document import CURRENT, SUPERSEDED
from priorauth.policy.outcome import UNREAD
from priorauth.policy.tree import Policy, Unread
from priorauth.record.words import Words
from priorauth.values.dates import iso
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth

_ASKS = ("request-information", "clinical-review")


class Place(Struct, frozen=True):
    """Where a determination belongs: its claim and item, what is asked, and what its receipt holds beside the result.

    ``said`` is what the order says in words.
    """

    claim: str
    item: int
    sequence: int
    as_of: int
    request: About
    pinned: Mapping[str, object]
    said: tuple[Words, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is said beside the decision of where its policy comes from."""
    documents: By = field(default_factory=dict)
    """What documents say."""


CHECKED = "A check before the request is sent: nothing is decided."


def checked(made: Determination) -> Determination:
    """Say of a determination that it is only a check; its receipt is sealed anew."""
    draft = structs.replace(made, check=True, notes=(CHECKED, *made.notes), receipt={})
    pinned = {key: value for key, value in made.receipt.items() if key not in ("engine", "sha256")}
    return sealed(draft, pinned)


def sealed(made: Determination, pinned: Mapping[str, object]) -> Determination:
    """Return a determination, whose receipt is empty, its receipt."""
    return structs.replace(made, receipt=receipt(pinned, made))


def applied(policy: Policy) -> Applied:
    """Return the name of the version that was applied."""
    until = policy.effective.last
    effective = Effective(iso(policy.effective.first), None if until is None else iso(until), policy.effective.assumed)
    currency = policy.currency if policy.unread is None else SUPERSEDED
    return Applied(policy.id, policy.title, policy.version, effective, policy.sha256, currency)


def report(decision: Decision, policy: Policy, place: Place) -> Determination:
    """Put a decision into words; under a newer text that was not read also what the older one says."""
    if policy.unread is None or decision.older is None:
        return sealed(_report(decision, policy, place), place.pinned)
    by_older = _report(structs.replace(decision, outcome=decision.older, older=None), policy, place)
    return sealed(_handed_over(by_older, policy.unread), place.pinned)


def _handed_over(made: Determination, newer: Unread) -> Determination:
    """Return what an older text says as what a person decides by a newer one."""
    open_ = "; ".join(f"{one.criterion}: {one.text}" if one.criterion else one.text for one in made.reasons)
    why = f" ({open_})" if open_ and made.outcome != "approve" else ""
    version = made.policy.version if made.policy else ""
    days = f"The first day of the newer text is assumed: {newer.effective.assumed}" if newer.effective.assumed else None
    return structs.replace(
        made,
        outcome=UNREAD,
        reasons=(ReasonGiven(None, newer.says),),
        questions=(),
        ask=None,
        decide_after=None,
        grants=None,
        notes=(
            f"The older text ({version}) would have said: {made.outcome}{why}",
            *((days,) if days else ()),
            *made.notes,
        ),
    )


def _report(decision: Decision, policy: Policy, place: Place) -> Determination:
    rows = Rows(decision.view, documents=place.documents)
    speaker = Speaker(rows, frozenset(_decisive(decision)))
    clashes = missing.conflicts(decision.open_leaves)
    wanted, tree = asked(decision, rows, place.said)
    after = decision.decide_after
    criteria = tuple(_criteria(decision, speaker))
    grants = dict(decision.pathway.grants) if decision.pathway and decision.pathway.grants else None
    return Determination(
        claim=place.claim,
        item=place.item,
        sequence=place.sequence,
        request=place.request,
        policy=applied(policy),
        pathway=decision.pathway.id if decision.pathway else None,
        as_of=iso(place.as_of),
        outcome=decision.outcome,
        reasons=tuple(_reasons(decision, policy)),
        criteria=criteria,
        counts=_counts(criteria),
        questions=wanted,
        ask=tree,
        conflicts=tuple(Conflict(one.criterion, _sides(one.finding, speaker)) for one in clashes),
        assumed=words.assumed(decision.trees),
        notes=(*_notes(decision, policy), *place.notes),
        decide_after=None if after is None else iso(after),
        grants=grants if decision.outcome == "approve" else None,
        would_grant=grants,
        receipt={},
        warnings=place.warnings,
    )


def asked(decision: Decision, rows: Rows, said: Sequence[Words] = ()) -> tuple[tuple[Question, ...], Ask | None]:
    """Return what is asked of a decision and the same as a tree: nothing where no answer changes it."""
    fixed = any(decision.signs.get(sign) for sign in ("excluded", "failed", "no_pathway", "conflict", "reserved"))
    return questions(decision, rows, said) if decision.outcome in _ASKS and not fixed else ((), None)


def _criteria(decision: Decision, speaker: Speaker) -> Iterator[Assessed]:
    """Yield the pathway's tree, then exclusions, documents, and hand-offs that apply; not where ways differ."""
    individual = (decision.individual,) if decision.individual and decision.individual.truth != NOT_MET else ()
    roots: tuple[tuple[Role, tuple[Finding, ...]], ...] = (
        ("criterion", _tops(decision)),
        ("exclusion", decision.excluded),
        ("document", decision.documents),
        ("hand-off", tuple(one for one in decision.reserved if one.counted != NOT_MET and not one.conflict)),
        ("alternative", individual),
    )
    for role, findings in roots:
        for finding in findings:
            yield speaker.assess(finding, role=role)


def _tops(decision: Decision) -> tuple[Finding, ...]:
    """Return the pathway's criteria: its tree, or where that has no id of its own, the parts of it."""
    if decision.required is None:
        return ()
    return (decision.required,) if decision.required.criterion.id else decision.required.parts


def _counts(criteria: tuple[Assessed, ...]) -> dict[str, dict[str, int]]:
    """Count the roots of each role by status."""
    found: dict[str, dict[str, int]] = {}
    for one in criteria:
        by_status = found.setdefault(one.role or "criterion", {})
        by_status[one.status] = by_status.get(one.status, 0) + 1
    return found


def _decisive(decision: Decision) -> Iterator[int]:
    """Name, by identity, the findings that the outcome rests on, with all above them that say the same."""
    match decision.outcome:
        case "approve":
            roots = (decision.individual,) if decision.accepted else (decision.required,)
            for root in roots:
                if root is not None:
                    yield from map(id, _because(root, MET))
        case "clinical-review" | "request-information" | "not-yet":
            for finding in decision.excluded:
                yield from map(id, _because(finding, MET if finding.counted == MET else UNKNOWN))
            for finding in decision.reserved:
                if stands(finding, decision.view.vocabulary):
                    yield from map(id, _because(finding, finding.counted))
            if decision.required is not None and not decision.accepted:
                yield from map(id, _because(decision.required, decision.required.counted))
            for finding in decision.documents:
                yield from map(id, _because(finding, UNKNOWN))
        case _:
            for finding in decision.scope:
                yield from map(id, _because(finding, finding.counted))


def _because(finding: Finding, verdict: Truth) -> Iterator[Finding]:
    """Yield a finding of a verdict and, of what is below it, all that has the same; nothing where it has another."""
    if finding.counted != verdict:
        return
    below = finding.applies != NOT_MET and not (verdict == MET and finding.settled_by)
    if below or finding.settled_by:
        yield finding
    for part in finding.parts if below else ():
        yield from _because(part, verdict)


def _sides(finding: Finding, speaker: Speaker) -> tuple[str, ...]:
    """Return the statements that cannot all hold."""
    if finding.result:
        return finding.result.sides
    said = []
    for part in finding.parts:
        if part.counted in (MET, NOT_MET):
            shown = speaker.assess(part)
            first = shown.evidence[0] if shown.evidence else None
            source = f" ({first.reference}{', ' + first.date if first.date else ''})" if first else ""
            said.append(f"{shown.title or shown.test or 'several facts'}: {shown.status}{source}")
    return tuple(said)


# ---- reasons


def _reasons(decision: Decision, policy: Policy) -> Iterator[ReasonGiven]:
    match decision.outcome:
        case "not-applicable" | "other-criteria":
            for finding in decision.scope:
                yield _of_scope(finding, policy, f"decided elsewhere: {decision.sent_to}")
        case "not-required":
            for finding in decision.scope:
                yield _reason(finding, "no prior authorization is required for this request")
        case "approve":
            yield from _approved(decision)
        case _ if decision.scope:
            for finding in decision.scope:
                yield _of_scope(finding, policy, f"not known: {words.why(finding) or 'nothing on file'}")
        case _:
            yield from _open(decision, decision.view.vocabulary)


def _of_scope(finding: Finding, policy: Policy, text: str) -> ReasonGiven:
    """Return a reason of scope with the paragraph of its rule."""
    made = _reason(finding, text)
    paragraphs = policy.paragraphs(finding.criterion)
    return structs.replace(made, criterion=paragraphs[0]) if made.criterion is None and paragraphs else made


def _reason(finding: Finding, text: str) -> ReasonGiven:
    title = finding.criterion.title
    return ReasonGiven(finding.criterion.id, f"{title}: {text}" if title else text)


def _approved(decision: Decision) -> Iterator[ReasonGiven]:
    if decision.individual and decision.accepted:
        yield _reason(decision.individual, "accepted by a clinician of the payer")
        return
    for finding in _tops(decision):
        if finding.status == "met":
            shown = words.value(finding)
            yield _reason(finding, f"met ({shown})" if shown else "met")


def _open(decision: Decision, vocabulary: Vocabulary) -> Iterator[ReasonGiven]:
    """Yield what stands in the way: exclusions, misses, hand-offs, what lacks time, conflicts, then what is unknown."""
    for finding in decision.excluded:
        for hit in _deepest(finding, MET) if finding.counted == MET else ():
            yield _reason(hit, _says(hit, "applies"))
    for finding in decision.reserved:
        if stands(finding, vocabulary):
            yield _reason(finding, _says(finding, "a person decides"))
    if decision.signs.get("no_pathway"):
        yield ReasonGiven(None, "the policy has no pathway for this kind of request: a person decides")
    if decision.signs.get("failed") and decision.required:
        for finding in _deepest(decision.required, NOT_MET):
            shown = words.value(finding)
            yield _reason(finding, _says(finding, f"not met ({shown})" if shown else "not met"))
    for route in decision.missed:
        yield ReasonGiven(route.id, route.to)
    judged = {one.criterion for one in missing.judgments(decision.open_leaves)}  # where a clinician may say otherwise
    seen: set[str] = set()
    for one in (*decision.short_of_time, *decision.open_leaves):
        if one.criterion in seen and not one.finding.conflict:
            continue
        seen.add(one.criterion)
        why = words.why(one.finding) or "not settled"
        yield ReasonGiven(one.criterion or None, f"{why}; {one.says}" if one.says and one.criterion in judged else why)


def _says(finding: Finding, text: str) -> str:
    said = [part.criterion.says for part in finding.walk() if part.criterion.says and part.counted == finding.counted]
    return f"{text}; {said[0]}" if said else text


def _deepest(finding: Finding, verdict: Truth) -> Iterator[Finding]:
    """Yield the numbered criteria, as deep as they go, because of which a tree has its verdict."""
    below = [part for part in finding.parts if part.counted == verdict and part.applies != NOT_MET]
    named = [found for part in below for found in _deepest(part, verdict)]
    if named:
        yield from named
    elif finding.criterion.id:
        yield finding


# ---- notes


def _notes(decision: Decision, policy: Policy) -> Iterator[str]:
    if decision.sent_to:
        yield f"Send to: {decision.sent_to}"
    for route in decision.notes:
        yield f"{route.id}: {route.to}" if route.id else route.to
    if policy.currency != CURRENT and policy.unread is None:
        yield f"Currency: {policy.currency}. The payer may have replaced this text; check before relying on it."
    if policy.effective.assumed:
        yield f"Effective date assumed: {policy.effective.assumed}"
    for fact in words.stated_not_seen(decision.trees, decision.view):
        yield f"{fact}: stated, not seen"
