"""What people, rules and programs do to a case; :func:`priorauth.ledger.work.perform` does an act, whole or not at all."""

from priorauth.ledger.acts import calls, decisions, intake, notices, queues, setup, words

__all__ = ["calls", "decisions", "intake", "notices", "queues", "setup", "words"]
