"""Tests of a payer's server as its clients see it, theirs or ours: nothing of the server is imported here."""
