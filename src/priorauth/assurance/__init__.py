"""Assurance: what a policy means, proved: dead criteria, differences between versions and payers, cases on every edge.
Floor 7. The solver (z3) comes with the extra `assurance`.
"""
