"""The same policy as terms of a solver: what can be true of any patient at all."""
