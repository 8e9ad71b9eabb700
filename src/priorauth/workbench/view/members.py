"""What a change would do to a population: counts of its members, who gains and who loses an approval.

The population is the folder of tables that the tenant's setting ``population`` names. Larger ones than
:data:`MOST` are for the command, which runs as long as it takes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from msgspec import Struct

from priorauth.errors import PriorAuthError
from priorauth.ledger.readings import READINGS
from priorauth.ledger.whatif import Change, changed
from priorauth.policy.catalog import Catalog
from priorauth.values.dates import iso
from priorauth.workbench.visit import Visit
from priorauth.workbench.words import OUTCOME

SETTING: Final = "population"
MOST: Final = 200_000
"""How many members a page decides."""


class Found(Struct, frozen=True, kw_only=True):
    """What a change does to a population, in numbers; ``says``: why there are none, empty where there are."""

    says: str = ""
    members: int = 0
    both: int = 0
    gain: int = 0
    lose: int = 0
    moved: tuple[tuple[str, str, int], ...] = ()
    gained_by: tuple[tuple[str, int], ...] = ()
    lost_by: tuple[tuple[str, int], ...] = ()


def found(visit: Visit, catalog: Catalog, change: Change) -> Found:
    """Return what a change does to the population of the plan, held against the newest version as it is read today."""
    folder = visit.plan["settings"].get(SETTING)
    if not folder:
        return Found(says="The plan's settings name no population.")
    try:
        from priorauth.population import compare, manifest, run
    except ImportError:
        return Found(says="DuckDB and pyarrow are not installed here: pip install 'priorauth[population]'.")
    try:
        tables = Path(str(folder))
        if manifest.members(tables) > MOST:
            too = f"The population has more than {MOST:,} members. Use the command: priorauth population compare."
            return Found(says=too)
        settings = {"policies": [str(at) for at in catalog.folders[1:]], READINGS: dict(catalog.overrides)}
        one, two = catalog, changed(settings, change)
        wanted = f"{change.policy}@{change.version}" if change.version else _newest(catalog, change.policy)
        queries = (
            run.compiled(one, run.choose(one, _newest(one, change.policy), None), None),
            run.compiled(two, run.choose(two, wanted, None), None),
        )
        made = compare.compare(tables, *queries, ("today", "with the change"))
    except PriorAuthError as fault:
        return Found(says=f"The population cannot be read: {fault.faults[0].message if fault.faults else 'no reason'}")
    return Found(
        members=made.members,
        both=made.both,
        gain=made.gain,
        lose=made.lose,
        moved=tuple((OUTCOME.get(a, a), OUTCOME.get(b, b), count) for a, b, count in made.moved),
        gained_by=made.gained_by,
        lost_by=made.lost_by,
    )


def _newest(catalog: Catalog, policy: str) -> str:
    return f"{policy}@{iso(catalog.files[policy][-1][0])}"
