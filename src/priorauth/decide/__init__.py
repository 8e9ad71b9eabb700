"""Decide: evaluate a policy over a case, find what is missing, choose the outcome, write the receipt. Floor 5."""
