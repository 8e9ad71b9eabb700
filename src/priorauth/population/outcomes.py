"""The outcome of a request as SQL, made from the one table of outcomes that Python walks too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from priorauth.decide.outcome import TABLE, Sign
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Pathway, Policy
from priorauth.population import criteria
from priorauth.population.criteria import Naming, Node
from priorauth.population.sql import literal

AskedOf = Callable[[str], tuple[str, bool]]
Columns = list[tuple[str, str]]


@dataclass(slots=True)
class Plan:
    """The trees of a policy by what they stand for."""

    policy: Policy
    pathways: tuple[Pathway, ...]
    common: tuple[Criterion, ...]
    elsewhere: list[Node] = field(default_factory=list)
    other: list[Node] = field(default_factory=list)
    required: Node | None = None
    whens: dict[str, Node] = field(default_factory=dict)
    trees: dict[str, Node] = field(default_factory=dict)
    individual: Node | None = None
    excluded: list[Node] = field(default_factory=list)
    documents: list[Node] = field(default_factory=list)
    reserved: list[Node] = field(default_factory=list)

    @classmethod
    def of(cls, policy: Policy, pathways: tuple[Pathway, ...], common: tuple[Criterion, ...]) -> Plan:
        """Plan a policy with some of its pathways; conditions of all of them decide which is taken."""
        return cls(policy, pathways, common)

    def criteria(self) -> Iterator[Criterion]:
        """Give the trees that are compiled."""
        policy = self.policy
        yield from (route.when for route in (*policy.elsewhere, *policy.other_criteria))
        yield from (one for one in (policy.required, policy.individual) if one)
        yield from (pathway.when for pathway in policy.pathways if pathway.when)
        yield from (pathway.require for pathway in self.pathways)
        yield from (*policy.excluded, *policy.documents, *policy.reserved, *self.common)

    def name(self, naming: Naming) -> None:
        """Give every tree its names."""
        policy = self.policy
        self.elsewhere = [naming.node(route.when, "elsewhere") for route in policy.elsewhere]
        self.other = [naming.node(route.when, "other_criteria") for route in policy.other_criteria]
        self.required = naming.node(policy.required, "authorization") if policy.required else None
        self.whens = {p.id: naming.node(p.when, f"takes_{_slug(p.id)}") for p in policy.pathways if p.when}
        self.trees = {p.id: naming.node(p.require, _slug(p.id)) for p in self.pathways}
        self.individual = naming.node(policy.individual, "individual") if policy.individual else None
        self.excluded = [naming.node(one, "excluded", "none of") for one in policy.excluded]
        self.documents = [naming.node(one, "document", document=True) for one in policy.documents]
        self.reserved = [naming.node(one, "reserved", "none of") for one in (*policy.reserved, *self.common)]

    def roots(self) -> Iterator[Node]:
        """Give every tree."""
        yield from (*self.elsewhere, *self.other, *self.whens.values(), *self.trees.values())
        yield from (one for one in (self.required, self.individual) if one)
        yield from (*self.excluded, *self.documents, *self.reserved)

    def nodes(self) -> Iterator[Node]:
        """Give every criterion."""
        for root in self.roots():
            yield from root.walk()

    def weighed(self) -> Iterator[Node]:
        """Give the trees whose open leaves count: pathways, exclusions, documents, and scope, which is asked alone."""
        yield from (*self.trees.values(), *self.excluded, *self.documents)
        yield from (*self.elsewhere, *self.other, *self.whens.values())
        if self.required:
            yield self.required

    # ---- which pathway

    def taken(self) -> str:
        """Give the place of the pathway taken: from 1, 0 for none, -1 where that is unknown."""
        cases: list[str] = []
        for place, pathway in enumerate(self.policy.pathways, 1):
            if pathway.when is None:
                return f"CASE {' '.join(cases)} ELSE {place} END" if cases else str(place)
            can, fail = self.whens[pathway.id].truth
            cases += [f"WHEN NOT {fail} THEN {place}", f"WHEN {can} THEN -1"]
        return f"CASE {' '.join(cases)} ELSE 0 END"

    def chosen(self) -> str:
        """Give the pathway in words; NULL where scope comes first or none is taken."""
        names = " ".join(f"WHEN {place} THEN {literal(p.id)}" for place, p in enumerate(self.policy.pathways, 1))
        early = " OR ".join(f"sign_{sign}" for sign in ("scope_differs", "other_criteria", "not_required"))
        return f"CASE WHEN {early} OR sign_scope_unknown THEN NULL ELSE CASE taken {names} END END"

    # ---- what is open

    def opens(self) -> Columns:
        """Give for each criterion that may itself be open whether it is."""
        return [
            (f"{node.name}_open", text)
            for root in self.weighed()
            for node in root.walk()
            if (text := criteria.opened(node))
        ]

    def considered(self) -> list[tuple[Node, str]]:
        """Give the criteria that may be open, each with the condition that its tree counts."""
        found = []
        places = {pathway.id: place for place, pathway in enumerate(self.policy.pathways, 1)}
        for name, root in self.trees.items():
            found += [(node, f"taken = {places[name]} AND NOT accepted AND ") for node in root.walk()]
        for root in (*self.excluded, *self.documents):
            found += [(node, "") for node in root.walk()]
        return [(node, when) for node, when in found if criteria.opened(node)]

    def steps(self, asked_of: AskedOf) -> Iterator[Columns]:
        """Give the columns of the outcome, step by step."""
        accepted = f"NOT {self.individual.truth.fail}" if self.individual else "FALSE"
        yield [*self.opens(), ("taken", self.taken()), ("accepted", accepted)]
        yield [(f"sign_{sign}", text) for sign, text in self.signs(asked_of)]

    def signs(self, asked_of: AskedOf) -> Iterator[tuple[Sign, str]]:
        """Give each sign of the table of outcomes as a condition."""
        yield "scope_differs", _any(f"NOT {node.truth.fail}" for node in self.elsewhere)
        yield "other_criteria", _any(f"NOT {node.truth.fail}" for node in self.other)
        yield "not_required", f"NOT {self.required.truth.can}" if self.required else "FALSE"
        scope = [*self.elsewhere, *self.other, *((self.required,) if self.required else ())]
        yield "scope_unknown", _any([*(f"({n.truth.can} AND {n.truth.fail})" for n in scope), "taken = -1"])
        yield "excluded", _any(f"NOT {node.counted.fail}" for node in self.excluded)
        places = {pathway.id: place for place, pathway in enumerate(self.policy.pathways, 1)}
        failed = _any(f"(taken = {places[name]} AND NOT {node.counted.can})" for name, node in self.trees.items())
        yield "failed", f"NOT accepted AND ({failed})"
        yield "no_pathway", "taken = 0"
        yield "reserved", _any(f"NOT {node.counted.fail}" for node in self.reserved)
        found = self.considered()
        yield "conflict", _any(f"({when}{node.name}_open AND {node.conflict})" for node, when in found)
        waiting = self.waiting()
        asks = [f"({when}{text})" for node, when in found for _, text in asked(node, asked_of, waiting=waiting)]
        yield "askable", _any(asks)
        other = [f"({when}{node.name}_open AND NOT ({_timed(node)}))" for node, when in found]
        yield "only_time", f"({waiting}) AND NOT ({_any(other)})"
        yield "undecided", _any(f"({when}{node.name}_open)" for node, when in found)

    def waiting(self) -> str:
        """Give the condition that a criterion that is open waits for time."""
        found = [(node, when) for node, when in self.considered() if _waits(node) != "FALSE"]
        return _any(f"({when}{node.name}_open AND {_waits(node)})" for node, when in found)

    def outcome(self) -> str:
        """Give the outcome: the first row of the table one of whose signs holds."""
        cases: list[str] = []
        for name, signs in TABLE:
            if not signs:
                return f"CASE {' '.join(cases)} ELSE {literal(name)} END"
            cases.append(f"WHEN {' OR '.join(f'sign_{sign}' for sign in signs)} THEN {literal(name)}")
        raise AssertionError  # pragma: no cover - the last row needs no sign

    def decide_after(self) -> str:
        """Give the first day on which time alone can settle the request; NULL where the outcome is not `not-yet`."""
        waits = [
            f"CASE WHEN {when}{node.name}_open THEN {node.leaf.name}_wait END"
            for node, when in self.considered()
            if node.leaf and "wait" in node.leaf.columns
        ]
        if not waits:
            return "CAST(NULL AS DATE)"
        latest = f"greatest({', '.join(waits)})" if len(waits) > 1 else waits[0]
        return f"CASE WHEN {self.outcome()} = 'not-yet' THEN {latest} END"

    def scope(self) -> Iterator[tuple[Node, str]]:
        """Give the trees of scope, each with when it is asked: a pathway's condition only where all else is known."""
        first = [*self.elsewhere, *self.other, *((self.required,) if self.required else ())]
        yield from ((root, "") for root in first)
        before = "".join(f"NOT ({criteria.undecided(root)}) AND " for root in first)
        for root in self.whens.values():
            yield root, before
            before += f"NOT {root.truth.can} AND "

    def questions(self, asked_of: AskedOf) -> str:
        """Give the facts to ask for, parted by spaces; empty where nothing is asked."""
        facts: dict[str, list[str]] = {}
        waiting = self.waiting()
        for node, when in self.considered():
            for name, text in asked(node, asked_of, everyone=True, waiting=waiting):
                facts.setdefault(name, []).append(f"({when}{text})")
        scope: dict[str, list[str]] = {}
        for root, when in self.scope():
            for node in root.walk():
                if criteria.opened(node):
                    for name, text in asked(node, asked_of, everyone=True):
                        scope.setdefault(name, []).append(f"({when}{text})")
        fixed = " OR ".join(f"sign_{sign}" for sign in ("excluded", "failed", "no_pathway", "conflict", "reserved"))
        early = " OR ".join(f"sign_{sign}" for sign in ("scope_differs", "other_criteria", "not_required"))
        asks = f"WHEN sign_scope_unknown THEN {_words(scope)} WHEN {fixed} THEN '' ELSE {_words(facts)}"
        return f"CASE WHEN {early} THEN '' {asks} END"


def asked(
    node: Node, asked_of: AskedOf, *, everyone: bool = False, waiting: str = "FALSE"
) -> Iterator[tuple[str, str]]:
    """Give the facts that an open leaf asks for, each with its condition; ``everyone``: the payer's too.

    ``waiting`` is the condition that something waits for time: what is still going on is then not asked.
    """
    leaf = node.leaf
    if leaf is None or isinstance(leaf.form, f.Judged | f.Refused):
        return
    open_ = f"{node.name}_open"
    if leaf.sided or "conflict" in leaf.columns:
        open_ += f" AND NOT {leaf.name}_conflict"
    never = [f"{leaf.name}_wait IS NOT NULL"] if "wait" in leaf.columns else []
    never += [f"{leaf.name}_hinted"] if "hinted" in leaf.columns else []  # where silence says no, a hint is judged
    never += [f"{leaf.name}_pending AND ({waiting})"] if "pending" in leaf.columns else []
    open_ += "".join(f" AND NOT ({text})" for text in never)
    own = open_
    if "lost" in leaf.columns:
        quiet = f" OR {leaf.name}_quiet" if "quiet" in leaf.columns else ""
        own += f" AND ({leaf.name}_lost IS NULL{quiet})"
        for anchor in contents.anchors_of(leaf.form):
            name, known = asked_of(anchor)
            if known or everyone:
                yield name, f"{open_} AND {leaf.name}_lost = {literal(anchor)}"
    if leaf.asked or everyone:
        for name in contents.facts_of(leaf.form):
            yield name, own


def _waits(node: Node) -> str:
    leaf = node.leaf
    return f"{leaf.name}_wait IS NOT NULL" if leaf and "wait" in leaf.columns else "FALSE"


def _timed(node: Node) -> str:
    """Give the condition that nothing but time is missing to an open criterion."""
    leaf = node.leaf
    if leaf is None:
        return "FALSE"
    parts = [f"{leaf.name}_wait IS NOT NULL"] if "wait" in leaf.columns else []
    parts += [f"{leaf.name}_pending"] if "pending" in leaf.columns else []
    if not parts:
        return "FALSE"
    conflict = f" AND NOT {leaf.name}_conflict" if leaf.sided or "conflict" in leaf.columns else ""
    return f"({' OR '.join(parts)}){conflict}"


def _words(facts: dict[str, list[str]]) -> str:
    if not facts:
        return "''"
    parts = ", ".join(f"CASE WHEN {_any(tests)} THEN {literal(name)} END" for name, tests in sorted(facts.items()))
    return f"concat_ws(' ', {parts})"


def _any(parts: Iterator[str] | list[str]) -> str:
    return " OR ".join(parts) or "FALSE"


def _slug(name: str) -> str:
    from priorauth.population.seats import slug

    return slug(name)
