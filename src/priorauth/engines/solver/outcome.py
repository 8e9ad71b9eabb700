"""A policy as terms: scope, pathways, exclusions, documents and hand-offs of one patient, and which outcome follows.

The table of outcomes is the contract's; ``approve`` is the last row, reached only where nothing else holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import z3

from priorauth.engines.solver.grid import Grid, forms_of
from priorauth.engines.solver.laws import load as load_laws
from priorauth.engines.solver.leaf import Leaves
from priorauth.engines.solver.pair import Pair
from priorauth.engines.solver.tree import Builder, Node
from priorauth.engines.solver.tree import Path as Place
from priorauth.engines.solver.view import FALSE, TRUE, Bool, Patient, all_, any_, not_
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.policy.outcome import TABLE, UNREAD, Outcome, Sign
from priorauth.policy.roots import SPOKEN, Root, roots
from priorauth.policy.tree import Criterion, Policy, heard
from priorauth.values.dates import day

LATEST_REQUEST = day("2026-11-20")
"""The day of the request for versions without an end: any day does, but it is the same on every run."""
SIMPLEX = 2
"""z3's older arithmetic: on counts of rows it takes a third of the time of the newer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy over one patient: the condition of each outcome, and of each pathway being taken."""

    outcomes: dict[Outcome, Bool]
    taken: tuple[Bool, ...]
    nodes: tuple[Node, ...]

    @property
    def approve(self) -> Bool:
        """Whether the request is approved."""
        return self.outcomes["approve"]


@dataclass
class PolicyTerms:
    """One policy version over one patient."""

    policy: Policy
    patient: Patient
    common: tuple[Criterion, ...]
    builder: Builder
    folders: tuple[Path, ...] = ()
    """Folders of further policies, which ``determine`` needs to know the policy."""
    roots: tuple[Root, ...] = ()
    plain: Verdict | None = None

    def __post_init__(self) -> None:
        """Number the trees."""
        self.roots = deciding(self.policy, self.common)

    def nodes(self, forced: tuple[Place, Pair] | None = None) -> tuple[Node, ...]:
        """Return every tree as terms; ``forced`` gives one criterion another truth."""
        return tuple(
            self.builder.build(root.criterion, root.path, inside=root.inside, document=root.document, forced=forced)
            for root in self.roots
        )

    def approve(self, forced: tuple[Place, Pair]) -> Bool:
        """Whether the request is approved if one criterion had another truth."""
        if self.policy.unread:
            return FALSE
        nodes = self._by_role(self.nodes(forced))
        taken, _ = self._taken(nodes)
        sure = any_(
            all_([chosen, any_([node.counted.met, *(word.truth.met for word in nodes.get("alternative", []))])])
            for chosen, node in zip(taken, nodes["criterion"], strict=True)
        )
        scope = [node.truth.not_met for role in ("elsewhere", "other criteria") for node in nodes.get(role, [])]
        scope += [node.truth.met for node in nodes.get("authorization", [])]
        free = [node.counted.not_met for node in nodes.get("exclusion", [])]
        free += [not_(node.counted.met) for node in nodes.get("hand-off", [])]
        return all_([sure, *scope, *free, *(node.counted.met for node in nodes.get("document", []))])

    def sent_away(self, forced: tuple[Place, Pair] | None = None) -> tuple[Bool, Bool, Bool]:
        """Whether scope alone decides: not applicable, other criteria, not required; the first that holds counts."""
        nodes = self._by_role(self.nodes(forced))
        elsewhere = any_(node.truth.met for node in nodes.get("elsewhere", []))
        other = all_([not_(elsewhere), any_(node.truth.met for node in nodes.get("other criteria", []))])
        free = any_(node.truth.not_met for node in nodes.get("authorization", []))
        return elsewhere, other, all_([not_(elsewhere), not_(other), free])

    def by_role(self, role: str) -> list[Node]:
        """Return the trees of one role."""
        return [node for root, node in zip(self.roots, self.verdict().nodes, strict=True) if root.role == role]

    def _by_role(self, nodes: tuple[Node, ...]) -> dict[str, list[Node]]:
        by_role: dict[str, list[Node]] = {}
        for root, node in zip(self.roots, nodes, strict=True):
            by_role.setdefault(root.role, []).append(node)
        return by_role

    def verdict(self) -> Verdict:
        """Return every outcome's condition."""
        if self.plain is not None:
            return self.plain
        nodes = self.nodes()
        signs, taken = self._signs(self._by_role(nodes))
        outcomes: dict[Outcome, Bool] = {}
        before: list[Bool] = []
        for outcome, wanted in TABLE:
            here = any_(signs[sign] for sign in wanted) if wanted else TRUE
            first = all_([here, *(not_(other) for other in before)])
            outcomes[outcome] = any_([outcomes.get(outcome, FALSE), first])
            before.append(here)
        if self.policy.unread:
            outcomes = {one: TRUE if one == UNREAD else FALSE for one in outcomes}
        named = self.patient.named
        outcomes = {one: named(term, f"{self.builder.tag}{one}") for one, term in outcomes.items()}
        taken = tuple(named(term, f"{self.builder.tag}pathway {place}") for place, term in enumerate(taken))
        self.plain = Verdict(outcomes, taken, nodes)
        return self.plain

    def _signs(self, nodes: dict[str, list[Node]]) -> tuple[dict[Sign, Bool], tuple[Bool, ...]]:
        elsewhere, other = nodes.get("elsewhere", []), nodes.get("other criteria", [])
        needed = nodes.get("authorization", [])
        unknown = any_(node.truth.open for node in (*elsewhere, *other, *needed))
        taken, unsure = self._taken(nodes)
        failed, short, leaves = self._required(nodes, taken)
        excluded, documents, reserved = (nodes.get(role, []) for role in ("exclusion", "document", "hand-off"))
        open_ = [*leaves, *(part for node in (*excluded, *documents) for part in node.open())]
        undecided = any_(condition for condition, _ in open_)
        missing = any_(node.counted.not_met for node in documents)
        waits = [all_([condition, node.said.waits]) for condition, node in open_ if node.said]
        asks = [all_([condition, node.said.asks]) for condition, node in open_ if node.said]
        later = [all_([condition, node.said.later]) for condition, node in open_ if node.said]
        idle = all_(
            not_(condition) if node.said is None else any_([not_(condition), node.said.waits, node.said.pending])
            for condition, node in open_
        )
        signs: dict[Sign, Bool] = {
            "scope_differs": any_(node.truth.met for node in elsewhere),
            "other_criteria": any_(node.truth.met for node in other),
            "not_required": any_(node.truth.not_met for node in needed),
            "scope_unknown": any_([unknown, unsure]),
            "excluded": any_(node.counted.met for node in excluded),
            "failed": all_([failed, not_(short)]),
            "no_pathway": not_(any_([unsure, *taken])),
            "conflict": any_(all_([condition, node.conflict]) for condition, node in open_),
            "reserved": any_(node.counted.met for node in reserved),
            "waiting": short,
            "askable": any_([*asks, all_([any_(later), not_(any_(waits))])]),
            "only_time": all_([any_(waits), idle]),
            "undecided": any_([undecided, missing]),
        }
        return signs, taken

    def _taken(self, nodes: dict[str, list[Node]]) -> tuple[tuple[Bool, ...], Bool]:
        """Return for each pathway that its condition is the first that is met, and that an unknown one comes before."""
        whens = {node.path: node for node in nodes.get("pathway", [])}
        found, unsure, before = [], [], TRUE
        for place, pathway in enumerate(self.policy.pathways):
            when = next(
                (whens[root.path] for root in self.roots if root.role == "pathway" and root.pathway == place), None
            )
            if pathway.when is None or when is None:
                found.append(before)
                before = FALSE
                continue
            found.append(all_([before, when.truth.met]))
            unsure.append(all_([before, when.truth.open]))
            before = all_([before, when.truth.not_met])
        return tuple(found), any_(unsure)

    def _required(
        self, nodes: dict[str, list[Node]], taken: tuple[Bool, ...]
    ) -> tuple[Bool, Bool, list[tuple[Bool, Node]]]:
        """Whether the pathway taken is not met, that time alone may change that, and what keeps it open.

        A clinician's word may stand in its place.
        """
        individual = nodes.get("alternative", [])
        accepted = any_(node.truth.met for node in individual)
        failed, short, leaves = [], [], []
        for chosen, node in zip(taken, nodes["criterion"], strict=True):
            counts = all_([chosen, not_(accepted)])
            failed.append(all_([counts, node.counted.not_met]))
            short += list(node.short(node.in_time(), counts))
            leaves += list(node.open(counts))
        return any_(failed), any_(short), leaves


def deciding(policy: Policy, common: tuple[Criterion, ...]) -> tuple[Root, ...]:
    """Return the trees that decide; what is only said beside the decision is none of them."""
    return tuple(root for root in roots(policy, common) if root.role not in SPOKEN)


def request_day(policy: Policy) -> int:
    """Return the day of the request under a version: the latest there is, for versions without an end a fixed one."""
    span = policy.effective
    last = LATEST_REQUEST if span.last is None else min(span.last, LATEST_REQUEST)
    return max(last, span.first)


def service_days(policy: Policy, grid_forms: tuple[f.Form, ...], as_of: int) -> tuple[int, ...]:
    """Return the days of service next to every edge that a policy tests them by, while the version is in force."""
    found = {as_of}
    if not any(getattr(form, "fact", None) == "enrolled_on" for form in grid_forms):
        for form in grid_forms:
            if isinstance(form, f.Has) and form.fact == "service_on":
                found |= {int(form.compare.amount.number) - 1, int(form.compare.amount.number)}
            if isinstance(form, f.Earlier | f.Later) and form.fact == "service_on":
                found.add(as_of - 1)
    first = policy.effective.first if policy.effective.by == "service" else 0
    return tuple(sorted(day for day in found if first <= day <= as_of))


@dataclass
class World:
    """One patient, unknown, under one or more policies: the solver's side of all questions."""

    policies: tuple[PolicyTerms, ...]
    patient: Patient
    solver: z3.Solver
    asserted: int = 0

    @property
    def one(self) -> PolicyTerms:
        """The first policy, where there is but one."""
        return self.policies[0]

    def ask(self, *conditions: Bool) -> z3.ModelRef | None:
        """Find a patient of whom all conditions hold; None where there is none."""
        self.solver.add(*self.patient.rules[self.asserted :])
        self.asserted = len(self.patient.rules)
        self.solver.push()
        try:
            self.solver.add(*conditions)
            found = self.solver.check()
            if found == z3.unknown:
                raise TimeoutError(f"the solver gave up: {self.solver.reason_unknown()}")
            return self.solver.model() if found == z3.sat else None
        finally:
            self.solver.pop()


def _heard(leaves: Leaves, policy: Policy, place: int) -> Leaves:
    """Return the leaves as a policy reads them: the same ones where it says nothing of silence."""
    if not policy.silence:
        return leaves
    return Leaves(leaves.patient, {}, heard(policy, leaves.vocabulary), f"{place}:")


def world(
    policies: tuple[Policy, ...],
    vocabulary: Vocabulary,
    common: tuple[Criterion, ...],
    *,
    products: tuple[str, ...] | None = None,
    folders: tuple[Path, ...] = (),
) -> World:
    """Lay one patient under some policies; more than one are asked about the same request on the same day.

    ``folders`` are those of further policies, if the policies come from there.
    """
    listed = [root.criterion for policy in policies for root in deciding(policy, common)]
    forms = forms_of(listed)
    as_of = min(request_day(policy) for policy in policies)
    days = service_days(policies[0], forms, as_of) if len(policies) == 1 else (as_of,)
    grid = Grid(forms, vocabulary, load_laws(), as_of, days)
    every = tuple(dict.fromkeys(code for policy in policies for code in policy.products))
    patient = Patient(grid, products or every)
    for fact in ("product_code", "request_kind", "service_on", "quantity_requested"):
        patient.statement(fact)
    leaves = Leaves(patient, {})
    made = tuple(
        PolicyTerms(policy, patient, common, Builder(_heard(leaves, policy, place), f"{place}:"), folders)
        for place, policy in enumerate(policies)
    )
    for terms in made:
        terms.verdict()
    solver = z3.Solver()
    solver.set("random_seed", 0)
    solver.set("arith.solver", SIMPLEX)
    solver.add(*patient.constraints())
    return World(made, patient, solver, len(patient.rules))
