"""What Python and SQL have to agree on, over drawn cases: outcome, pathway, every status, what is asked."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from priorauth.decide.trial import statuses
from priorauth.engines.python import missing
from priorauth.engines.python.finding import Why
from priorauth.engines.python.outcome import Decision, decide
from priorauth.facts.case import Case
from priorauth.language.forms import AnyRow, Throughout
from priorauth.policy.catalog import Catalog, open_catalog
from priorauth.policy.tree import Leaf, Policy, walk
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
    reasons: Counter[str] = field(default_factory=Counter)
    """Of leaves that decide: stated beginnings that wait, what is not met for lack of time alone, results that fail,
    results that lack their partner."""
    seconds: float = 0.0
    differ: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add what another counted."""
        self.versions |= other.versions
        self.members += other.members
        self.outcomes += other.outcomes
        self.statuses += other.statuses
        self.reasons += other.reasons
        self.seconds += other.seconds
        self.differ += other.differ

    @property
    def line(self) -> str:
        """Everything in one line."""
        return (
            f"{self.members:,} members over {len(self.versions)} versions of policies ({_mix(self.outcomes)}); "
            f"{self.statuses.total():,} criteria compared ({_mix(self.statuses)}); {self.told}; "
            f"{len(self.differ)} differ; {self.seconds:.0f} s of processor time"
        )

    @property
    def told(self) -> str:
        """How many open leaves are of a kind that is drawn on purpose."""
        return ", ".join(f"{count:,} {name}" for name, count in self.reasons.most_common()) or "none drawn on purpose"


def _reasons(decision: Decision) -> Iterator[str]:
    """Name what was drawn on purpose among the leaves of a case that decide."""
    if decision.outcome == "not-yet":
        yield from ("not met for lack of time alone" for _ in decision.short_of_time)
    for one in decision.open_leaves:
        test, result = one.finding.criterion.test, one.finding.result
        if not isinstance(test, Leaf) or result is None:
            continue
        if isinstance(test.form, Throughout) and result.why is Why.TIME:
            yield "stated beginnings that wait"
        if isinstance(test.form, AnyRow) and result.why is Why.FAILED:
            yield "results on file that fail"
        if isinstance(test.form, AnyRow) and test.form.partner and result.asks == (test.form.partner.fact,):
            yield "results that lack what was drawn with them"


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
        found.reasons.update(_reasons(decide(policy, case, catalog.vocabulary, catalog.common)))
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
    after = decision.decide_after
    found["decide_after"] = None if after is None else dt.date.fromordinal(after)
    return found


def asked(decision: Decision, catalog: Catalog) -> list[str]:
    """Name the facts asked, sorted."""
    fixed = any(decision.signs.get(sign) for sign in _FIXED)  # type: ignore[call-overload]
    if decision.outcome not in _ASKS or fixed:
        return []
    return sorted(missing.asked(decision.open_leaves, catalog.vocabulary))
