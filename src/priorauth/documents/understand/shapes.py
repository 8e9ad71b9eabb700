r"""The small language in which ``notes.yaml`` says how a fact is written, and what it becomes: a regular expression.

    lows? .. {often}          words stand for themselves, in any case; `?` after a letter: it may be missing
    <hypos>                   any of a list of words that the file names
    (at|with) night           one of; `(very )?` may be missing
    ..                        up to three words more; `...` up to eight; neither goes past a column, a `;` or a full stop
    injection*                a word that begins so
    \d \b [a-c]              as in any regular expression
    {value} {often} {count}   a number with its unit, how often a day, how many; {day} a day, {low} and {high} two numbers

A scan's ``l`` for ``1`` and ``O`` for ``0`` match as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from priorauth.documents.understand import numbers

PARTS: Final = ("value", "often", "count", "low", "high", "day")
DAY: Final = "\N{SECTION SIGN}"
"""What stands for each letter of a day in the text that shapes are tried on."""
_TOKEN: Final = re.compile(
    r"<(?P<list>[a-z0-9_]+)>|\{(?P<part>[a-z]+)\}|(?P<gap>\.{2,3})|(?P<open>\()|(?P<close>\)[?*+]?)|(?P<bar>\|)"
    r"|(?P<space> +\??)|(?P<word>(?:\\.|\[[^\]]*\]|[^\s<>{}()|\\\[])+)"
)
_SPACE: Final = r"[ \t]+"
_RAW: Final = re.compile(r"[\\\[]")
_LITTLE: Final = 3
_LONG: Final = 4
"""In a word from this length on, a letter that looks like a figure stands for it."""
_NO_OTHER: Final = (
    r"(?!\s?[/:]\s?\d)(?!\s*-?(?:months?|mos?|weeks?|wks?|days?|d|years?|yrs?|y\.?o|hours?|hrs?|h|min(?:utes)?"
    r"|times|x|of|am|pm"
    r"|a\.m|p\.m|/\s?(?:d|day|wk|week)|visits?|readings?|mornings?|nights?|episodes?|kg|lbs?|cm|inches|mg"
    r"|mcg|g)\b)"
)
"""What may not follow a number without a unit: it would be that of something else."""


class Shape(NamedTuple):
    """A shape as it is written, and what finds it; ``needs``: it cannot be where none of these stands."""

    written: str
    line: int
    find: re.Pattern[str]
    needs: tuple[str, ...]


class ShapeFault(ValueError):
    """What is wrong with a shape."""


def compiled(written: str, line: int, lists: Mapping[str, Sequence[str]], units: str) -> Shape:
    """Return a shape; raises ShapeFault. ``units``: what may stand after the number of a ``{value}``."""
    body, needs = _compile(written, lists, units)
    try:
        find = re.compile(body, re.IGNORECASE)
    except re.error as fault:
        message = f"cannot be read: {fault}"
        raise ShapeFault(message) from None
    if find.match("") is not None:
        message = "would match everywhere"
        raise ShapeFault(message)
    return Shape(written, line, find, needs)


class _Needs:
    """The letters of which one must stand in a text where a shape is to be found."""

    def __init__(self) -> None:
        self.found: list[tuple[str, ...]] = []
        self.group: list[list[str]] = []
        """The words of each alternative of a bracket that is not within another."""

    def opened(self, depth: int) -> None:
        self.group = [[]] if depth == 1 else self.group

    def barred(self, depth: int) -> None:
        if depth == 1:
            self.group.append([])

    def closed(self, depth: int, close: str) -> None:
        if not depth and close == ")" and all(self.group):
            self.found.append(tuple(max(words, key=len) for words in self.group))

    def word(self, depth: int, letters: str) -> None:
        if not depth:
            self.found.append((letters,))
        elif depth == 1:
            self.group[-1].append(letters)

    def best(self) -> tuple[str, ...]:
        """Return the letters that say most; empty where a shape may be found without any."""
        best = max(self.found, key=lambda many: min(len(one) for one in many), default=())
        return tuple(dict.fromkeys(best)) if best and min(len(one) for one in best) > 1 else ()


def _compile(written: str, lists: Mapping[str, Sequence[str]], units: str) -> tuple[str, tuple[str, ...]]:
    made: list[str] = []
    needs, depth, at = _Needs(), 0, 0
    seen: set[str] = set()
    while at < len(written):
        match = _TOKEN.match(written, at)
        if match is None:
            message = f"nothing is known of {written[at : at + 12]!r}"
            raise ShapeFault(message)
        at = match.end()
        kind = match.lastgroup
        if kind == "list":
            words = lists.get(match["list"])
            if words is None:
                message = f"there is no list {match['list']!r}"
                raise ShapeFault(message)
            made.append(_listed(words))
            if not depth:
                needs.found.append(tuple(_needed(word) for word in words))
        elif kind == "part":
            if (name := match["part"]) not in PARTS or name in seen:
                message = f"{{{name}}} is none of {', '.join(PARTS)}, or stands twice"
                raise ShapeFault(message)
            seen.add(name)
            made.append(part(name, units))
        elif kind == "gap":
            made.append(_gap(_LITTLE if len(match["gap"]) == 2 else 8))  # noqa: PLR2004 - two points
        elif kind == "open":
            depth += 1
            needs.opened(depth)
            made.append("(?:")
        elif kind == "close":
            depth -= 1
            needs.closed(depth, match["close"])
            made.append(match["close"])
        elif kind == "bar":
            if not depth:
                message = "`|` stands outside of brackets"
                raise ShapeFault(message)
            needs.barred(depth)
            made.append("|")
        elif kind == "space":
            made.append(r"[ \t]*" if match["space"].endswith("?") else _SPACE)
        else:
            made.append(_word(match["word"]))
            if not written.startswith("?", at):
                needs.word(depth, _needed(match["word"]))
    if depth:
        message = "a bracket is not closed"
        raise ShapeFault(message)
    body = _spaced("".join(made))
    return body, needs.best()


def _spaced(body: str) -> str:
    """Return an expression whose optional groups and gaps take the space before them along."""
    for space in (_SPACE, r"[ \t]*"):
        body = body.replace(space + _GAP_MARK, _GAP_MARK).replace(_GAP_MARK + space, _GAP_MARK)
    return body.replace(_GAP_MARK, "")


_GAP_MARK: Final = "\x00"


def _gap(most: int) -> str:
    """Return up to so many words of one clause, the spaces and stops before and after them with them."""
    return rf"{_GAP_MARK}(?:[:,=(\"'/.-]|[ \t]){{1,4}}(?:[^\s;]{{1,30}} ){{0,{most}}}?[(\"':=]{{0,2}}{_GAP_MARK}"


def part(name: str, units: str) -> str:
    """Return what a named part is."""
    if name == "day":
        return rf"(?P<day>{DAY}+)"
    if name == "often":
        return rf"(?P<often>{numbers.COUNTED})"
    if name == "value":
        unit = rf"(?:\s*-?\s*(?P<unit>{units})(?![a-zA-Z]))?" if units else "(?P<unit>(?!))?"
        return rf"(?P<value>{numbers.AMOUNT})(?!\d|[.,]\w){unit}(?(unit)|{_NO_OTHER})"
    return (
        rf"(?P<{name}>{numbers.ONE})"
        if name != "count"
        else rf"(?P<count>{numbers.ONE}(?:\s*(?:-|to|or)\s*{numbers.ONE})?)"
    )


def _listed(words: Sequence[str]) -> str:
    return "(?:" + "|".join(_phrase(word) for word in sorted(words, key=len, reverse=True)) + ")"


def _phrase(words: str) -> str:
    return _SPACE.join(_word(word) for word in words.split())


def _word(word: str) -> str:
    """Return what finds a word: `*` at its end is any ending, `?` makes the letter before it optional; one with a
    backslash or a bracket is an expression already.
    """
    if _RAW.search(word):
        return (r"\b" if word[0].isalnum() else "") + word + (r"\b" if word[-1].isalnum() else "")
    made = []
    for char in word.rstrip("*"):
        if char == "?":
            made.append("?")
        elif char == "1" and (len(word) >= _LONG or word == "a1c"):
            made.append("[1lI]")
        elif char == "0" and len(word) >= _LONG:
            made.append("[0O]")
        elif char == "'":
            made.append("'?")
        else:
            made.append(re.escape(char))
    body = "".join(made)
    before = r"\b" if word[0].isalnum() else ""
    if word.endswith("*"):
        return before + body + r"\w*"
    return before + body + (r"\b" if word.rstrip("?")[-1].isalnum() else "")


def _needed(word: str) -> str:
    """Return letters that stand in a text wherever the word does, in small letters; empty where none need to."""
    if _RAW.search(word):
        runs = re.split(r"\\.|\[[^\]]*\]|.\?|.\*|[.+01]|\s", word.lower())
        return max(runs, key=len)
    runs = re.split(r"[01'\s]|.\?|\*", word.lower())
    return max(runs, key=len)
