"""The names that policies, payers and vocabularies may give: letters, digits and few marks, so that a name is never
anything else wherever it goes: into SQL, a file's name, or a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

LONGEST: Final = 80
_NEAR: Final = 0.7
"""How much alike two names are at least, one of which may have been meant by the other."""


class Pattern(NamedTuple):
    """What a kind of name looks like, and how that is said."""

    form: re.Pattern[str]
    said: str

    def takes(self, name: str) -> bool:
        """Whether a name is of this kind."""
        return len(name) <= LONGEST and self.form.fullmatch(name) is not None

    def fault(self, kind: str, name: str) -> str | None:
        """Return what was expected in place of a name; None where it is one of this kind."""
        return None if self.takes(name) else f"expected {kind} of {self.said}, found {name[:LONGEST]!r}"


def _pattern(form: str, said: str) -> Pattern:
    return Pattern(re.compile(form, re.ASCII), f"{said}, at most {LONGEST} characters")


OUTLINE: Final = _pattern(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", "letters and digits with single . _ or - between them")
"""Outline ids (II.A.T.7), values of attributes (type-1-diabetes), codes of products, plans."""
WORD: Final = _pattern(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", "small letters and digits with single - or _ between them")
"""Payers, policies, pathways."""
FACT: Final = _pattern(r"[a-z][a-z0-9_]*", "small letters, digits and _, a letter first")
"""Facts, readings, numbers of derivations: what the language of policies takes as a word."""


def policy(name: str) -> str | None:
    """Return what was expected in place of a policy's id, ``payer/policy``; None where it is one."""
    parts = name.split("/")
    if len(parts) == 2 and all(map(WORD.takes, parts)):  # noqa: PLR2004 - payer and policy
        return None
    return f"expected a policy id, payer/policy, each of {WORD.said}, found {name[:LONGEST]!r}"


def near(word: str, among: Iterable[str]) -> str:
    """Return what to say behind a name that is not known: ``; did you mean 'hba1c'?``; empty where none is near."""
    from difflib import get_close_matches  # loads regular expressions that only a fault needs

    found = get_close_matches(word[:LONGEST], list(among), n=1, cutoff=_NEAR)
    return f"; did you mean {found[0]!r}?" if found else ""
