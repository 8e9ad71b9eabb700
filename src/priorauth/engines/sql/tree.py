"""The tree of a policy as SQL: each criterion is two columns that are never NULL, and a third for a conflict.

Criteria are worked out from the leaves up, level by level, and what is still open from the roots down: an open leaf is
one that is undecided, and so is everything above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from priorauth.engines.sql.leaf import LeafSql
from priorauth.engines.sql.pieces import Pair, slug
from priorauth.language import forms as f
from priorauth.policy.tree import Criterion, Group, Leaf


@dataclass(slots=True, eq=False)
class Node:
    """A criterion in its place: its name in SQL, the group it stands in, and what stands below it."""

    criterion: Criterion
    name: str
    inside: str
    document: bool
    parts: list[Node] = field(default_factory=list)
    guard: Node | None = None
    leaf: LeafSql | None = None
    in_time: Node | None = None
    """The same criterion as time may make it: a leaf that is not met for lack of time alone is unknown."""
    given_time: bool = False

    @property
    def below(self) -> tuple[Node, ...]:
        """Return the guard and the parts."""
        return (*((self.guard,) if self.guard else ()), *self.parts)

    @property
    def height(self) -> int:
        """How many levels stand below it."""
        return 1 + max((part.height for part in self.below), default=-1)

    @property
    def truth(self) -> Pair:
        """Its own verdict, whatever its guard."""
        return Pair(f"{self.name}_can", f"{self.name}_fail")

    @property
    def counted(self) -> Pair:
        """What it contributes to the group it stands in."""
        return Pair(f"{self.name}_counts_can", f"{self.name}_counts_fail") if self.guard else self.truth

    @property
    def conflict(self) -> str:
        """Whether a conflict keeps it open."""
        return f"{self.name}_conflict"

    @property
    def short(self) -> str:
        """Whether it lacks nothing but time, and so does everything above it that is not met."""
        return f"{self.name}_short"

    @property
    def waits(self) -> str:
        """Whether only time settles it, where it is what is open."""
        if self.leaf is None or "wait" not in self.leaf.columns:
            return "FALSE"
        missing = f" AND {self.leaf.name}_can" if self.document else ""  # a document that fails is asked
        return f"{self.leaf.name}_wait IS NOT NULL{missing}"

    @property
    def live(self) -> str:
        """Whether it is undecided, and so is everything above it."""
        return f"{self.name}_live"

    @property
    def word(self) -> str | None:
        """The clinician's word on it: TRUE, FALSE, or NULL where there is none."""
        return f"word_{slug(self.criterion.id)}" if self.criterion.id else None

    @property
    def by_silence(self) -> bool:
        """Whether silence can settle it."""
        return self.leaf is not None and "assumed" in self.leaf.columns

    def walk(self) -> Iterator[Node]:
        """Yield it and all below it."""
        yield self
        for part in self.below:
            yield from part.walk()

    def give_time(self, naming: Naming) -> Node:
        """Return the criterion as time may make it: itself where no leaf below it can lack time alone."""
        guard = self.guard.give_time(naming) if self.guard else None
        parts = [part.give_time(naming) for part in self.parts]
        waits = self.leaf is not None and "wait" in self.leaf.columns and isinstance(self.leaf.form, f.Throughout)
        if not waits and guard is self.guard and all(one is two for one, two in zip(parts, self.parts, strict=True)):
            return self
        name = naming.name(f"{self.name}_in_time")
        self.in_time = Node(self.criterion, name, self.inside, self.document, parts, guard, self.leaf, given_time=True)
        return self.in_time


@dataclass(slots=True)
class Naming:
    """Names for criteria: the payer's own id where there is one, else the name of the group and the place in it."""

    leaves: dict[str, LeafSql]
    taken: dict[str, int] = field(default_factory=dict)

    def node(self, criterion: Criterion, base: str, inside: str = "all", *, document: bool = False) -> Node:
        """Return a criterion and all below it their names."""
        node = Node(criterion, self.name(slug(criterion.id) if criterion.id else base), inside, document)
        if criterion.guard:
            node.guard = self.node(criterion.guard, f"{node.name}_when")
        if isinstance(criterion.test, Leaf):
            node.leaf = self.leaves[criterion.test.text]
        else:
            kind = criterion.test.kind
            within = document and kind != "none of"
            node.parts = [
                self.node(part, f"{node.name}_{place}", kind, document=within)
                for place, part in enumerate(criterion.test.parts, 1)
            ]
        return node

    def name(self, wanted: str) -> str:
        """Return a name that nothing else has."""
        wanted = f"c_{wanted}" if wanted[0].isdigit() else wanted
        self.taken[wanted] = self.taken.get(wanted, 0) + 1
        return wanted if self.taken[wanted] == 1 else self.name(f"{wanted}_{self.taken[wanted]}")


def columns(node: Node, words: frozenset[str]) -> list[tuple[str, str]]:
    """Return the columns of one criterion from those of what stands below it."""
    truth, conflict = _own(node)
    if node.guard and not node.leaf and conflict != "FALSE":
        conflict = f"({truth.can}) AND ({truth.fail}) AND ({conflict})"
    word = node.word if node.criterion.id in words else None
    if word:
        truth = Pair(f"coalesce({word}, {truth.can})", f"coalesce(NOT {word}, {truth.fail})")
        conflict = f"{word} IS NULL AND {conflict}"
    made = [(node.truth.can, truth.can), (node.truth.fail, truth.fail)]
    if not node.guard:
        open_ = f"({truth.can}) AND ({truth.fail})"
        return [*made, (node.conflict, "FALSE" if conflict == "FALSE" else f"{open_} AND ({conflict})")]
    guard = node.guard.truth
    if node.inside == "all":
        counted = Pair(f"{guard.fail} OR ({truth.can})", f"{guard.can} AND ({truth.fail})")
    else:
        counted = Pair(f"{guard.can} AND ({truth.can})", f"{guard.fail} OR ({truth.fail})")
    open_ = f"({counted.can}) AND ({counted.fail})"
    made += [(node.counted.can, counted.can), (node.counted.fail, counted.fail)]
    return [*made, (node.conflict, f"{open_} AND (({conflict}) OR {node.guard.conflict})")]


def _own(node: Node) -> tuple[Pair, str]:
    """Return the verdict of a criterion without its guard, and whether a conflict keeps it open."""
    if node.leaf:
        can, fail = f"{node.leaf.name}_can", f"{node.leaf.name}_fail"
        if node.given_time:
            can = f"({can} OR {node.leaf.name}_wait IS NOT NULL)"
        conflict = f"{node.leaf.name}_conflict" if node.leaf.sided or "conflict" in node.leaf.columns else "FALSE"
        return Pair("TRUE" if node.document else can, fail), conflict
    group = node.criterion.test
    assert isinstance(group, Group)  # noqa: S101 - what is no leaf is a group
    inner = " OR ".join(part.conflict for part in node.parts)
    counted = [part.counted for part in node.parts]
    match group.kind:
        case "ways":
            return _ways(node, inner)
        case "none of":
            return Pair(_every(pair.fail for pair in counted), _some(pair.can for pair in counted)), inner
        case "all":
            return Pair(_every(pair.can for pair in counted), _some(pair.fail for pair in counted)), inner
        case "any":
            return Pair(_some(pair.can for pair in counted), _every(pair.fail for pair in counted)), inner
        case _:
            can = " + ".join(f"CAST({pair.can} AS INTEGER)" for pair in counted)
            sure = " + ".join(f"CAST(NOT {pair.fail} AS INTEGER)" for pair in counted)
            return Pair(f"{can} >= {group.k}", f"{sure} < {group.k}"), inner


def _ways(node: Node, inner: str) -> tuple[Pair, str]:
    """One idea through several facts: settled parts that differ are a conflict, and so is one inside a part.

    A part that only silence settled yields to one that something on file settles.
    """
    met, not_met = _settled(node.parts)
    if any(part.by_silence for part in node.parts):
        said = [part for part in node.parts if not part.by_silence]
        said_met, said_not = _settled(said)
        for part in node.parts:
            if part.by_silence and part.leaf:
                spoken = f"NOT {part.leaf.name}_assumed AND "
                one_met, one_not = _settled([part])
                said_met += [f"({spoken}{text})" for text in one_met]
                said_not += [f"({spoken}{text})" for text in one_not]
        none = f"NOT ({_some([*said_met, *said_not])})"
        met = [*said_met, f"({none} AND ({_some(met)}))"]
        not_met = [*said_not, f"({none} AND ({_some(not_met)}))"]
    some_met, some_not = _some(met), _some(not_met)
    truth = Pair(
        f"({some_met}) OR NOT ({some_not}) OR {inner}",
        f"({some_not}) OR NOT ({some_met}) OR {inner}",
    )
    return truth, f"({some_met}) AND ({some_not}) OR {inner}"


def _settled(parts: list[Node]) -> tuple[list[str], list[str]]:
    """Return for each part the conditions that it is met, and that it is not met."""
    met, not_met = [], []
    for part in parts:
        applies = f"{part.guard.truth.can} AND NOT {part.guard.truth.fail} AND " if part.guard else ""
        met.append(f"({applies}NOT {part.counted.fail})")
        not_met.append(f"({applies}NOT {part.counted.can})")
    return met, not_met


def _some(parts: Iterator[str] | list[str]) -> str:
    return " OR ".join(f"{part}" for part in parts)


def _every(parts: Iterator[str] | list[str]) -> str:
    return " AND ".join(f"{part}" for part in parts)


def undecided(node: Node) -> str:
    """Return the condition that what it contributes is unknown."""
    return f"{node.counted.can} AND {node.counted.fail}"


def lives(root: Node, words: frozenset[str]) -> list[list[tuple[str, str]]]:
    """Return, level by level from the root down, whether each criterion is open and so is everything above it."""
    levels: list[list[tuple[str, str]]] = [[(root.live, _still(root, words))]]
    above = [root]
    while above:
        below: list[Node] = []
        level: list[tuple[str, str]] = []
        for node in above:
            if node.guard:
                level.append((node.guard.live, f"{node.live} AND {_still(node.guard, words)}"))
            passes = passed(node)
            level += [(part.live, f"{passes} AND {_still(part, words)}") for part in node.parts]
            below += node.below
        if level:
            levels.append(level)
        above = below
    return levels


def passed(node: Node) -> str:
    """Return the condition that what stands below a criterion can still change it."""
    applies = f" AND {node.guard.truth.can}" if node.guard else ""
    return f"{node.live}{applies} AND {node.truth.can} AND {node.truth.fail}"


def _still(node: Node, words: frozenset[str]) -> str:
    silent = f" AND {node.word} IS NULL" if node.criterion.id in words else ""
    return f"{undecided(node)}{silent}"


def short_of_time(node: Node, above: str = "TRUE") -> Iterator[tuple[Node, str]]:
    """Yield the leaves that keep a criterion from being met for lack of time alone, each with when it does."""
    if node.in_time is None:
        return
    here = f"NOT {node.counted.can} AND {node.in_time.counted.can}"
    here = here if above == "TRUE" else f"{above} AND {here}"
    if node.guard:
        yield from short_of_time(node.guard, here)
    if node.guard or node.word:
        here += f" AND NOT {node.truth.can}"
    if node.leaf:
        yield node, f"{here} AND {node.leaf.name}_wait IS NOT NULL"
    for part in node.parts:
        yield from short_of_time(part, here)


def opened(node: Node) -> str | None:
    """Return the condition that a criterion itself is what is open: a leaf, or ways that differ; None: never."""
    if node.leaf:
        return f"({passed(node)})"
    group = node.criterion.test
    if isinstance(group, Group) and group.kind == "ways":
        none = " AND ".join(f"NOT ({undecided(part)})" for part in node.parts)
        return f"({passed(node)} AND {none})"
    return None
