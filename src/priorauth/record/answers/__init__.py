"""Answers: what forms and judgments state, as rows of facts."""
