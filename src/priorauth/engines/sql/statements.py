"""All leaves that rest on the newest statement of a fact, in one pass over the answers: four bits a leaf.

Where all statements of a member say one thing of a leaf, neither their order nor their source matters. Only the others
are sorted by time and by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.sql.pieces import Pair, fill, listed, literal

IN_WORD = 15
"""How many leaves one whole number holds, four bits each."""
KINDS = ("told", "once", "sides")
"""What ``said`` holds of a leaf: its bits; whether two newest statements of one moment differ; whether sides do."""
MET, NOT_MET, UNCLEAR, PENDING, ALL = 1, 2, 4, 8, 15


@dataclass(frozen=True, slots=True)
class Saying:
    """What a statement (alias ``r``, seat ``s``) says of a leaf, as conditions."""

    fact: str
    truth: Pair
    unclear: str = "FALSE"
    pending: str = "FALSE"
    newest: bool = True
    """Whether the newest statement counts; else any one will do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The verdict of one leaf in the words of ``said``."""

    word: int
    shift: int
    sided: bool
    pending: bool
    newest: bool = True
    """Whether the newest statement counts, so that two may contradict each other."""

    @property
    def flags(self) -> frozenset[str]:
        """Return the names of the columns beside the verdict."""
        return frozenset(name for name, told in (("conflict", self.newest), ("pending", self.pending)) if told)

    def bits(self, kinds: int) -> int:
        """Put kinds of statements at the leaf's place."""
        return kinds << self.shift

    def columns(self, default: Pair) -> dict[str, str]:
        """Return the columns of the leaf; ``default`` is the verdict of a member without a statement."""
        of = f"(t.told_{self.word} & {self.bits(ALL)})"
        one = self.bits(1)
        conflict = f"t.once_{self.word} & {one} <> 0"
        clash = f"t.sides_{self.word} & {one} <> 0"
        never = f"{of} IN (0, {self.bits(NOT_MET)})" if default.can == "FALSE" else f"{of} = {self.bits(NOT_MET)}"
        made = {"can": f"NOT ({never})", "fail": f"{of} <> {self.bits(MET)}"}
        made |= {"conflict": conflict} if self.newest else {}
        if self.sided:
            made = {name: f"{text} OR {clash}" for name, text in made.items()}
        if self.pending:
            made["pending"] = f"{of} & {self.bits(PENDING)} <> 0"
        return made


@dataclass(slots=True)
class Statements:
    """Gathers leaves and gives their SQL, the last expression of which is ``said``: a row a member."""

    judged: set[str] = field(default_factory=set)
    held: list[tuple[Saying, Seen]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, line: str, saying: Saying, *, sided: bool) -> Seen:
        """Return a leaf its place; ``line`` is the line of the policy."""
        self.lines.append(line)
        word, place = divmod(len(self.held), IN_WORD)
        seen = Seen(word, 4 * place, sided, saying.pending != "FALSE", saying.newest)
        self.held.append((saying, seen))
        return seen

    def text(self) -> str:
        """Return the expressions."""
        words = range(-(-len(self.held) // IN_WORD))
        facts = tuple(sorted({saying.fact for saying, _ in self.held}))
        said = [self._word(word, facts) for word in words]
        seated = any("s." in text for text in said)
        low = {word: sum(seen.bits(1) for _, seen in self.held if seen.word == word) for word in words}
        sided = {word: sum(seen.bits(1) for _, seen in self.held if seen.word == word and seen.sided) for word in words}

        def each(text: str, between: str = ", ") -> str:
            return between.join(text.replace("#", str(word)).replace("@", str(low[word])) for word in words)

        once = "CASE WHEN at_once THEN told_# & (told_# >> 1) & @ & ~(told_# >> 3) ELSE 0 END AS once_#"
        apart = " | ".join(f"({_only('a', one)} & {_only('r', two)})" for one, two in ((0, 1), (1, 0)))
        return "".join(f"-- {line}\n" for line in self.lines) + fill(
            "statements",
            words=",\n    ".join(f"{text} AS told_{word}" for word, text in enumerate(said)),
            seats="\n  JOIN seat s ON s.seat = r.member * 4" if seated else "",
            facts=listed(facts),
            topics=str(len(facts)),
            topic=" ".join(f"WHEN {literal(fact)} THEN {place}" for place, fact in enumerate(facts)),
            judged=listed(tuple(sorted(self.judged)) or ("",)),
            once=each("bit_or(told_#) AS told_#"),
            differ=each(f"({_more_than_one('told_#')}) * {ALL} AS differ_#"),
            any_differ=each("differ_# <> 0", " OR "),
            is_open=each("t.told_# & d.differ_# <> 0", " OR "),
            newest=each("bit_or(t.told_#) AS told_#"),
            alone=each(f"told_#, {once}, 0 AS sides_#"),
            sides=", ".join(
                f"0 AS told_{word}, 0 AS once_{word}, ({apart.replace('#', str(word))}) & {sided[word]} AS sides_{word}"
                for word in words
            ),
            settled=each(", ".join(f"bit_or({kind}_#) AS {kind}_#" for kind in KINDS)),
            said=each(
                "(o.told_# & ~coalesce(d.differ_#, 0)) | coalesce(n.told_#, 0) AS told_#, "
                "coalesce(n.once_#, 0) AS once_#, coalesce(n.sides_#, 0) AS sides_#"
            ),
        )

    def _word(self, word: int, facts: tuple[str, ...]) -> str:
        """Return what a statement says of all leaves of one word."""
        by_topic: dict[int, list[str]] = {}
        for saying, seen in self.held:
            if seen.word == word:
                by_topic.setdefault(facts.index(saying.fact), []).append(_said(saying, seen))
        cases = " ".join(f"WHEN {topic} THEN {' + '.join(told)}" for topic, told in sorted(by_topic.items()))
        return f"CAST(CASE r.topic {cases} ELSE 0 END AS BIGINT)"


def _said(saying: Saying, seen: Seen) -> str:
    """Return the bits of one leaf."""
    truth = saying.truth
    cases = f"WHEN {truth.met} THEN {seen.bits(MET)} WHEN {truth.not_met} THEN {seen.bits(NOT_MET)}"
    if saying.unclear != "FALSE":
        cases += f" WHEN {saying.unclear} THEN {seen.bits(UNCLEAR)}"
    text = f"CASE {cases} ELSE 0 END"
    if seen.pending:
        text += f" + CASE WHEN {saying.pending} THEN {seen.bits(PENDING)} ELSE 0 END"
    return text


def _more_than_one(bits: str) -> str:
    """Return the lowest bit of each leaf that has more than one of its four; @ stands for all lowest bits."""
    pairs = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))
    shifted = [f"({bits} >> {place})" if place else bits for place in range(4)]
    return "(" + " | ".join(f"({shifted[one]} & {shifted[two]})" for one, two in pairs) + ") & @"


def _only(alias: str, place: int) -> str:
    """Return the lowest bit of each leaf of which the newest say one kind and no other."""
    others = " | ".join(f"({alias}.told_# >> {other})" for other in range(4) if other != place)
    return f"(({alias}.told_# >> {place}) & ~({others}))"
