"""The ledger: every request, its runs, clocks, words and letters."""
