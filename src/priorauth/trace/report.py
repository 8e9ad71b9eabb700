"""What a new text changes, in Markdown and as JSON, with the rules that each change touches."""

from __future__ import annotations

from collections.abc import Iterator

from priorauth.policy.tree import Policy
from priorauth.trace.draft import Draft
from priorauth.trace.drift import Change, Drift, Place, words_of
from priorauth.trace.rules import Rule, rules
from priorauth.values.dates import iso

ORDER = ("changed", "added", "removed", "moved", "renumbered", "spelling")


def report(policy: Policy, found: Drift, draft: Draft, *, traced: bool) -> str:
    """Return what changed, sentence by sentence in the order of the newer text."""
    return "\n".join(_report(policy, found, draft, traced=traced)) + "\n"


def _report(policy: Policy, found: Drift, draft: Draft, *, traced: bool) -> Iterator[str]:
    yield f"# {policy.title}: what the new text changes"
    yield ""
    if not traced:
        yield f"{policy.id} has no trace: which rules a change touches cannot be said."
        yield ""
    counted = words_of(found.changes)
    told = ", ".join(f"{counted[kind]} {kind}" for kind in ORDER if counted[kind])
    yield f"{found.same} of {found.sentences} sentences stand word for word; {told or 'nothing changed'}."
    if found.untraced:
        yield f"The trace does not know {found.untraced} sentences of the older text."
    known = rules(policy)
    touched = found.touched()
    if touched:
        yield ""
        yield "Rules touched:"
        yield ""
        for name in touched:
            rule = known.get(name)
            yield f"- {name}{_rule(rule) if rule and rule.line > 1 else ''}"
    if draft.placed:
        yield ""
        yield "Figures that the draft puts in their places:"
        yield ""
        yield from (f"- {one.rule}, line {one.line}: {one.before} becomes {one.after}" for one in draft.placed)
    for change in found.changes:
        yield ""
        yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    where = " -> ".join(_place(place) for place in (change.old, change.new) if place)
    yield f"## {change.kind}: {change.sentence}, {where}"
    yield ""
    if change.kind == "added" and not change.rules:
        yield f"No rule yet; it stands after {', '.join(change.after) or 'no sentence that carries a rule'}."
    else:
        yield f"Rules: {', '.join(change.rules) or 'none'}"
    if change.marks:
        yield ""
        yield from (f"- {mark}" for mark in change.marks)
    for sign, said in (("-", change.before), ("+", change.text)):
        if said:
            yield ""
            yield f"    {sign} {said}"


def _rule(rule: Rule) -> str:
    rests = f"; rests on {', '.join(rule.readings)}" if rule.readings else ""
    return f" ({rule.title}), line {rule.line}{rests}"


def _place(place: Place) -> str:
    label = f" [{place.label}]" if place.label else ""
    return f"page {place.page} line {place.line}{label}"


def as_json(policy: Policy, found: Drift, draft: Draft) -> dict[str, object]:
    """Return the same as JSON."""
    return {
        "policy": policy.id,
        "version": iso(policy.effective.first),
        "same": found.same,
        "sentences": found.sentences,
        "untraced": found.untraced,
        "touched": list(found.touched()),
        "placed": [
            {"rule": one.rule, "line": one.line, "before": one.before, "after": one.after} for one in draft.placed
        ],
        "changes": [
            {
                "kind": change.kind,
                "sentence": change.at,
                "old": _at(change.old),
                "new": _at(change.new),
                "rules": list(change.rules),
                "after": list(change.after),
                "marks": [{"kind": mark.kind, "before": mark.before, "after": mark.after} for mark in change.marks],
            }
            for change in found.changes
        ],
    }


def _at(place: Place | None) -> dict[str, object] | None:
    return None if place is None else {"page": place.page, "line": place.line, "label": place.label}
