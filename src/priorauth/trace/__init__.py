"""A payer's text beside its rules: each sentence by hash and place, and what a new text changes."""
