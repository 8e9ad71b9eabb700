"""What holds for every test: hypothesis draws the same examples on every run, and a busy machine fails no test."""

from hypothesis import settings

settings.register_profile("priorauth", derandomize=True, deadline=None)
settings.load_profile("priorauth")
