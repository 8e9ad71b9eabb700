"""A plan to try things on: made-up people, made-up requests to all five payers, and what happened to them so far."""
