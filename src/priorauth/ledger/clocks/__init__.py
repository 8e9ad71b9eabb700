"""Clocks: when a request must be decided, what stops that, and what a miss means. Pure functions over data."""
