"""What Python and SQL have to agree on, over drawn cases: outcome, pathway, every status, what is asked."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from priorauth.decide import missing
from priorauth.decide.decide import Decision, decide
from priorauth.decide.trial import statuses
from priorauth.facts.case import Case
from priorauth.policy.catalog import Catalog, open_catalog
from priorauth.policy.tree import Policy, walk
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.population.held import decided

_ASKS = ("request-information", "clinical-review")
_FIXED = ("excluded", "failed", "no_pathway", "conflict", "reserved")
_BESIDE = ("outcome", "pathway", "questions", "decide_after")


@dataclass(slots=True)
class Tally:
    """How much was compared, and its mix, so that no agreement holds for want of cases."""

    versions: set[str] = field(default_factory=set)
    members: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    differ: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add what another counted."""
        self.versions |= other.versions
        self.members += other.members
        self.outcomes += other.outcomes
        self.statuses += other.statuses
        self.seconds += other.seconds
        self.differ += other.differ

    @property
    def line(self) -> str:
        """Everything in one line."""
        return (
            f"{self.members:,} members over {len(self.versions)} versions of policies ({_mix(self.outcomes)}); "
            f"{self.statuses.total():,} criteria compared ({_mix(self.statuses)}); {len(self.differ)} differ; "
            f"{self.seconds:.0f} s of processor time"
        )


def _mix(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {100 * count / counts.total():.1f} %" for name, count in counts.most_common())


def drawn(policy: str, count: int, seed: int) -> Tally:
    """Draw members for a policy (``id version``), decide them with both engines, and compare."""
    started, catalog = time.process_time(), open_catalog()
    chosen = next(one for one in catalog.all() if f"{one.id} {one.version}" == policy)
    draw = Draw(chosen, catalog.vocabulary, seed)
    cases = mixed(draw, count)
    rows = decided(chosen, cases, catalog.vocabulary, catalog.common, as_of=AS_OF)
    found = compared(chosen, cases, rows, catalog)
    found.seconds = time.process_time() - started
    return found


def compared(policy: Policy, cases: Sequence[Case], rows: Sequence[dict[str, object]], catalog: Catalog) -> Tally:
    """Compare each row with what Python says of its case."""
    found = Tally({f"{policy.id} {policy.version}"}, len(cases))
    for place, (case, row) in enumerate(zip(cases, rows, strict=True)):
        wanted = said(policy, case, catalog)
        found.outcomes[str(wanted["outcome"])] += 1
        found.statuses.update(str(value) for name, value in wanted.items() if name not in _BESIDE)
        found.differ += [
            f"{policy.id} case {place}: {name} is {row[name]!r}, Python says {value!r}"
            for name, value in wanted.items()
            if row[name] != value
        ]
    return found


def differences(
    policy: Policy, cases: Sequence[Case], rows: Sequence[dict[str, object]], catalog: Catalog
) -> list[str]:
    """List where a row differs from what Python says of its case."""
    return compared(policy, cases, rows, catalog).differ


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
