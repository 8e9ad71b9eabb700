"""The page of a determination: text that a nurse reads."""
