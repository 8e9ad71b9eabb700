"""The ledger: every request, run, word, clock, decision and letter; nothing lost, nothing altered, all repeatable."""
