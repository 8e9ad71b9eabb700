"""Glucose logs: what a meter or a sensor recorded, read into one canonical stream and measured by one definition."""
