"""Exchange with payers' systems: Da Vinci PAS responses. Floor 8."""
