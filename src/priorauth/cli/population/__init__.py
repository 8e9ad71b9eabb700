"""``priorauth population``: make a population up, read one in, decide it, compare policies over it."""

from __future__ import annotations

from typing import Final

from priorauth.cli.command import Group

command: Final = Group(
    "population",
    says="Decide a whole population, or compare policies over it.",
    modules={
        name: f"priorauth.cli.population.{name}" for name in ("synthesize", "ingest", "run", "compare", "watch", "page")
    },
)
