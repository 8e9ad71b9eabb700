"""The care of a ledger: verify it, back it up and restore it, replay its runs, hand out a case."""
