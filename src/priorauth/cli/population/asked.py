"""What is asked of a population: the options that a run and a comparison share, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from priorauth.cli import output, parameters
from priorauth.cli.output import refused
from priorauth.cli.parameters import Wrapped
from priorauth.errors import PriorAuthError

if TYPE_CHECKING:
    from priorauth.engines.sql.compile import Query
    from priorauth.policy.catalog import Catalog
    from priorauth.population.assume import Supposed
    from priorauth.population.fetch import Each
    from priorauth.population.storage import Place

NEEDED: Final = "needs DuckDB and pyarrow: pip install 'priorauth[population]'"
jobs_option: Final = click.option(
    "--jobs", metavar="K", type=parameters.Whole(1), help="processes (as many as there are cores)"
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which policy decides which members, and under which assumptions; ``as_of`` None: each member's own day."""

    tables: Place
    policy: str
    as_of: int | None
    plan: str | None
    readings: tuple[tuple[str, str], ...]
    suppose: tuple[str, ...]
    policies: tuple[Path, ...]
    command: str

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return where the tables are, where that is a folder of this machine."""
        return (self.tables,) if isinstance(self.tables, Path) else ()

    def catalog(self, *, with_readings: bool) -> Catalog:
        """Return the policies, with the readings that were given or without; raises PolicyFaults."""
        catalog = parameters.opened(self.policies)
        return catalog.with_readings(dict(self.readings)) if with_readings and self.readings else catalog

    def query(self, catalog: Catalog, wanted: str, pathway: str | None = None, *, evidence: bool = False) -> Query:
        """Return a policy as a query; raises InputRefused where there is no such policy, or it has no SQL."""
        try:
            from priorauth.population import run as runs
        except ImportError:
            raise refused(f"priorauth population {self.command} {NEEDED}") from None
        policy = runs.choose(catalog, wanted, self.as_of, self.plan)
        return runs.compiled(catalog, policy, self.as_of, pathway, evidence=evidence)

    def supposed(self, catalog: Catalog) -> Supposed:
        """Return what is supposed of every request on which nothing is on file; raises InputRefused."""
        from priorauth.population import assume

        return assume.read(list(self.suppose), catalog.vocabulary, catalog.units, self.as_of)


_DIR: Final = click.argument(
    "tables", metavar="DIR", type=parameters.Location(), help="the tables of a population (population ingest)"
)
_POLICY: Final = click.option(
    "--policy",
    metavar="ID",
    type=parameters.PolicyId(),
    required=True,
    help="a policy, or one version of it: ID@YYYY-MM-DD",
)
_FURTHER: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option("--plan", metavar="PLAN", help="take the readings of this plan of the payer"),
    parameters.readings,
    click.option(
        "--suppose",
        metavar="NAME=VALUE",
        multiple=True,
        help="decide as if a request said so, where nothing about it is on file (request_kind=initial)",
    ),
    parameters.policies,
    parameters.as_json,
)


def options(command: Wrapped) -> Wrapped:
    """Add the options of a question."""
    return _DIR(policy_options("the request date of all, else each member's own")(command))


def policy_options(as_of: str) -> Callable[[Wrapped], Wrapped]:
    """Return what adds the options of a question, without its tables; ``as_of`` says what that day is."""

    def added(command: Wrapped) -> Wrapped:
        for option in reversed((_POLICY, parameters.as_of(as_of), *_FURTHER)):
            command = option(command)
        return command

    return added


def gathered(run: Callable[..., int]) -> Callable[..., int]:
    """Return a function of the options that hands them on as one question, and the others as they are."""

    @wraps(run)
    @click.pass_context
    def given(ctx: click.Context, /, **options: Any) -> int:  # noqa: ANN401 - values of options
        named = {name: options.pop(name) for name in Question.__dataclass_fields__ if name in options}
        return run(Question(**named, command=str(ctx.info_name)), **options)

    return given


spark_option: Final = click.option(
    "--spark", metavar="MASTER", help="let Spark's executors work (local[4], spark://host:7077, yarn)"
)


@contextmanager
def workers(spark: str | None, say: Callable[[int, int], None] | None = None) -> Iterator[Each]:
    """Give who works on the chunks of a population: this machine, or the executors of a cluster.

    Says on standard error how many tasks the cluster lost and did again.
    """
    if spark is None:
        from priorauth.population.fetch import each

        yield each
        return
    from priorauth.population.spark import cluster

    with cluster(spark, say) as opened:
        yield opened.each
        say_lost(opened.lost)


def say_lost(count: int) -> None:
    """Say on standard error how many tasks of Spark were lost and done again."""
    if count:
        said = "1 task; it was" if count == 1 else f"{count:,} tasks; they were"
        output.fault(f"priorauth: Spark lost {said} done again")


@contextmanager
def readable(folder: Place) -> Iterator[None]:
    """Refuse in one line what is wrong with the tables of a population."""
    import duckdb
    import pyarrow as pa

    try:
        yield
    except duckdb.OutOfMemoryException:
        raise MemoryError from None
    except (duckdb.Error, pa.ArrowException) as fault:
        raise refused(_damaged(folder) or f"{folder}: the tables cannot be read ({type(fault).__name__})") from None
    except OSError as fault:  # pyarrow says of some damage that it is one of the system
        if fault.errno is None and (said := _damaged(folder)):
            raise refused(said) from None
        raise
    except PriorAuthError:
        raise
    except ValueError as fault:
        raise refused(str(fault)) from None


def _damaged(folder: Place) -> str | None:
    from priorauth.population.tables import damaged

    return damaged(folder) if isinstance(folder, Path) else None


def say_merged(catalog: Catalog, *queries: Query) -> None:
    """Say on standard error where a policy or its payer is of several folders."""
    for line in dict.fromkeys(line for query in queries for line in catalog.merged(query.policy)):
        output.fault(f"priorauth: {line}")


def told(found: dict[str, object], page: str, *, as_json: bool) -> None:
    """Print what was found, as JSON or for people."""
    if as_json:
        output.as_json(found)
    else:
        output.say(page)


def writable(out: Path) -> None:
    """Refuse a file that cannot be written where it is to stand."""
    if not out.parent.is_dir():
        raise refused(f"{out}: there is no folder {out.parent}")
    if out.is_dir():
        raise refused(f"{out}: expected a file, found a folder")
