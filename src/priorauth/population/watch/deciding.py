"""What decides in a watch, and the rows that it leaves: those of a day with their evidence, and those of everybody.

The rows of everybody have no evidence: ``decided_on`` names the day among whose rows it stands. So a day writes little
more than what it decides.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from priorauth.engines.sql.compile import Query
from priorauth.facts import vocabulary
from priorauth.population import assume, dataset, run
from priorauth.population.dataset import About, Decided
from priorauth.population.watch.shards import Keys
from priorauth.population.watch.state import CURRENT, KEYS, Asked
from priorauth.version import __version__

if TYPE_CHECKING:
    import pyarrow as pa

DECIDED_ON: Final = "decided_on"
"""The column that names the day on which a row was decided."""
_APART: Final = ("member", "evidence")
"""Columns of a run that the rows of everybody do without: a number means nothing from one day to the next."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What decides, and how a dataset says so."""

    query: Query
    supposed: assume.Supposed = ()
    plan: str | None = None
    readings: dict[str, str] = field(default_factory=dict)
    evidence: bool = True

    @property
    def asked(self) -> Asked:
        """What a state is of."""
        policy = self.query.policy
        text = msgspec.json.encode((self.query.text, assume.told(self.supposed), self.evidence))
        digest = hashlib.sha256(text).hexdigest()
        return Asked(policy.id, policy.version, policy.sha256, digest, __version__, vocabulary.load().sha256)

    def about(self, parts: list[dataset.Part], summary: run.Summary, *, evidence: bool) -> About:
        """Return what a dataset of its rows is."""
        policy = self.query.policy
        return About(
            policy=Decided(policy.id, policy.title, policy.version, policy.sha256),
            parts=tuple(parts),
            plan=self.plan,
            readings=self.readings,
            supposed=assume.told(self.supposed),
            evidence=evidence,
            summary=summary.as_json(),
        )


def keep(policy: Policy, result: Path, summary: run.Summary, to: Path) -> pa.Table:
    """Write what a run decided (a file) as a dataset without the numbers of members; gives it without evidence."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    dataset.begin(to)
    parts, verdicts = [], []
    with pq.ParquetFile(result) as file:
        for number in range(file.num_row_groups):
            rows = file.read_row_group(number).drop_columns(["member"])
            parts.append(dataset.write_part(to, number, rows))
            verdicts.append(rows.drop_columns([name for name in _APART if name in rows.column_names]))
    dataset.finish(to, policy.about(parts, summary, evidence=policy.evidence))
    return pa.concat_tables(verdicts)


def keep_none(policy: Policy, like: pa.Table, to: Path) -> pa.Table:
    """Write a dataset without a row, where nobody is left to be decided; gives it."""
    none = like.slice(0, 0).drop_columns([DECIDED_ON])
    dataset.begin(to)
    parts = [dataset.write_part(to, 0, none)]
    dataset.finish(to, policy.about(parts, run.Summary(policy.query.policy), evidence=False))
    return none


@dataclass(frozen=True, slots=True)
class Everybody:
    """The rows of everybody, without evidence, and the key of the member of each."""

    rows: pa.Table | None
    keys: Keys

    @classmethod
    def of(cls, place: Path) -> Everybody:
        """Return those of a state, none where no day was read."""
        import pyarrow.parquet as pq

        if not (place / KEYS).exists():
            return cls(None, np.empty(0, dtype=np.uint64))
        return cls(pq.ParquetDataset(dataset.paths(place / CURRENT)).read(), np.load(place / KEYS))

    def parted(self, touched: Keys | None) -> tuple[Everybody, Everybody]:
        """Return those of members whom a day leaves alone, and those of members whom it touches (None: all)."""
        import pyarrow as pa

        if self.rows is None:
            return self, self
        chosen = np.ones(len(self.keys), dtype=bool) if touched is None else np.isin(self.keys, touched)
        left, taken = (Everybody(self.rows.filter(pa.array(one)), self.keys[one]) for one in (~chosen, chosen))
        return left, taken

    def joined(self, rows: pa.Table, keys: Keys, day: str) -> Everybody:
        """Return them with rows that were decided on a day behind them."""
        import pyarrow as pa

        dated = rows.append_column(DECIDED_ON, pa.array([day] * len(rows), pa.string()))
        every = dated if self.rows is None else pa.concat_tables([self.rows, dated])
        return Everybody(every, np.concatenate([self.keys, keys]))

    def write(self, policy: Policy, to: Path) -> run.Summary:
        """Write them below a folder; gives what there is to say of them."""
        from priorauth.population import duck

        rows: pa.Table = self.rows
        dataset.begin(to / CURRENT)
        firsts = range(0, max(1, len(rows)), dataset.GROUP)
        parts = [
            dataset.write_part(to / CURRENT, number, rows.slice(first, dataset.GROUP))
            for number, first in enumerate(firsts)
        ]
        with duck.connect() as connection:
            connection.register("result", dataset.rows(to / CURRENT, parts))
            summary = run.summarize(connection, policy.query, policy.supposed)
        dataset.finish(to / CURRENT, policy.about(parts, summary, evidence=False))
        np.save(to / KEYS, self.keys)
        return summary
