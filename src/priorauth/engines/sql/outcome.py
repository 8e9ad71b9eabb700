"""The outcome of a request as SQL, made from the one table of outcomes that Python walks too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from priorauth.engines.sql import tree
from priorauth.engines.sql.pieces import literal, slug
from priorauth.engines.sql.tree import Naming, Node
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents, traits
from priorauth.policy.outcome import EARLY, SETTLED, TABLE, UNREAD, Sign
from priorauth.policy.roots import Role, Root, roots
from priorauth.policy.tree import Criterion, Pathway, Policy, denied_by_silence

AskedOf = Callable[[str], tuple[str, bool, str]]
"""Gives of an anchor its fact, whether somebody outside the payer knows it, and the condition that there is none."""
Columns = list[tuple[str, str]]
COMPILED: tuple[Role, ...] = (
    *("elsewhere", "other criteria", "authorization", "alternative", "pathway", "criterion"),
    *("exclusion", "document", "hand-off"),
)
"""The roles of the trees that are compiled, in the order in which their leaves are numbered."""


@dataclass(slots=True)
class Plan:
    """The trees of a policy by what they stand for."""

    policy: Policy
    pathways: tuple[Pathway, ...]
    common: tuple[Criterion, ...]
    vocabulary: Vocabulary
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
    def of(
        cls, policy: Policy, pathways: tuple[Pathway, ...], common: tuple[Criterion, ...], vocabulary: Vocabulary
    ) -> Plan:
        """Plan a policy with some of its pathways; conditions of all of them decide which is taken."""
        return cls(policy, pathways, common, vocabulary)

    def of_role(self, *roles: Role) -> Iterator[Root]:
        """Yield the trees of some roles, role after role; of what pathways require, that of the pathways chosen."""
        chosen = {pathway.id for pathway in self.pathways}
        listed = tuple(roots(self.policy, self.common))
        for role in roles:
            yield from (
                root
                for root in listed
                if root.role == role and (role != "criterion" or self.policy.pathways[root.pathway].id in chosen)
            )

    def criteria(self) -> Iterator[Criterion]:
        """Yield the trees that are compiled."""
        yield from (root.criterion for root in self.of_role(*COMPILED))

    def name(self, naming: Naming) -> None:
        """Give every tree its names."""

        def named(role: Role, base: str) -> list[Node]:
            return [
                naming.node(root.criterion, base, root.inside, document=root.document) for root in self.of_role(role)
            ]

        def by_pathway(role: Role, before: str) -> dict[str, Node]:
            ids = ((self.policy.pathways[root.pathway].id, root.criterion) for root in self.of_role(role))
            return {name: naming.node(criterion, f"{before}{slug(name)}") for name, criterion in ids}

        self.elsewhere = named("elsewhere", "elsewhere")
        self.other = named("other criteria", "other_criteria")
        self.required = next(iter(named("authorization", "authorization")), None)
        self.whens = by_pathway("pathway", "takes_")
        self.trees = by_pathway("criterion", "")
        for root in self.trees.values():
            root.give_time(naming)
        self.individual = next(iter(named("alternative", "individual")), None)
        self.excluded = named("exclusion", "excluded")
        self.documents = named("document", "document")
        self.reserved = named("hand-off", "reserved")

    def roots(self) -> Iterator[Node]:
        """Yield every tree."""
        yield from (*self.elsewhere, *self.other, *self.whens.values(), *self.trees.values())
        yield from (one for one in (self.required, self.individual) if one)
        yield from (*self.excluded, *self.documents, *self.reserved)

    def nodes(self) -> Iterator[Node]:
        """Yield every criterion."""
        for root in self.roots():
            yield from root.walk()

    def in_time(self) -> Iterator[Node]:
        """Yield the criteria of pathways as time may make them, where that is something else."""
        for root in self.trees.values():
            yield from (node.in_time for node in root.walk() if node.in_time)

    def weighed(self) -> Iterator[Node]:
        """Yield the trees whose open leaves count: pathways, exclusions, documents, and scope, which is asked alone."""
        yield from (*self.trees.values(), *self.excluded, *self.documents)
        yield from (*self.elsewhere, *self.other, *self.whens.values())
        if self.required:
            yield self.required

    # ---- which pathway

    def taken(self) -> str:
        """Return the place of the pathway taken: from 1, 0 for none, -1 where that is unknown."""
        cases: list[str] = []
        for place, pathway in enumerate(self.policy.pathways, 1):
            if pathway.when is None:
                return f"CASE {' '.join(cases)} ELSE {place} END" if cases else str(place)
            can, fail = self.whens[pathway.id].truth
            cases += [f"WHEN NOT {fail} THEN {place}", f"WHEN {can} THEN -1"]
        return f"CASE {' '.join(cases)} ELSE 0 END"

    def chosen(self) -> str:
        """Return the pathway in words; NULL where scope comes first or none is taken."""
        names = " ".join(f"WHEN {place} THEN {literal(p.id)}" for place, p in enumerate(self.policy.pathways, 1))
        early = " OR ".join(f"sign_{sign}" for sign in EARLY)
        return f"CASE WHEN {early} OR sign_scope_unknown THEN NULL ELSE CASE taken {names} END END"

    # ---- what is open

    def opens(self) -> Columns:
        """Return for each criterion that may itself be open whether it is."""
        return [
            (f"{node.name}_open", text)
            for root in self.weighed()
            for node in root.walk()
            if (text := tree.opened(node))
        ]

    def short(self) -> list[tuple[Node, str, str]]:
        """Return the leaves that may lack time alone, with the condition that their pathway counts, and when."""
        return [
            (node, f"taken = {place} AND NOT accepted AND ", text)
            for place, root in self.placed()
            for node, text in tree.short_of_time(root)
        ]

    def placed(self) -> list[tuple[int, Node]]:
        """Return the tree of each pathway with its place."""
        places = {pathway.id: place for place, pathway in enumerate(self.policy.pathways, 1)}
        return [(places[name], root) for name, root in self.trees.items()]

    def considered(self) -> list[tuple[Node, str]]:
        """Return the criteria that may be open, each with the condition that its tree counts."""
        found = []
        for place, root in self.placed():
            found += [(node, f"taken = {place} AND NOT accepted AND ") for node in root.walk()]
        for root in (*self.excluded, *self.documents):
            found += [(node, "") for node in root.walk()]
        return [(node, when) for node, when in found if tree.opened(node)]

    def steps(self, asked_of: AskedOf) -> Iterator[Columns]:
        """Yield the columns of the outcome, step by step."""
        accepted = f"NOT {self.individual.truth.fail}" if self.individual else "FALSE"
        short = [(node.short, text) for node, _, text in self.short()]
        yield [*self.opens(), *short, ("taken", self.taken()), ("accepted", accepted)]
        yield [(f"sign_{sign}", text) for sign, text in self.signs(asked_of)]

    def signs(self, asked_of: AskedOf) -> Iterator[tuple[Sign, str]]:
        """Yield each sign of the table of outcomes as a condition."""
        yield "scope_differs", _any(f"NOT {node.truth.fail}" for node in self.elsewhere)
        yield "other_criteria", _any(f"NOT {node.truth.fail}" for node in self.other)
        yield "not_required", f"NOT {self.required.truth.can}" if self.required else "FALSE"
        scope = [*self.elsewhere, *self.other, *((self.required,) if self.required else ())]
        yield "scope_unknown", _any([*(f"({n.truth.can} AND {n.truth.fail})" for n in scope), "taken = -1"])
        yield "excluded", _any(f"NOT {node.counted.fail}" for node in self.excluded)
        failed = _any(f"(taken = {place} AND NOT {node.counted.can})" for place, node in self.placed())
        short = _any(f"({when}{node.short})" for node, when, _ in self.short())
        yield "failed", f"NOT accepted AND ({failed})" + ("" if short == "FALSE" else f" AND NOT ({short})")
        yield "waiting", short
        yield "no_pathway", "taken = 0"
        denied = [denied_by_silence(node.criterion, self.vocabulary) for node in self.reserved]
        yield (
            "reserved",
            _any(
                node.counted.can if silent else f"NOT {node.counted.fail}"
                for node, silent in zip(self.reserved, denied, strict=True)
            ),
        )
        found = self.considered()
        yield "conflict", _any(f"({when}{node.name}_open AND {node.conflict})" for node, when in found)
        waiting = self.waiting()
        asks = [f"({when}{text})" for node, when in found for _, text in asked(node, asked_of, waiting=waiting)]
        yield "askable", _any(asks)
        other = [f"({when}{node.name}_open AND NOT ({_timed(node)}))" for node, when in found]
        yield "only_time", f"({waiting}) AND NOT ({_any(other)})"
        yield "undecided", _any(f"({when}{node.name}_open)" for node, when in found)

    def waiting(self) -> str:
        """Return the condition that a criterion that is open waits for time."""
        found = [(node, when) for node, when in self.considered() if node.waits != "FALSE"]
        return _any(f"({when}{node.name}_open AND {node.waits})" for node, when in found)

    def outcome(self) -> str:
        """Return the outcome: the first row of the table one of whose signs holds."""
        if self.policy.unread:
            return literal(UNREAD)
        cases: list[str] = []
        for name, signs in TABLE:
            if not signs:
                return f"CASE {' '.join(cases)} ELSE {literal(name)} END"
            cases.append(f"WHEN {' OR '.join(f'sign_{sign}' for sign in signs)} THEN {literal(name)}")
        raise AssertionError  # pragma: no cover - the last row needs no sign

    def decide_after(self) -> str:
        """Return the first day on which time alone can settle the request; NULL where the outcome is not `not-yet`."""
        if self.policy.unread:
            return _NEVER
        open_ = [(node, f"{when}{node.name}_open AND {node.waits}") for node, when in self.considered()]
        latest = _latest([(node, text) for node, text in open_ if node.waits != "FALSE"])
        short = _latest([(node, f"{when}{node.short}") for node, when, _ in self.short()])
        if short != _NEVER:
            latest = f"CASE WHEN sign_waiting THEN {short} ELSE {latest} END"
        return _NEVER if latest == _NEVER else f"CASE WHEN {self.outcome()} = 'not-yet' THEN {latest} END"

    def scope(self) -> Iterator[tuple[Node, str]]:
        """Yield the trees of scope, each with when it is asked: a pathway's condition only where all else is known."""
        first = [*self.elsewhere, *self.other, *((self.required,) if self.required else ())]
        yield from ((root, "") for root in first)
        before = "".join(f"NOT ({tree.undecided(root)}) AND " for root in first)
        for root in self.whens.values():
            yield root, before
            before += f"NOT {root.truth.can} AND "

    def questions(self, asked_of: AskedOf) -> str:
        """Return the facts to ask for, parted by spaces; empty where nothing is asked."""
        if self.policy.unread:
            return "''"
        facts: dict[str, list[str]] = {}
        waiting = self.waiting()
        for node, when in self.considered():
            for name, text in asked(node, asked_of, everyone=True, waiting=waiting):
                facts.setdefault(name, []).append(f"({when}{text})")
        scope: dict[str, list[str]] = {}
        for root, when in self.scope():
            for node in root.walk():
                if tree.opened(node):
                    for name, text in asked(node, asked_of, everyone=True):
                        scope.setdefault(name, []).append(f"({when}{text})")
        fixed = " OR ".join(f"sign_{sign}" for sign in SETTLED)
        early = " OR ".join(f"sign_{sign}" for sign in EARLY)
        asks = f"WHEN sign_scope_unknown THEN {_words(scope)} WHEN {fixed} THEN '' ELSE {_words(facts)}"
        return f"CASE WHEN {early} THEN '' {asks} END"


def asked(
    node: Node, asked_of: AskedOf, *, everyone: bool = False, waiting: str = "FALSE"
) -> Iterator[tuple[str, str]]:
    """Yield the facts that an open leaf asks for, each with its condition; ``everyone``: the payer's too.

    ``waiting`` is the condition that something waits for time: what is still going on is then not asked.
    """
    leaf = node.leaf
    if leaf is None or not traits.of(leaf.form).asked:
        return
    open_ = f"{node.name}_open"
    if leaf.sided or "conflict" in leaf.columns:
        open_ += f" AND NOT {leaf.name}_conflict"
    never = [node.waits] if "wait" in leaf.columns else []
    never += [f"{leaf.name}_hinted"] if "hinted" in leaf.columns else []  # where silence says no, a hint is judged
    never += [f"{leaf.name}_failed"] if "failed" in leaf.columns else []  # what is on file is not asked again
    never += [f"{leaf.name}_pending AND ({waiting})"] if "pending" in leaf.columns else []
    open_ += "".join(f" AND NOT ({text})" for text in never)
    own = open_
    if "lost" in leaf.columns:
        quiet = f" OR {leaf.name}_quiet" if "quiet" in leaf.columns else ""
        own += f" AND ({leaf.name}_lost IS NULL{quiet})"
        for anchor in contents.anchors_of(leaf.form):
            name, known, none = asked_of(anchor)
            lost = f"{leaf.name}_lost = {literal(anchor)}"
            own += "" if none == "FALSE" else f" AND NOT coalesce({lost} AND {none}, FALSE)"
            if known or everyone:
                yield name, f"{open_} AND {lost}" + ("" if none == "FALSE" else f" AND NOT ({none})")
    for name in contents.facts_of(leaf.form):
        if name in leaf.asked or everyone:
            passed = "passed" in leaf.columns and name == leaf.form.fact
            yield name, f"{own} AND NOT {leaf.name}_passed" if passed else own


def _latest(days: list[tuple[Node, str]]) -> str:
    """Return the latest of the days on which time settles some leaves, of those of which a condition holds."""
    found = [f"CASE WHEN {text} THEN {node.leaf.name}_wait END" for node, text in days if node.leaf]
    return f"greatest({', '.join(found)})" if len(found) > 1 else next(iter(found), _NEVER)


_NEVER = "CAST(NULL AS DATE)"


def _timed(node: Node) -> str:
    """Return the condition that nothing but time is missing to an open criterion."""
    leaf = node.leaf
    if leaf is None:
        return "FALSE"
    parts = [f"({node.waits})"] if "wait" in leaf.columns else []
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
