"""Scopes: what a token lets its bearer ask, in the spelling of SMART version 1 (``system/Claim.write``) or 2
(``system/Claim.cu``). Which operation wants which stands in ``data/scopes.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import convert

from priorauth.values.strict_yaml import plain, read_file

_FILE: Final = Path(__file__).with_name("data") / "scopes.yaml"
_OLD: Final = {"read": "rs", "write": "cud", "*": "cruds"}
_SPELLED: Final = re.compile(
    r"system/(?P<kind>\*|[A-Z][A-Za-z]{1,60})\.(?P<may>read|write|\*|(?=.)c?r?u?d?s?)", re.ASCII
)
MOST: Final = 2_000
"""How many characters the scopes that are asked for may have."""


class Scope(NamedTuple):
    """What may be done with resources of a kind; ``*``: of all."""

    kind: str
    letters: frozenset[str]

    def covers(self, kind: str, letter: str) -> bool:
        """Whether it lets something be done with a kind."""
        return self.kind in ("*", kind) and letter in self.letters


def read(text: str) -> Scope | None:
    """Return what a scope lets its bearer do; None where it is none of ours, or narrower than can be held."""
    found = _SPELLED.fullmatch(text)
    if found is None:
        return None
    return Scope(found["kind"], frozenset(_OLD.get(found["may"], found["may"])))


@cache
def wanted() -> Mapping[str, tuple[str, ...]]:
    """Return by operation the scopes of which one is wanted, as ``Claim.c``."""
    return convert(plain(read_file(_FILE)), dict[str, tuple[str, ...]])


def allows(held: Iterable[str], operation: str) -> bool:
    """Whether scopes that are held let an operation be asked."""
    scopes = [one for text in held if (one := read(text)) is not None]
    return any(
        scope.covers(kind, letter)
        for kind, _, letter in (one.partition(".") for one in wanted().get(operation, ()))
        for scope in scopes
    )


def granted(asked: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Return which of the scopes asked for are given, spelled as they were asked; ``allowed``: empty for all there are.

    One is given where it lets at least one operation be asked, and no more than what is allowed.
    """
    limits = [one for text in allowed if (one := read(text)) is not None]
    found = []
    for text in dict.fromkeys(asked.split(" ")):
        scope = read(text)
        if scope is not None and any(allows([text], one) for one in wanted()) and _within(scope, limits):
            found.append(text)
    return tuple(found)


def _within(scope: Scope, limits: list[Scope]) -> bool:
    """Whether limits cover all that a scope lets be asked here; with no limits they do."""
    if not limits:
        return True
    here = {tuple(one.split(".")) for some in wanted().values() for one in some}
    return all(
        any(limit.covers(kind, letter) for limit in limits) for kind, letter in here if scope.covers(kind, letter)
    )


def supported() -> tuple[str, ...]:
    """Return every scope that lets something be asked here, in both spellings, as a server says it of itself."""
    letters: dict[str, set[str]] = {}
    for some in wanted().values():
        for one in some:
            kind, _, letter = one.partition(".")
            letters.setdefault(kind, set()).add(letter)
    new = [f"system/{kind}.{''.join(one for one in 'cruds' if one in held)}" for kind, held in sorted(letters.items())]
    old = [
        f"system/{kind}.{name}"
        for kind, held in sorted(letters.items())
        for name, may in (("read", "rs"), ("write", "cud"))
        if held & set(may)
    ]
    return (*new, *old)
