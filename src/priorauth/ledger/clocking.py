"""The clocks of a case: which rules run, what has happened to each, when each is due, and which binds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from priorauth.decide.determination import Determination
from priorauth.ledger.runs import Ran
from priorauth.ledger.work import Work


def begin(work: Work, done: Ran) -> None:
    """Start the clocks of a new case."""
    del work, done


def told(work: Work, done: Ran) -> None:
    """See what a run says of the clocks."""
    del work, done


def came(work: Work) -> None:
    """Record that something came that was asked for."""
    del work


def answered(work: Work) -> None:
    """Record an answer."""
    del work


def asked(work: Work, until: datetime | None) -> datetime | None:
    """Record a question letter; return the day to answer by."""
    del work
    return until


def asked_by_rule(work: Work, waiting: Sequence[Determination]) -> None:
    """Ask by rule what the last run asks."""
    del work, waiting


def ended(work: Work) -> None:
    """Stop every clock: the case is decided."""
    del work


def authorized(work: Work, rule: str) -> None:
    """Refuse an authorization by law where the clock was not missed, or its law does not say so."""
    del work, rule


def extended(work: Work, rule: str, ground: str, days: int) -> None:
    """Extend a clock."""
    del work, rule, ground, days


def climbed(work: Work) -> None:
    """Set the next moment at which the case climbs."""
    del work


def missed(work: Work, rule: str) -> str:
    """Record that a clock ran out; return what its law makes of it."""
    del work, rule
    return "none"
