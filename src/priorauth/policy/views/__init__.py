"""Policies as people read them: the page, the comparison, the checklist, the census."""
