"""The conditions of the tree, read from their SQL and made into gates: one text, two ways to work it out.

What :mod:`tree` and :mod:`outcome` write is read here, and nothing more: truths with AND, OR, NOT, CASE, `coalesce`,
how many of some hold, texts and numbers out of a few, days of leaves, and words one after another. NULL is neither true
nor false, as in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from priorauth.engines.sql.gates import ALWAYS, NEVER, Gates


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth by two gates: where it is true, and where it is false; NULL where neither is set."""

    yes: int
    no: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts or numbers, each with its gate; NULL where none is set."""

    gates: dict[str | int, int]


@dataclass(frozen=True, slots=True)
class Days:
    """The latest of the days in some columns, each where its gate is set; NULL where none is."""

    gates: dict[str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Words in the order of the alphabet, each where its gate is set."""

    gates: dict[str, int]


@dataclass(frozen=True, slots=True)
class Sum:
    """How many of some truths hold."""

    gates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Null:
    """NULL of any kind."""


Value = Truth | Choice | Days | Words | Sum | Null
_TOKEN: Final = re.compile(r"\s*(?:('(?:[^']|'')*')|(-?\w+)|(>=|[=<(),+]))")


class Unreadable(ValueError):
    """A text that this module does not read."""


def tokens(text: str) -> list[str]:
    """Return the tokens of a text; raises Unreadable."""
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            msg = f"expected SQL of a condition, found {text[at : at + 20]!r}"
            raise Unreadable(msg)
        found.append(match[0].strip())
        at = match.end()
    return found


@dataclass(slots=True)
class Reader:
    """Reads one text after another; ``columns`` are the names that a text may use, ``gates`` where they lead."""

    gates: Gates
    columns: dict[str, Value]
    text: list[str]
    at: int = 0

    @classmethod
    def over(cls, gates: Gates, columns: dict[str, Value]) -> Reader:
        """Return a reader that knows some columns."""
        return cls(gates, columns, [])

    def read(self, text: str) -> Value:
        """Return the value of a text; raises Unreadable."""
        self.text, self.at = [*tokens(text), ""], 0
        found = self._or()
        if self.text[self.at]:
            raise self._unlike("the end")
        return found

    # ---- the text

    def _next(self, *wanted: str) -> bool:
        """Pass over a token where it is the next."""
        if self.text[self.at] not in wanted:
            return False
        self.at += 1
        return True

    def _take(self, wanted: str) -> None:
        if not self._next(wanted):
            raise self._unlike(wanted)

    def _any(self) -> str:
        """Pass over the next token, whichever it is."""
        if not self.text[self.at]:
            raise self._unlike("more")
        self.at += 1
        return self.text[self.at - 1]

    def _unlike(self, wanted: str) -> Unreadable:
        return Unreadable(f"expected {wanted} at {' '.join(self.text[max(0, self.at - 3) : self.at + 3])!r}")

    # ---- truths

    def _or(self) -> Value:
        return self._joined("OR", self._and, self._either)

    def _and(self) -> Value:
        return self._joined("AND", self._not, self._both)

    def _joined(self, word: str, part: Callable[[], Value], join: Callable[[Truth, Truth], Truth]) -> Value:
        found = part()
        while self._next(word):
            found = join(self._truth(found), self._truth(part()))
        return found

    def _not(self) -> Value:
        if self._next("NOT"):
            truth = self._truth(self._not())
            return Truth(truth.no, truth.yes)
        return self._compared()

    def _both(self, one: Truth, two: Truth) -> Truth:
        return Truth(self.gates.both(one.yes, two.yes), self.gates.either(one.no, two.no))

    def _either(self, one: Truth, two: Truth) -> Truth:
        return Truth(self.gates.either(one.yes, two.yes), self.gates.both(one.no, two.no))

    def _truth(self, value: Value) -> Truth:
        if isinstance(value, Null):
            return Truth(NEVER, NEVER)
        if not isinstance(value, Truth):
            raise self._unlike("a truth")
        return value

    def _settled(self, yes: int) -> Truth:
        return Truth(yes, self.gates.other(yes))

    # ---- comparisons

    def _compared(self) -> Value:
        found = self._sum()
        if self._next("IS"):
            none = not self._next("NOT")
            self._take("NULL")
            known = self._known(found)
            return self._settled(self.gates.other(known) if none else known)
        if self._next("="):
            return self._equal(found, self._any())
        if self._next(">="):
            return self._settled(self._at_least(found, self._any()))
        if self._next("<"):
            return self._settled(self.gates.other(self._at_least(found, self._any())))
        return found

    def _known(self, value: Value) -> int:
        """Return where a value is not NULL."""
        match value:
            case Truth(yes, no):
                return self.gates.either(yes, no)
            case Choice(gates) | Days(gates):
                return self.gates.some(gates.values())
        raise self._unlike("a column")

    def _equal(self, value: Value, token: str) -> Truth:
        if not isinstance(value, Choice):
            raise self._unlike("one of a few values")
        wanted = _constant(token)
        others = (gate for name, gate in value.gates.items() if name != wanted)
        return Truth(value.gates.get(wanted, NEVER), self.gates.some(others))

    def _at_least(self, value: Value, token: str) -> int:
        if not isinstance(value, Sum):
            raise self._unlike("a number of truths")
        return self.gates.at_least(int(_constant(token)), value.gates)

    def _sum(self) -> Value:
        found = self._one()
        while self._next("+"):
            more = self._one()
            if not isinstance(found, Sum) or not isinstance(more, Sum):
                raise self._unlike("a truth as a number")
            found = Sum((*found.gates, *more.gates))
        return found

    # ---- what stands alone

    def _one(self) -> Value:
        word = self._any()
        if word == "(":
            found = self._or()
            self._take(")")
            return found
        if word == "CASE":
            return self._case()
        if word == "CAST":
            return self._cast()
        if self._next("("):
            return self._function(word, self._listed())
        if word in {"TRUE", "FALSE"}:
            return self._settled(ALWAYS if word == "TRUE" else NEVER)
        if word == "NULL":
            return Null()
        if word in self.columns:
            return self.columns[word]
        if word[:1] == "'" or word.removeprefix("-").isdigit():
            return Choice({_constant(word): ALWAYS})
        self.at -= 1
        raise self._unlike("a column or a value")

    def _function(self, name: str, values: list[Value]) -> Value:
        match name:
            case "coalesce":
                return self._coalesce(values)
            case "greatest":
                return self._greatest(values)
            case "concat_ws":
                return self._concat_ws(values)
        raise self._unlike(f"a function that is read here, not {name},")

    def _listed(self) -> list[Value]:
        found = [self._or()]
        while self._next(","):
            found.append(self._or())
        self._take(")")
        return found

    def _cast(self) -> Value:
        self._take("(")
        found = self._or()
        self._take("AS")
        kind = self._any()
        self._take(")")
        if kind == "DATE" and isinstance(found, Null):
            return Days({})
        if kind == "INTEGER":
            return Sum((self._truth(found).yes,))
        raise self._unlike("a truth as a number, or no day")

    def _case(self) -> Value:
        """Take the first of some values whose condition holds."""
        of = None if self.text[self.at] == "WHEN" else self._or()
        left, parts = ALWAYS, list[tuple[int, Value]]()
        while self._next("WHEN"):
            yes = self._truth(self._or()).yes if of is None else self._equal(of, self._any()).yes
            self._take("THEN")
            parts.append((self.gates.both(left, yes), self._or()))
            left = self.gates.both(left, self.gates.other(yes))
        if self._next("ELSE"):
            parts.append((left, self._or()))
        self._take("END")
        return self._of_first(parts)

    def _of_first(self, parts: list[tuple[int, Value]]) -> Value:
        """Put together values of which at most one gate is set; words where there are some, '' being no word."""
        values = [value for _, value in parts if not isinstance(value, Null)]
        kind = Words if any(isinstance(value, Words) for value in values) else type(values[0]) if values else Null
        found: dict[str | int, int] = {}
        for gate, value in parts:
            if isinstance(value, Null) or (kind is Words and value == Choice({"": ALWAYS})):
                continue
            if kind not in {Choice, Days, Words} or not isinstance(value, kind):
                raise self._unlike("values of one kind")
            for name, own in value.gates.items():
                found[name] = self.gates.either(found.get(name, NEVER), self.gates.both(gate, own))
        if kind is Null:
            return Null()
        named = {str(name): gate for name, gate in found.items()}
        if kind is Words:  # the words of each are in the order of the alphabet, and so are those of both
            return Words(dict(sorted(named.items())))
        return Days(named) if kind is Days else Choice(found)

    def _coalesce(self, values: list[Value]) -> Truth:
        found = Truth(NEVER, NEVER)
        for value in map(self._truth, values):
            open_ = self.gates.other(self.gates.either(found.yes, found.no))
            found = Truth(
                self.gates.either(found.yes, self.gates.both(open_, value.yes)),
                self.gates.either(found.no, self.gates.both(open_, value.no)),
            )
        return found

    def _greatest(self, values: list[Value]) -> Days:
        found: dict[str, int] = {}
        for value in values:
            if not isinstance(value, Days):
                raise self._unlike("days")
            for name, gate in value.gates.items():
                found[name] = self.gates.either(found.get(name, NEVER), gate)
        return Days(found)

    def _concat_ws(self, values: list[Value]) -> Words:
        """Put words one after another; each stands alone in a CASE, and they come in the order of the alphabet."""
        found: dict[str, int] = {}
        for value in values[1:]:
            if not isinstance(value, Choice) or len(value.gates) != 1:
                raise self._unlike("a word")
            ((name, gate),) = value.gates.items()
            found[str(name)] = gate
        if values[0] != Choice({" ": ALWAYS}) or list(found) != sorted(found) or len(found) != len(values) - 1:
            raise self._unlike("words in the order of the alphabet")
        return Words(found)


def _constant(token: str) -> str | int:
    """Return a text or a number; raises Unreadable."""
    if token[:1] == "'":
        return token[1:-1].replace("''", "'")
    if not token.removeprefix("-").isdigit():
        msg = f"expected a text or a number, found {token!r}"
        raise Unreadable(msg)
    return int(token)
