"""The metrics: readings as checked arrays, counted by one of two engines, and every defined number from the counts."""
