"""Prior authorization for infusion pumps: a payer's policy as rules, held against a patient's own record."""

__version__ = "0.1.0"
