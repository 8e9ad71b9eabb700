"""What changed within a sentence: figures, windows, units, codes and connectives are marked; the rest is wording.

Words are compared without regard to case; ``three`` is 3, and 7.0 is 7. A sentence that
differs by such spelling alone has no marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Final, Literal

from msgspec import Struct

Kind = Literal["code", "window", "figure", "unit", "connective", "wording"]
_TOKEN: Final = re.compile(
    r"[A-Z]\d{4}(?!\d)|[A-Z]\d{2}(?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])|\d+(?:[.,]\d+)*|[^\W\d_]+(?:/[^\W\d_]+)+"
    r"|[^\W\d_]+(?:['\u2019][^\W\d_]+)?|%|[<>]=?|[≤≥=§]"
)
_CODE: Final = re.compile(r"[A-Z]\d{4}|[A-Z]\d{2}(?:\.[0-9A-Z]{1,4})?")
_WORDS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
NUMBERS: Final = {word: str(value) for value, word in enumerate(_WORDS)} | {
    "thirty": "30",
    "sixty": "60",
    "ninety": "90",
    "once": "1",
    "twice": "2",
}
TIMES: Final = {
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("day", "days", "d"), "day"),
    **dict.fromkeys(("week", "weeks", "wk"), "week"),
    **dict.fromkeys(("month", "months", "mo"), "month"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "year"),
}
"""Units of time, each by the word that stands for it."""
UNITS: Final = {
    **TIMES,
    **dict.fromkeys(("%", "percent"), "%"),
    **{
        unit: unit for unit in ("mg/dl", "mmol/l", "mmol/mol", "ng/ml", "nmol/l", "pmol/l", "mg/g", "mg/gram", "ml/min")
    },
    **{unit: unit for unit in ("mg", "ml", "kg", "g", "units", "unit", "times", "injections", "tests", "iu")},
}
CONNECTIVES: Final = frozenset(
    [
        "and",
        "or",
        "and/or",
        "nor",
        "not",
        "no",
        "none",
        "neither",
        "either",
        "any",
        "all",
        "both",
        "each",
        "every",
        "unless",
        "except",
        "excluding",
        "including",
        "only",
        "must",
        "may",
        "should",
        "shall",
        "can",
        "cannot",
        "without",
        "but",
        "if",
        "when",
        "than",
        "over",
        "above",
        "below",
        "under",
        "exceeding",
        "exceeds",
        "greater",
        "less",
        "more",
        "fewer",
        "least",
        "most",
        "minimum",
        "maximum",
        "up",
        "within",
        "before",
        "after",
        "until",
        "prior",
        "during",
        "between",
        ">",
        "<",
        ">=",
        "<=",
        "≥",
        "≤",
        "=",
    ]
)
_SAME: Final = {"≥": ">=", "≤": "<=", "percent": "%"}


class Amount(Struct, frozen=True):
    """A figure of a sentence, with the unit after it where there is one, as :data:`UNITS` calls it."""

    number: str
    unit: str | None = None

    def __str__(self) -> str:
        """Return it as it is read."""
        if self.unit is None:
            return self.number
        plural = "s" if self.unit in TIMES.values() and self.number != "1" else ""
        return f"{self.number} {self.unit}{plural}"


class Mark(Struct, frozen=True):
    """One change within a sentence: of which kind, the words before and after, and the figure that became another."""

    kind: Kind
    before: str
    after: str
    amounts: tuple[Amount, Amount] | None = None

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.kind}: {self.before or 'nothing'} -> {self.after or 'nothing'}"


class Word(Struct, frozen=True):
    """A word of a sentence: as it stands, and as it is compared."""

    text: str
    key: str

    @property
    def number(self) -> bool:
        """Whether it is a figure."""
        return self.key[:1].isdigit()


def words(text: str) -> list[Word]:
    """Return the words of a sentence, and the marks of it that count as words."""
    return [Word(found, _key(found)) for found in _TOKEN.findall(text)]


def _key(text: str) -> str:
    """Return a word as it is compared."""
    small = text.casefold().replace("\u2019", "'")
    small = NUMBERS.get(small, _SAME.get(small, small))
    if small[:1].isdigit():
        try:
            return format(Decimal(small.replace(",", "")).normalize(), "f")
        except InvalidOperation:
            return small
    return small


def likeness(one: Counter[str], two: Counter[str]) -> float:
    """Return how alike two sentences are by the words in both, from 0 to 1."""
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 0.0


def marks(before: str, after: str) -> list[Mark]:
    """Return what changed from one sentence to another, in its order."""
    one, two = words(before), words(after)
    matcher = SequenceMatcher(None, [word.key for word in one], [word.key for word in two], autojunk=False)
    found = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and b - a == d - c:  # word for word: each pair by itself, a figure with its unit
            found += [_mark(one, two, (a + x, a + y), (c + x, c + y)) for x, y in _steps(one[a:b], two[c:d])]
        elif tag != "equal":
            found.append(_mark(one, two, (a, b), (c, d)))
    return found


def _steps(gone: list[Word], come: list[Word]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a comparison word for word: one word, or a figure with the unit after it."""
    at = 0
    while at < len(gone):
        unit = [listed[at + 1].key in UNITS for listed in (gone, come) if at + 1 < len(listed)]
        wide = 2 if gone[at].number and come[at].number and any(unit) else 1
        yield at, at + wide
        at += wide


def _mark(one: list[Word], two: list[Word], old: tuple[int, int], new: tuple[int, int]) -> Mark:
    """Return one change as a mark."""
    gone, come = one[slice(*old)], two[slice(*new)]
    before, after = (" ".join(word.text for word in listed) for listed in (gone, come))
    changed = [*gone, *come]
    if any(_CODE.fullmatch(word.text) for word in changed):
        return Mark("code", before, after)
    figures = [[at for at in range(*span) if listed[at].number] for listed, span in ((one, old), (two, new))]
    if any(figures):
        pair = None
        if len(figures[0]) == len(figures[1]) == 1:
            pair = (_amount(one, figures[0][0]), _amount(two, figures[1][0]))
        units = {_amount(listed, at).unit for listed, found in ((one, figures[0]), (two, figures[1])) for at in found}
        kind: Kind = "window" if units & set(TIMES.values()) else "figure"
        if pair and pair[0].number != pair[1].number and pair[0].unit != pair[1].unit and kind == "figure":
            kind = "unit"
        unit = _unit_after(one, two, old[1], new[1])
        return Mark(kind, f"{before}{unit}", f"{after}{unit}", pair)
    if any(word.key in UNITS for word in gone) and any(word.key in UNITS for word in come):
        ahead = old[0] - 1, new[0] - 1
        if min(ahead) >= 0 and one[ahead[0]].number and two[ahead[1]].number:
            pair = (_amount(one, ahead[0]), _amount(two, ahead[1]))
            timed = pair[0].unit in TIMES.values() or pair[1].unit in TIMES.values()
            return Mark("window" if timed else "unit", before, after, pair)
        return Mark("unit", before, after)
    if any(word.key in CONNECTIVES for word in changed):
        return Mark("connective", before, after)
    return Mark("wording", before, after)


def _unit_after(one: list[Word], two: list[Word], old: int, new: int) -> str:
    """Return the unit that follows a figure in both sentences, a blank before it; nothing where none does."""
    if old < len(one) and new < len(two) and one[old].key == two[new].key and one[old].key in UNITS:
        return f" {one[old].text}"
    return ""


def _amount(listed: list[Word], at: int) -> Amount:
    """Return a figure with the unit that is the word after it."""
    after = listed[at + 1].key if at + 1 < len(listed) else ""
    return Amount(listed[at].key, UNITS.get(after))
