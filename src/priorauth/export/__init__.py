"""Export: a determination as text for people, JSON for programs, and FHIR for payers' systems. Floor 6."""
