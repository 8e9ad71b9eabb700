"""The beginning of a trace: the sentences of a text that has none, with what can be guessed, for an analyst to finish.

Guessed are headings, citations and history; rules where the labels of the text lead to an outline id of the version,
and the codes of its products. What was not guessed has neither ``rules`` nor ``is``, and the loader asks for it line
by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from priorauth.policy.tree import Policy
from priorauth.trace.lay import lay
from priorauth.trace.rules import rules
from priorauth.trace.sentences import Sentence, sentences
from priorauth.trace.source import Source
from priorauth.trace.trace import Else, Row, Trace

HEADING: Final = 60
"""A heading has fewer letters than this, and no mark at its end."""
_CITATION: Final = re.compile(r"\b(?:19|20)\d\d\s*;\s*[\d(]|\bdoi\b|\bet al\b|\bAvailable at\b|\bAccessed\b")
_HISTORY: Final = re.compile(
    r"(?i)\b(?:annual review|approved (?:by|at)|date (?:issued|revised|archived)|revision history)\b"
)
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Small ones are not told from letters: lists count a, b, c."""


def begin(source: Source, policy: Policy, older: Trace | None = None) -> tuple[Row, ...]:
    """Return the rows of a trace of a text; sentences that an older trace knows keep what it says of them."""
    known = {}
    if older is not None:
        laid = lay(source, older.rows)
        known = {found.sentence.start: older.rows[number] for number, found in laid.found.items()}
        listed = laid.sentences
    else:
        listed = sentences(source)
    here = rules(policy)
    rows = []
    for at, (one, path) in enumerate(zip(listed, _paths(listed), strict=True), 1):
        said = source.text(one.start, one.end)
        digest, letters, running = source.hash(one.start, one.end), one.end - one.start, one.start >= source.running
        if one.start in known:
            row = known[one.start]
            kept = tuple(name for name in row.rules if name in here)
            rows.append(Row(at, digest, letters, one.label, kept, None if kept else row.otherwise, running))
            continue
        carried = next((name for name in path if name in here), None) if one.label else None
        if said.startswith(policy.products):
            carried = "applies"
        guess: Else | None = None if carried else _else(said, letters)
        rows.append(Row(at, digest, letters, one.label, (carried,) if carried else (), guess, running))
    return tuple(rows)


def _else(said: str, letters: int) -> Else | None:
    """Guess what a sentence is that carries no rule."""
    if _CITATION.search(said):
        return "reference"
    if _HISTORY.search(said):
        return "history"
    return "heading" if letters < HEADING and said[-1:] not in ".;:!?," else None


def _paths(listed: list[Sentence]) -> Iterator[tuple[str, ...]]:
    """Yield for each sentence the ids to which the labels above it lead, the longest first: D.I.A.1, I.A.1, A.1, 1."""
    stack: list[tuple[str, bool]] = []
    for one in listed:
        if one.label:
            roman = one.label in _ROMAN
            for depth in range(len(stack) - 1, -1, -1):
                if one.label == _next(*stack[depth]):
                    roman = stack[depth][1]
                    del stack[depth:]
                    break
            stack.append((one.label, roman))
        yield tuple(".".join(label for label, _ in stack[start:]) for start in range(len(stack)))


def _next(label: str, roman: bool) -> str:  # noqa: FBT001 - which of two ways to count
    """Return the label that follows one: 4 after 3, B after A, II after a Roman I, J after the I that followed H."""
    if label.isdigit():
        return str(int(label) + 1)
    if roman:
        return _ROMAN[_ROMAN.index(label) + 1] if label in _ROMAN[:-1] else ""
    return chr(ord(label) + 1) if len(label) == 1 else ""
