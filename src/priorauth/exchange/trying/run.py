"""A run: every check in its order, or those of which the name is asked."""

from __future__ import annotations

from collections.abc import Iterator

from priorauth.errors import Fault, InputRefused
from priorauth.exchange.trying.checks import (  # noqa: F401 - each registers its checks
    adaptive,
    coverage,
    forms,
    hooks,
    offered,
    reached,
    requests,
    subscriptions,
)
from priorauth.exchange.trying.found import Result, texts, tried
from priorauth.exchange.trying.session import Session


def chosen(only: tuple[str, ...] = ()) -> list[str]:
    """Return the checks of these names, or of a group; all where none is named. Raises InputRefused."""
    known = list(texts())
    for one in only:
        if not any(_fits(name, one) for name in known):
            groups = ", ".join(dict.fromkeys(name.partition(".")[0] for name in known))
            raise InputRefused(Fault(None, None, f"--only: no check is named {one[:80]!r}; expected one of {groups}"))
    return [name for name in known if not only or any(_fits(name, one) for one in only)]


def _fits(name: str, asked: str) -> bool:
    return asked in (name, name.partition(".")[0])


def run(session: Session, only: tuple[str, ...] = ()) -> Iterator[Result]:
    """Yield what each check finds, as it is done."""
    for name in chosen(only):
        yield tried(name, session)
