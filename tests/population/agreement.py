"""What Python and SQL have to agree on, over drawn cases: outcome, pathway, every status, what is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from priorauth.decide import missing
from priorauth.decide.decide import Decision, decide
from priorauth.decide.trial import statuses
from priorauth.facts.case import Case
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy, walk

_ASKS = ("request-information", "clinical-review")
_FIXED = ("excluded", "failed", "no_pathway", "conflict", "reserved")


def differences(
    policy: Policy, cases: Sequence[Case], rows: Sequence[dict[str, object]], catalog: Catalog
) -> list[str]:
    """List where a row differs from what Python says of its case."""
    return [
        f"{policy.id} case {place}: {name} is {row[name]!r}, Python says {wanted!r}"
        for place, (case, row) in enumerate(zip(cases, rows, strict=True))
        for name, wanted in said(policy, case, catalog).items()
        if row[name] != wanted
    ]


def said(policy: Policy, case: Case, catalog: Catalog) -> dict[str, object]:
    """Say of a case what its row in a population must hold."""
    decision = decide(policy, case, catalog.vocabulary, catalog.common)
    own = {node.id for root in policy.roots() for node in walk(root)}
    found: dict[str, object] = {
        name: next(iter(seen)) for name, seen in statuses(policy, case, catalog).items() if name in own
    }
    found["outcome"] = decision.outcome
    found["pathway"] = decision.pathway.id if decision.pathway else None
    found["questions"] = " ".join(asked(decision, catalog))
    waits = missing.waits(decision.open_leaves)
    found["decide_after"] = dt.date.fromordinal(max(waits)) if decision.outcome == "not-yet" else None
    return found


def asked(decision: Decision, catalog: Catalog) -> list[str]:
    """Name the facts asked, sorted."""
    fixed = any(decision.signs.get(sign) for sign in _FIXED)  # type: ignore[call-overload]
    if decision.outcome not in _ASKS or fixed:
        return []
    return sorted(question.fact for question in missing.questions(decision.open_leaves, catalog.vocabulary))
