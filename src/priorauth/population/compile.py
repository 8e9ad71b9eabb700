"""A policy as one query: rows by seat, each distinct leaf once, criteria from the leaves up, the outcome at the end.

The text is DuckDB's SQL. It is made from checked policy trees alone; every name in it comes from an id, a fact or a
place in the tree, every value through :func:`priorauth.population.sql.literal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from priorauth.decide.view import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.tree import Criterion, Leaf, Policy, walk
from priorauth.population import criteria, evidence, found, outcomes
from priorauth.population.criteria import Naming, Node
from priorauth.population.frames import Anchors
from priorauth.population.leaves import SIDELESS, LeafSql, Leaves, Unsupported, gathered
from priorauth.population.seats import Sources


class UnsupportedPolicy(ValueError):
    """A policy that has no SQL: one line for each leaf, with its place."""


@dataclass(frozen=True, slots=True)
class Block:
    """Named expressions that belong together; the last bears the name. ``kept``: worth keeping once worked out."""

    name: str
    text: str
    kept: bool = True

    @property
    def alone(self) -> str:
        """The block as a query of its own."""
        return f"WITH\n{self.text}\nSELECT * FROM {self.name}"


@dataclass(frozen=True, slots=True)
class Query:
    """A policy as SQL: named expressions in order, and the columns of what they give."""

    policy: Policy
    blocks: tuple[Block, ...]
    tree: tuple[str, ...]
    final: str
    statuses: Mapping[str, str]
    """Criterion id -> column of its status."""
    columns: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The whole query."""
        return "WITH\n" + ",\n".join((*(block.text for block in self.blocks), *self.tree)) + "\n" + self.final

    @property
    def stages(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks by what they need: those of one stage that are kept need no other kept one of it.

        Within a stage those that are not kept come first, in the order in which they need each other.
        """
        depth: dict[str, int] = {}
        above: dict[str, int] = {}
        for block in self.blocks:
            needed = above.keys() & set(re.findall(r"\w+", block.text))
            depth[block.name] = max((above[name] for name in needed), default=0)
            above[block.name] = depth[block.name] + block.kept
        ordered = sorted(self.blocks, key=lambda block: (depth[block.name], block.kept))
        return tuple(tuple(stage) for _, stage in groupby(ordered, lambda block: depth[block.name]))

    @property
    def last(self) -> str:
        """The tree alone, over the verdicts of the leaves."""
        return "WITH\n" + ",\n".join(self.tree) + "\n" + self.final


def compile_policy(  # noqa: PLR0913 - what may be asked of a compiler, all of it by name
    policy: Policy,
    vocabulary: Vocabulary,
    common: tuple[Criterion, ...] = (),
    *,
    as_of: int | None = None,
    pathways: tuple[str, ...] | None = None,
    evidence: bool = False,
) -> Query:
    """Compile a policy; ``as_of`` is the request date of all members (None: each its own), ``pathways`` keeps some.

    Raises UnsupportedPolicy, naming file and line of each leaf that has no SQL.
    """
    return _Compiler(policy, vocabulary, common, as_of, pathways, evidence).query()


@dataclass(slots=True)
class _Compiler:
    policy: Policy
    vocabulary: Vocabulary
    common: tuple[Criterion, ...]
    as_of: int | None
    pathways: tuple[str, ...] | None
    evidence: bool
    faults: list[str] = field(default_factory=list)
    sources: Sources = field(init=False)
    maker: Leaves = field(init=False)

    def query(self) -> Query:
        chosen = [one for one in self.policy.pathways if self.pathways is None or one.id in self.pathways]
        plan = outcomes.Plan.of(self.policy, tuple(chosen), self.common)
        made = self.leaves(plan.criteria())
        naming = Naming(made)
        plan.name(naming)
        return self.assemble(plan, tuple(made.values()))

    def leaves(self, roots: Iterable[Criterion]) -> dict[str, LeafSql]:
        """Compile each distinct leaf once."""
        distinct: dict[str, tuple[Leaf, int]] = {}
        for root in roots:
            for criterion_leaf, line in _with_lines(root):
                distinct.setdefault(criterion_leaf.text, (criterion_leaf, line))
        forms = [leaf.form for leaf, _ in distinct.values() if not isinstance(leaf.form, SIDELESS)]
        sided = frozenset(form.fact for form in forms if not gathered(form, self.vocabulary))
        self.sources = Sources(self.vocabulary, Anchors(self.as_of, {}), sided)
        self.maker = maker = Leaves(self.sources)
        made: dict[str, LeafSql] = {}
        for place, (text, (leaf, line)) in enumerate(distinct.items(), 1):
            try:
                made[text] = maker.leaf(f"leaf_{place:02}", text, leaf.form)
            except Unsupported as fault:
                self.faults.append(f"{self.policy.file}:{line}: {fault}\n    {text}")
        if self.faults:
            raise UnsupportedPolicy("\n".join(self.faults))
        return made

    def assemble(self, plan: outcomes.Plan, made: tuple[LeafSql, ...]) -> Query:
        words = frozenset(node.criterion.id for node in plan.nodes() if node.criterion.id)
        rested = evidence.gathered(self.maker, made) if self.evidence else []
        blocks = [Block(name, text, kept) for name, text, kept in self.sources.head()]
        blocks += [Block(name, text, name in self.sources.kept) for name, text in self.sources.texts.items()]
        alone = tuple(leaf for leaf in made if leaf.ctes)
        blocks += [Block(leaf.name, f"-- {leaf.text}\n" + ",\n".join(leaf.ctes)) for leaf in alone]
        if self.maker.statements.held:
            blocks.append(Block("said", self.maker.statements.text()))
        blocks.append(Block("found_0", found.leaves(made, words), kept=False))
        texts: list[str] = []
        before = "found_0"
        levels = _levels(plan.roots())
        for place, level in enumerate(levels, 1):
            texts.append(_step(f"found_{place}", before, [c for node in level for c in criteria.columns(node, words)]))
            before = f"found_{place}"
        down: dict[int, list[tuple[str, str]]] = {}
        for root in plan.weighed():
            for depth, level_columns in enumerate(criteria.lives(root, words)):
                down.setdefault(depth, []).extend(level_columns)
        for depth in sorted(down):
            texts.append(_step(f"open_{depth}", before, down[depth]))
            before = f"open_{depth}"
        for place, step in enumerate(plan.steps(self.asked_of), 1):
            texts.append(_step(f"weighed_{place}", before, step))
            before = f"weighed_{place}"
        statuses = {node.criterion.id: node for node in plan.nodes() if node.criterion.id}
        shown = [("pathway", plan.chosen()), ("outcome", plan.outcome()), ("decide_after", plan.decide_after())]
        shown += [("questions", plan.questions(self.asked_of))]
        lines = [f"{text} AS {name}" for name, text in shown]
        lines += [f'{status(node)} AS "{name}"' for name, node in statuses.items()]
        joins = ""
        if self.evidence:
            blocks += [Block(name, text, name != "evidence") for name, text in rested]
            lines.append("e.evidence")
            joins = "\nLEFT JOIN evidence e ON e.seat = f.seat"
        final = "SELECT f.member, m.patient, f.as_of,\n  " + ",\n  ".join(lines)
        final += f"\nFROM {before} f JOIN member m ON m.member = f.member{joins}"
        return Query(
            self.policy,
            tuple(blocks),
            tuple(texts),
            final,
            {name: name for name in statuses},
            ("member", "patient", "as_of", *(name for name, _ in shown), *statuses),
            {name: node.criterion.title for name, node in statuses.items() if node.criterion.title},
        )

    def asked_of(self, anchor: str) -> tuple[str, bool]:
        """Name the fact of an anchor, and say whether somebody outside the payer knows it."""
        name = ANCHOR_FACTS[anchor]
        fact = self.vocabulary.facts.get(name)
        return name, fact is not None and fact.kind != "judgment" and fact.asked_of != "payer"


def status(node: Node) -> str:
    """Give the status of a criterion in words."""
    can, fail = node.counted if node.guard else node.truth
    open_ = f"WHEN {can} AND {fail} THEN CASE WHEN {node.conflict} THEN 'conflict' ELSE 'unknown' END"
    never = f"WHEN NOT {node.guard.truth.can} THEN 'not-applicable' " if node.guard else ""
    # with a guard that is met, what is counted is the criterion's own verdict
    return f"CASE {never}{open_} WHEN {can} THEN 'met' ELSE 'not-met' END"


def _with_lines(criterion: Criterion) -> Iterator[tuple[Leaf, int]]:
    for node in walk(criterion):
        if isinstance(node.test, Leaf):
            yield node.test, node.line


def _step(name: str, before: str, columns: list[tuple[str, str]]) -> str:
    listed_columns = ",\n    ".join(f"{text} AS {column}" for column, text in columns)
    return f"{name} AS (\n  SELECT *,\n    {listed_columns}\n  FROM {before}\n)"


def _levels(roots: Iterable[Node]) -> list[list[Node]]:
    """Group criteria by how much stands below them: each level needs those before it alone."""
    levels: dict[int, list[Node]] = {}
    for root in roots:
        for node in root.walk():
            levels.setdefault(node.height, []).append(node)
    return [levels[height] for height in sorted(levels)]
