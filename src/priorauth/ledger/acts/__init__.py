"""What people, rules and programs do to a case; :func:`priorauth.ledger.work.perform` does an act."""

from priorauth.ledger.acts import (
    again,
    audit,
    calls,
    decisions,
    files,
    findings,
    intake,
    messages,
    notices,
    peer,
    policies,
    proposals,
    queues,
    setup,
    tokens,
    words,
)

__all__ = [
    "again",
    "audit",
    "calls",
    "decisions",
    "files",
    "findings",
    "intake",
    "messages",
    "notices",
    "peer",
    "policies",
    "proposals",
    "queues",
    "setup",
    "tokens",
    "words",
]
