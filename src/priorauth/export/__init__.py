"""A policy as forms for other systems: what they ask, when, and the CQL that fills them in from a chart."""
