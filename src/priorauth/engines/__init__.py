"""Engines: what a policy says of a patient, four times over: Python, SQL, CQL and a solver. Floor 5.

The same file names stand in each, and none reads another's code: their agreement is a proof only while they
share no line.
"""
