"""What is said of an item in plain words: what was found, what can be done about it, and of a decision its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from priorauth.decide.decided import Assessed
from priorauth.decide.determination import Determination
from priorauth.exchange.pas.model import Action
from priorauth.ledger.whole import Approval, Decision, Item

_SAID: Final[dict[Action, str]] = {
    "A1": "approved",
    "A3": "not approved",
    "A4": "pended",
    "A6": "approved in part",
    "C": "cancelled by who asked",
    "CT": "not decided here",
    "NA": "no authorization is needed",
}
RIGHT: Final = "The decision can be appealed; the letter of it says how and until when."


def of(
    action: Action,
    item: Item,
    decision: Decision | None,
    granted: Approval | None,
    determination: Determination | None,
) -> Iterator[str]:
    """Yield the notes of an item, those that matter most first."""
    yield _head(action, decision, determination)
    if action == "C":
        if granted is not None and granted.ends is not None:
            yield f"the approval {granted.number} ended on {granted.ends}"
        return
    if decision is not None and decision.kind in ("adverse", "part"):
        yield from _signed(decision, determination)
        if action == "A6" and granted is not None:
            yield f"approved are {granted.quantity} of {item.quantity or 1}"
        yield RIGHT
    elif action in ("CT", "NA"):
        if decision is not None and decision.why:
            yield decision.why
        if determination is not None:
            yield from found(determination)
    elif action == "A4" and determination is not None:
        yield from found(determination)


def _head(action: Action, decision: Decision | None, determination: Determination | None) -> str:
    when = f" on {decision.on_day}" if decision is not None else ""
    applied = determination.policy if determination is not None else None
    under = f", under {applied.id}, version {applied.version}" if applied else ""
    law = ", for a clock that the law sets was missed" if decision is not None and decision.kind == "by-law" else ""
    return f"{_SAID[action]}{when}{under}{law}"


def _signed(decision: Decision, determination: Determination | None) -> Iterator[str]:
    """Yield why a clinician decided so: criterion and citation, what was found, what would show it."""
    titles = dict(_titles(determination.criteria)) if determination is not None else {}
    for one in decision.reasons:
        title = titles.get(one.criterion)
        cited = f"{one.criterion} ({title})" if title else one.criterion
        yield (
            f"{cited}: the policy asks {one.asks}; found: {one.found}; why that does not show it: {one.why_not};"
            f" what would: {one.would_show}"
        )


def _titles(criteria: tuple[Assessed, ...]) -> Iterator[tuple[str, str]]:
    for one in criteria:
        if one.id and one.title:
            yield one.id, one.title
        yield from _titles(one.parts)


def found(one: Determination) -> Iterator[str]:
    """Yield what a determination found and a provider can act on. What would exclude is no word of a program's."""
    unsaid = set(_ids(tuple(root for root in one.criteria if root.role == "exclusion")))
    if one.decide_after:
        yield f"first day on which it can be decided: {one.decide_after}"
    for question in one.questions:
        yield f"{question.ask} ({', '.join(question.criteria)})"
    for reason in one.reasons:
        if reason.criterion not in unsaid:
            yield f"{reason.criterion}: {reason.text}" if reason.criterion else reason.text
    for conflict in one.conflicts:
        yield f"{conflict.criterion}: conflict: {' / '.join(conflict.says)}"
    if one.outcome == "clinical-review":
        yield "a clinician of the plan looks at it before anything is decided"
    yield from one.notes


def _ids(criteria: tuple[Assessed, ...]) -> Iterator[str]:
    for one in criteria:
        if one.id:
            yield one.id
        yield from _ids(one.parts)
