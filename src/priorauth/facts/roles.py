"""Roles: who may be said to state something, as a line of a policy names it, loaded from ``policies/roles.yaml``.

Of who stated a row the row holds words (``Answer.author``): ``physician`` he is one, ``educator?`` he may be one, a
role that is not named he has not. A row without them is of somebody of whom nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

from msgspec import Struct

from priorauth.errors import PolicyFaults
from priorauth.facts.rows import MAYBE
from priorauth.values import strict_yaml

PATH: Final = Path(__file__).parent.parent / "policies" / "roles.yaml"
_KEYS: Final = {"say", "standing", "codes", "not_codes"}
STANDINGS: Final = ("prescriber", "practice", "supplier", "member")
Standing = Literal["prescriber", "practice", "supplier", "member"]


class Role(Struct, frozen=True):
    """A role: how it is spoken, and what shows it: a standing around the request, or codes."""

    name: str
    say: str
    standing: Standing | None = None
    codes: Mapping[str, tuple[str, ...]] = {}
    not_codes: Mapping[str, tuple[str, ...]] = {}


@cache
def roles(path: Path = PATH) -> Mapping[str, Role]:
    """Load the roles by name; raises PolicyFaults."""
    listed = strict_yaml.read_file(path).get("roles")
    if not isinstance(listed, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(path), 1, "expected a mapping under `roles:`")
    return {name: _role(name, row, str(path), listed.key_lines[name]) for name, row in listed.items()}


def words(yes: frozenset[str], maybe: frozenset[str]) -> str:
    """Return the words of who has some roles for certain and may have others."""
    return " ".join(sorted([*yes, *(f"{name}{MAYBE}" for name in maybe - yes)]))


def _role(name: str, row: strict_yaml.Value, file: str, line: int) -> Role:
    if not isinstance(row, strict_yaml.Mapping) or "say" not in row or set(row) - _KEYS:
        raise PolicyFaults.at_line(file, line, f"{name}: expected `say:`, and of {', '.join(sorted(_KEYS))}")
    standing = str(row["standing"]) if "standing" in row else None
    if standing not in (None, *STANDINGS):
        raise PolicyFaults.at_line(file, line, f"{name}: expected `standing:` one of {', '.join(STANDINGS)}")
    if (standing is None) is ("codes" not in row):
        raise PolicyFaults.at_line(file, line, f"{name}: expected `standing:` or `codes:`")
    kept = cast("Standing | None", standing)
    return Role(name, str(row["say"]), kept, *(_codes(row.get(key)) for key in ("codes", "not_codes")))


def _codes(row: strict_yaml.Value | None) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(row, strict_yaml.Mapping):
        return {}
    return {system: tuple(str(one) for one in cast("strict_yaml.Sequence", listed)) for system, listed in row.items()}
