"""A watch over a folder of daily exports: each day only the members that it touches are read and decided again.

What it ends with after any number of days is what ingesting all of them at once and deciding everybody gives. A watch
that is killed goes on where it stopped; a day counts once ``watch.json`` names it, which is written last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from priorauth.errors import Fault, PopulationError
from priorauth.population.folder import WORK, locked
from priorauth.population.watch import days, shards
from priorauth.population.watch.day import Watched, Work, run_day
from priorauth.population.watch.deciding import Policy
from priorauth.population.watch.reading import Progress
from priorauth.population.watch.state import SHARDS, State, opened, save, settle
from priorauth.values import dates


def watch(  # noqa: PLR0913  # what is read, by what, and how
    exports: Path,
    place: Path,
    policy: Policy,
    *,
    as_of: str | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    each: Callable[[Watched], None] | None = None,
) -> list[Watched]:
    """Read the days of ``exports`` that ``place`` does not have yet; raises PopulationError, OSError.

    ``as_of`` (YYYY-MM-DD) is the day from which windows count for members without a request: that of the day before
    where it is left out, on the first the day of the export's manifest. ``each`` is told of each day once it is done.
    """
    if as_of is not None:
        try:
            dates.day(as_of)
        except ValueError as fault:
            raise PopulationError(Fault.of_argument("as_of", str(fault))) from None
    names = days.named(exports)
    if not names:
        raise PopulationError(Fault(str(exports), None, "expected folders of days, named YYYY-MM-DD; there are none"))
    found = []
    with locked(place):
        state = opened(place, policy.asked)
        settle(place, state)
        waiting = days.new(exports, names, state.days)
        for name in waiting:
            sources = (*state.sources(exports), *days.sources(exports, name))
            work = Work(place, exports, state, policy, name, sources, jobs or os.cpu_count() or 1, progress or _silent)
            found.append(run_day(work, as_of))
            if each:
                each(found[-1])
        compact(place, state)
        if not waiting:
            shutil.rmtree(place / WORK, ignore_errors=True)  # left where a watch was killed after its last word
    return found


def _silent(stage: str, done: int, of: int) -> None:
    """Say nothing."""


def compact(place: Path, state: State) -> None:
    """Put small shards together where there are many: the new ones count once the state names them."""
    folder = place / SHARDS
    for group in shards.crowded(folder, state.shards):
        shards.put_together(folder, group, state.next_shard)
        state.shards = [*(one for one in state.shards if one not in group), state.next_shard]
        state.next_shard += 1
        save(place, state)
    shards.cleared(folder, state.shards)
