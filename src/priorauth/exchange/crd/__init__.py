"""Coverage Requirements Discovery: what a plan says while something is ordered, as the system of a clinic asks it."""
