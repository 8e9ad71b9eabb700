"""A population day by day: only what changed is read and decided again."""
