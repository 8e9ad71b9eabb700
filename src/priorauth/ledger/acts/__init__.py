"""What people, rules and programs do to a case; :func:`priorauth.ledger.work.perform` does an act."""

from priorauth.ledger.acts import (
    again,
    calls,
    decisions,
    files,
    intake,
    messages,
    notices,
    policies,
    queues,
    setup,
    tokens,
    words,
)

__all__ = [
    "again",
    "calls",
    "decisions",
    "files",
    "intake",
    "messages",
    "notices",
    "policies",
    "queues",
    "setup",
    "tokens",
    "words",
]
