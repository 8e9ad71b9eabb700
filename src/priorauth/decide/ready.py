"""What the first request of a process would wait for, made ahead: a server does so before it listens."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from priorauth.language.english import labels
from priorauth.policy.catalog import Catalog
from priorauth.record.codes import compiled
from priorauth.record.quantities import scales

_LATE: Final = ("priorauth.glucose.evidence", "priorauth.glucose.episodes", "priorauth.glucose.logbook")
"""What is loaded only for a chart that holds readings, so that a command does not wait for it."""


def ready(catalog: Catalog) -> None:
    """Load all that a determination may need: every policy, the tables of codes and units, the words, all modules.

    Raises PolicyFaults, as the catalog does.
    """
    catalog.listed()
    compiled(catalog.vocabulary)
    scales(catalog.vocabulary, catalog.units)
    labels()
    for name in _LATE:
        import_module(name)
