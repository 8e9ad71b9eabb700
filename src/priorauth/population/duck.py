"""DuckDB runs a compiled policy, in this process, over Parquet or over tables in memory."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from priorauth.engines.sql.compile import Query
from priorauth.engines.sql.pieces import literal
from priorauth.population import weigh
from priorauth.population.tables import SCHEMAS, files

MEMORY_PERCENT = 70
IDLE = ("projection_pullup,projection_placement", "projection_pullup")
"""Passes of the planner that take long here and gain nothing, those of the newest version first."""

FOUND = "found_0"
"""The step that the gates take the place of."""

SEAT = "seat"
"""What the result is read from last."""

FEW = 2_000
"""Up to so many members a statement takes longer to be made better than it gains by that."""


def connect(threads: int | None = None, share: float = 1.0) -> duckdb.DuckDBPyConnection:
    """Open a database in memory that never reaches for the network; ``share`` is its part of what may be used."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET memory_limit = '{int(MEMORY_PERCENT * share)}%'")
    connection.execute("SET parquet_metadata_cache = true")  # a file is read by a hundred statements
    for passes in IDLE:
        with contextlib.suppress(duckdb.Error):  # a version that does not know one of them refuses all
            connection.execute(f"SET disabled_optimizers = '{passes}'")
            break
    if threads is not None:
        connection.execute(f"SET threads = {int(threads)}")
    return connection


def in_memory(tables: Mapping[str, pa.Table], threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database over tables in memory; it can reach no file."""
    connection = connect(threads)
    for name in SCHEMAS:
        connection.register(f"{name}_rows_in_memory", tables[name])
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {name}_rows_in_memory")
    lock(connection, ())
    return connection


def over(connection: duckdb.DuckDBPyConnection, folder: Path, buckets: tuple[int, ...]) -> None:
    """Lay views over the Parquet files of some buckets; from then on the database reaches no other file.

    Over few members statements run as they are written, which gives the same rows.
    """
    every: list[Path] = []
    for name in SCHEMAS:
        found = files(folder, name, buckets)
        relation = connection.read_parquet([str(path) for path in found], hive_partitioning=False)
        relation.create_view(name)
        every += found
    ((members,),) = connection.execute("SELECT count(*) FROM member").fetchall()
    if members <= FEW:
        connection.execute("SET enable_optimizer = false")
    lock(connection, every)


def over_result(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Lay the view ``result`` over the file that a run wrote, and reach nothing else."""
    connection.read_parquet(str(out)).create_view("result", replace=True)
    lock(connection, [out])


def lock(connection: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> None:
    """Let a database reach these files and no others, and none of its settings be changed any more.

    Its own folder for what memory does not hold stays open to it.
    """
    allowed = ", ".join(literal(str(path)) for path in paths)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def run(connection: duckdb.DuckDBPyConnection, query: Query) -> duckdb.DuckDBPyConnection:
    """Run a compiled policy; gives the result to fetch from."""
    run_into(connection, query, "verdicts")
    return connection.execute("SELECT * FROM verdicts")


def run_into(connection: duckdb.DuckDBPyConnection, query: Query, table: str) -> None:
    """Run a compiled policy into a view: a row a member, every verdict."""
    connection.register(table, decided(connection, query))


def decided(connection: duckdb.DuckDBPyConnection, query: Query) -> pa.Table:
    """Run a compiled policy; gives a row a member, in the order of their numbers, every verdict."""
    told = weigh.Told(query.weighing, members(connection))
    for _ in worked(connection, query, told):
        pass
    return told.beside(beside(connection, query))


def worked(connection: duckdb.DuckDBPyConnection, query: Query, told: weigh.Told) -> Iterator[tuple[str, str]]:
    """Work the leaves out block by block and let ``told`` take them in; yields name and text of each block before it.

    Each is planned alone, which takes far less time than one plan of all. What no later block reads is dropped, and a
    leaf that none reads is not even kept.
    """
    for name, text in query.steps:
        if name != FOUND:
            yield name, text
        if name in query.told:
            told.take(name, connection.execute(parsed(text)).fetchnumpy())
        elif name != FOUND:
            connection.execute(parsed(f"CREATE OR REPLACE TEMP TABLE {name} AS {text}"))
            if name in query.weighing.leaves:
                told.take(name, connection.execute(f"FROM {name}").fetchnumpy())
        for over in query.read[name]:
            if over not in query.told and over != SEAT:
                connection.execute(parsed(f"DROP TABLE {over}"))
    if query.words:
        yield "words", query.words
        told.words(connection.execute(parsed(query.words)).fetchnumpy())


def beside(connection: duckdb.DuckDBPyConnection, query: Query) -> pa.Table:
    """Return what stands beside the tree, of all members in order; in one thread they come so, else they are sorted."""
    rows = connection.sql(parsed(query.beside)).to_arrow_table()
    return rows if (np.diff(rows["member"].to_numpy()) > 0).all() else rows.sort_by("member")


def members(connection: duckdb.DuckDBPyConnection) -> npt.NDArray[np.int64]:
    """Return the numbers of all members in order."""
    rows = connection.execute("SELECT member FROM member").fetchnumpy()
    return np.sort(rows["member"])


@functools.lru_cache(maxsize=2_048)
def parsed(text: str) -> duckdb.Statement:
    """Return a statement parsed; a run makes the same ones for each chunk."""
    (statement,) = duckdb.extract_statements(text)
    return statement
