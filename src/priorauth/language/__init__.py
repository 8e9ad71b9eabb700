"""The language of a policy's leaves: a closed set of typed forms, their grammar, their checker, their plain English.
Floor 3.
"""
