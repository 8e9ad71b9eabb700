"""Words that a scan spoilt by one letter, read as the one known word that they can be. Only long words: short ones are
too near to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_LEAST: Final = 6
_SHORT: Final = 5
"""A word of so many letters is righted only where the letter looks like the right one."""
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9!|]{3,}[A-Za-z|!]")
_ALIKE: Final = ("il1j!|", "ceo0", "uvn", "hnb", "s58", "g9q", "fj")


class Spelling:
    """The words that are known, by what is left of each when one letter is struck."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases of the rules."""
        self.words: set[str] = set()
        for phrase in phrases:
            if "\\" not in phrase:
                self.words.update(word for word in re.findall(r"[a-z]+", phrase.lower()) if len(word) >= _SHORT)
        self._struck: dict[str, str | None] = {}
        for word in sorted(self.words):
            for at in range(len(word)):
                key = f"{word[:at]}?{word[at + 1 :]}"
                self._struck[key] = None if key in self._struck else word

    def righted(self, text: str) -> str:
        """Return a text, as long as before, in which words with one wrong letter are right."""

        def right(match: re.Match[str]) -> str:
            word = match.group().lower()
            if word in self.words:
                return match.group()
            near = {
                one
                for at in range(len(word))
                if (one := self._struck.get(f"{word[:at]}?{word[at + 1 :]}")) is not None
                and (len(word) >= _LEAST or any(word[at] in same and one[at] in same for same in _ALIKE))
            }
            if len(near) != 1:
                return match.group()
            found = near.pop()
            return (
                found.upper()
                if match.group().isupper()
                else found.capitalize()
                if match.group()[0].isupper()
                else found
            )

        return _WORD.sub(right, text)
