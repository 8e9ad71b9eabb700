"""Glucose logs: what a meter or a sensor recorded, read into one canonical stream, measured by one definition. Floor 3."""
