"""A policy as one query: rows by seat, each distinct leaf once, criteria from the leaves up, the outcome at the end.

The text is DuckDB's SQL. It is made from checked policy trees alone; every name in it comes from an id, a fact or a
place in the tree, every value through :func:`priorauth.engines.sql.pieces.literal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from priorauth.engines.sql import evidence, outcome, verdict_bits
from priorauth.engines.sql import tree as criteria
from priorauth.engines.sql.leaf import LeafSql, Leaves, Unsupported, gathered, may_be_lost
from priorauth.engines.sql.pieces import comment, identifier, slug
from priorauth.engines.sql.tree import Naming, Node
from priorauth.engines.sql.view import Sources
from priorauth.engines.sql.weighing import Weighing, weighing
from priorauth.engines.sql.windows import Anchors
from priorauth.errors import Fault, PopulationError
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents, traits
from priorauth.policy.tree import Criterion, Leaf, Policy, heard, walk

COLUMNS = (
    *("member", "patient", "as_of", "pathway", "outcome", "decide_after", "questions", "evidence", "supposed"),
    *("seat", "missed", "bucket"),
)
"""Names of columns that no criterion may have."""


@dataclass(frozen=True, slots=True)
class Block:
    """Named expressions that belong together; the last bears the name. ``kept``: worth keeping once worked out."""

    name: str
    text: str
    kept: bool = True


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
    steps: tuple[tuple[str, str], ...] = ()
    """Each block that is kept as a query of its own, with all before it that it needs and that is not kept."""
    closing: str = ""
    """The tree as a query of its own, in the same way."""
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name of a step -> the steps before it that it is the last to read, the tree apart."""
    weighing: Weighing = field(default_factory=Weighing)
    """The tree as gates: what ``found_0`` and the closing query say, worked out beside the database."""
    beside: str = ""
    """Of each member what stands beside the tree in a result, as a query of its own."""
    told: frozenset[str] = frozenset()
    """The steps that only ``weighing`` reads: leaves, and ``said``."""
    words: str = ""
    """The words of clinicians on criteria as a query of its own; empty where the policy has no ids."""

    @property
    def text(self) -> str:
        """The whole query."""
        return "WITH\n" + ",\n".join((*(block.text for block in self.blocks), *self.tree)) + "\n" + self.final


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

    Raises PopulationError, naming file and line of each leaf that has no SQL.
    """
    return _Compiler(policy, heard(policy, vocabulary), common, as_of, pathways, evidence).query()


@dataclass(slots=True)
class _Compiler:
    policy: Policy
    vocabulary: Vocabulary
    common: tuple[Criterion, ...]
    as_of: int | None
    pathways: tuple[str, ...] | None
    evidence: bool
    faults: list[Fault] = field(default_factory=list)
    sources: Sources = field(init=False)
    maker: Leaves = field(init=False)
    never: dict[str, LeafSql] = field(default_factory=dict)
    """By anchor: the leaf that says that there is none, where one can."""

    def query(self) -> Query:
        chosen = [one for one in self.policy.pathways if self.pathways is None or one.id in self.pathways]
        plan = outcome.Plan.of(self.policy, tuple(chosen), self.common, self.vocabulary)
        made = self.leaves(plan.criteria())
        naming = Naming(made)
        plan.name(naming)
        self.apart(plan)
        return self.assemble(plan, tuple(made.values()))

    def fault(self, line: int, message: str) -> None:
        """Add a fault in a line of the policy."""
        self.faults.append(Fault.at_line(self.policy.file, line, message))

    def apart(self, plan: outcome.Plan) -> None:
        """Hold the columns of criteria apart: from each other, whatever their case and marks, and from all others."""
        taken = dict.fromkeys(COLUMNS, "the result itself")
        for node in plan.nodes():
            name = node.criterion.id
            if name and taken.setdefault(slug(name), name) != name:
                other = taken[slug(name)]
                self.fault(node.criterion.line, f"the id {name} is a column of {other}")
        PopulationError.raise_if(dict.fromkeys(self.faults))

    def leaves(self, roots: Iterable[Criterion]) -> dict[str, LeafSql]:
        """Compile each distinct leaf once."""
        distinct: dict[str, tuple[Leaf, int]] = {}
        for root in roots:
            for criterion_leaf, line in _with_lines(root):
                distinct.setdefault(criterion_leaf.text, (criterion_leaf, line))
        forms = [leaf.form for leaf, _ in distinct.values()]
        anchors = dict.fromkeys(anchor for form in forms if may_be_lost(form) for anchor in contents.anchors_of(form))
        never = {anchor: form for anchor in anchors if (form := contents.never(anchor, self.vocabulary))}
        forms = [form for form in (*forms, *never.values()) if traits.of(form).sided]
        sided = frozenset(form.fact for form in forms if not gathered(form, self.vocabulary))
        self.sources = Sources(self.vocabulary, Anchors(self.as_of, {}), sided)
        self.maker = maker = Leaves(self.sources)
        made: dict[str, LeafSql] = {}
        for place, (text, (leaf, line)) in enumerate(distinct.items(), 1):
            try:
                made[text] = maker.leaf(f"leaf_{place:02}", text, leaf.form)
            except Unsupported as fault:
                self.fault(line, f"{fault}\n    {text}")
        PopulationError.raise_if(self.faults)
        self.never = {anchor: maker.leaf(f"never_{anchor}", f"no {form.fact}", form) for anchor, form in never.items()}
        return made

    def assemble(self, plan: outcome.Plan, made: tuple[LeafSql, ...]) -> Query:
        words = frozenset(node.criterion.id for node in plan.nodes() if node.criterion.id)
        rested = evidence.gathered(self.maker, made) if self.evidence else []
        made = (*made, *self.never.values())
        blocks = [Block(name, text, kept) for name, text, kept in self.sources.head()]
        blocks += [Block(name, text, name in self.sources.kept) for name, text in self.sources.texts.items()]
        alone = tuple(leaf for leaf in made if leaf.ctes)
        blocks += [Block(leaf.name, comment(leaf.text) + "\n" + ",\n".join(leaf.ctes)) for leaf in alone]
        if self.maker.statements.held:
            blocks.append(Block("said", self.maker.statements.text()))
        blocks.append(Block("found_0", verdict_bits.leaves(made, words)))
        tree = self.tree(plan, words)
        statuses = {node.criterion.id: node for node in plan.nodes() if node.criterion.id}
        shown = [("pathway", plan.chosen()), ("outcome", plan.outcome()), ("decide_after", plan.decide_after())]
        shown += [("questions", plan.questions(self.asked_of))]
        found = [*shown, *((name, status(node)) for name, node in statuses.items())]
        lines = [f"{text} AS {identifier(name) if name in statuses else name}" for name, text in found]
        more, joins = "", ""
        if self.evidence:
            blocks += [Block(name, text, name != "evidence") for name, text in rested]
            more, joins = "e.evidence", "\nLEFT JOIN evidence e ON e.seat = f.seat"
        final = "SELECT f.member, m.patient, f.as_of,\n  " + ",\n  ".join((*lines, *((more,) if more else ())))
        final += f"\nFROM {tree[-1][0]} f JOIN member m ON m.member = f.member{joins}"
        beside = f"SELECT f.member, m.patient, f.as_of{f', {more}' if more else ''}"
        beside += f"\nFROM seat f JOIN member m ON m.member = f.member{joins}"
        texts = tuple(
            _step(name, before, columns) for (before, _), (name, columns) in pairwise([("found_0", []), *tree])
        )
        steps, closing, beside = _alone(blocks, texts, final, beside)
        return Query(
            self.policy,
            tuple(blocks),
            texts,
            final,
            {name: name for name in statuses},
            ("member", "patient", "as_of", *(name for name, _ in shown), *statuses),
            {name: node.criterion.title for name, node in statuses.items() if node.criterion.title},
            steps,
            closing,
            _read_last(steps, closing),
            weighing(made, words, [column for _, columns in tree for column in columns], found, statuses),
            beside,
            _told(steps, made),
            verdict_bits.words_alone(words),
        )

    def tree(self, plan: outcome.Plan, words: frozenset[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return the criteria and the outcome step by step: each step's name, and its columns with their conditions."""
        levels = _levels([*plan.nodes(), *plan.in_time()])
        found = [
            (f"found_{place}", [column for node in level for column in criteria.columns(node, words)])
            for place, level in enumerate(levels, 1)
        ]
        down: dict[int, list[tuple[str, str]]] = {}
        for root in plan.weighed():
            for depth, level_columns in enumerate(criteria.lives(root, words)):
                down.setdefault(depth, []).extend(level_columns)
        found += [(f"open_{depth}", down[depth]) for depth in sorted(down)]
        found += [(f"weighed_{place}", step) for place, step in enumerate(plan.steps(self.asked_of), 1)]
        return found

    def asked_of(self, anchor: str) -> tuple[str, bool, str]:
        """Return the fact of an anchor, whether somebody outside the payer knows it, and when there is none."""
        none = self.never.get(anchor)
        return ANCHOR_FACTS[anchor], self.maker.asked_anchor(anchor), f"NOT {none.name}_fail" if none else "FALSE"


def status(node: Node) -> str:
    """Return the status of a criterion in words."""
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


def _alone(
    blocks: list[Block], tree: tuple[str, ...], final: str, beside: str
) -> tuple[tuple[tuple[str, str], ...], str, str]:
    """Return each block that is kept as a query of its own, the tree, and what stands beside it.

    What is not kept stands before what needs it.

    A view for each would be bound when it is made, and once more wherever it is used.
    """
    bare: dict[str, tuple[str, ...]] = {}
    """By name of a block that is not kept: the texts that it needs, its own last."""

    def before(text: str) -> tuple[str, ...]:
        needed = bare.keys() & set(re.findall(r"\w+", text))
        return tuple(dict.fromkeys(part for name in bare if name in needed for part in bare[name]))

    steps = []
    for block in blocks:
        texts = (*before(block.text), block.text)
        if block.kept:
            steps.append((block.name, "WITH\n" + ",\n".join(texts) + f"\nSELECT * FROM {block.name}"))
        else:
            bare[block.name] = texts
    texts = (*before("\n".join((*tree, final))), *tree)
    needed = before(beside)
    beside = ("WITH\n" + ",\n".join(needed) + "\n" if needed else "") + beside
    return tuple(steps), "WITH\n" + ",\n".join(texts) + "\n" + final, beside


def _read_last(steps: tuple[tuple[str, str], ...], closing: str) -> dict[str, tuple[str, ...]]:
    """Return which steps nothing reads any more once another is made."""
    names = {name for name, _ in steps}
    left = names - set(re.findall(r"\w+", closing))
    found: dict[str, tuple[str, ...]] = {}
    for name, text in reversed(steps):
        over = (left & set(re.findall(r"\w+", text))) - {name}
        left -= over
        found[name] = tuple(sorted(over))
    return found


def _told(steps: tuple[tuple[str, str], ...], leaves: tuple[LeafSql, ...]) -> frozenset[str]:
    """Return which steps say something of leaves, and to no other step but ``found_0``."""
    read = {word for name, text in steps if name != "found_0" for word in set(re.findall(r"\w+", text)) - {name}}
    return frozenset({"said", *({leaf.name for leaf in leaves} - read)} & {name for name, _ in steps})


def _levels(nodes: Iterable[Node]) -> list[list[Node]]:
    """Group criteria by how much stands below them: each level needs those before it alone."""
    levels: dict[int, list[Node]] = {}
    for node in nodes:
        levels.setdefault(node.height, []).append(node)
    return [levels[height] for height in sorted(levels)]
