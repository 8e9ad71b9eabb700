"""CRD: what a plan says to an order while it is written."""
