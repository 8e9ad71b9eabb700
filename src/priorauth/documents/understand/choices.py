"""Words to choose from: a yes or a no set in brackets by hand, and choices of which none was struck."""

from __future__ import annotations

import re
from typing import Final

_CHOICES: Final = re.compile(
    r"\[[^\[\]]{1,80}\s/\s[^\[\]]{1,160}\]|(?:[\w'-]+[ \n]){1,4}/ (?:[\w'-]+[ \n]){1,4}/ (?:[\w'-]+ ?){1,4}"
)
"""Words to choose from, of which none was struck."""
_CIRCLED: Final = re.compile(
    r"(?<![\w(\[])(?P<yes>\( ?(?:Y|Yes|YES) ?\)|(?:Y|Yes|YES)(?![\w\])]))\s{1,8}[/|]?\s*(?P<no>\( ?(?:N|No|NO) ?\)|(?:N|No|NO)(?![\w)\]/]))(?!\S)"
)


def without(text: str) -> str:
    """Return a text without choices of which none was struck, as long as before: they say nothing."""
    return _CHOICES.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group()), text)


def circled(line: str) -> list[tuple[int, int, int, bool | None]]:
    """Return each yes and no of a line of which one is set in brackets: where its label begins and ends, where it ends, and
    the answer; None where neither or both are.
    """
    made: list[tuple[int, int, int, bool | None]] = []
    for hit in _CIRCLED.finditer(line):
        yes, no = hit["yes"].startswith("("), hit["no"].startswith("(")
        before = line[: hit.start()].rstrip()
        gap = max((found.end() for found in re.finditer(r"\s{3,}", before)), default=0)
        if made:
            gap = max(gap, made[-1][2])
        if len(before) - gap > 1:
            made.append((gap, hit.start(), hit.end(), None if yes == no else yes))
    return made
