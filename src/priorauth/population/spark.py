"""Spark runs the same SQL over the same Parquet, on one machine or many; no Python touches a row.

DuckDB's text is parsed by sqlglot and written in Spark's dialect. What the two say differently and sqlglot leaves alone
is changed in the tree: days added by column, folds over lists, places in lists, what DuckDB is told to keep.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from priorauth.engines.sql.compile import Block, Query
from priorauth.errors import Fault, PopulationError
from priorauth.population import assume, manifest
from priorauth.population.assume import Supposed
from priorauth.population.run import Summary, summarize
from priorauth.population.tables import SCHEMAS

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "true",
    "spark.sql.maxPlanStringLength": "1000",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
"""Days before 1582 are what they say; nothing depends on the machine's time zone."""
SIDE_BY_SIDE = 8
"""How many blocks are handed to the cluster at once."""


def text(query: str) -> str:
    """Write a compiled policy, one statement, in Spark's SQL."""
    return translated(query, pretty=True)


def translated(duckdb: str, *, pretty: bool = False) -> str:
    """Write a statement of DuckDB's SQL in Spark's."""
    tree = sqlglot.parse_one(duckdb, read="duckdb")
    changed = tree.transform(_changed)
    while changed != tree:  # what was put in is not looked into in the same round
        tree, changed = changed, changed.transform(_changed)
    return str(changed.sql(dialect="spark", pretty=pretty))


def _changed(tree: exp.Expression) -> exp.Expression:
    match tree:
        case exp.CTE():
            tree.set("materialized", None)
        case exp.Add(expression=days) if _is(days, "TO_DAYS"):
            return exp.Anonymous(this="DATE_ADD", expressions=[tree.this, *_arguments(days)])
        case exp.Sub(expression=days) if _is(days, "TO_DAYS"):
            return exp.Anonymous(this="DATE_SUB", expressions=[tree.this, *_arguments(days)])
        case exp.Bracket(expressions=[exp.Literal() as place]):
            return exp.Anonymous(this="GET", expressions=[tree.this, place.copy()])
        case exp.Anonymous(expressions=[listed, step, first]) if _is(tree, "LIST_REDUCE"):
            return exp.Anonymous(this="AGGREGATE", expressions=[listed.copy(), first.copy(), step.copy()])
        case _:
            pass
    return tree


def _is(tree: object, name: str) -> bool:
    if not isinstance(tree, exp.Func):
        return False
    own = tree.this if isinstance(tree, exp.Anonymous) else tree.sql_name()
    return str(own).upper() == name


def _arguments(tree: exp.Expression) -> list[exp.Expression]:
    return list(tree.expressions) or [tree.this]


def session(master: str) -> SparkSession:
    """Open a session; PopulationError where pyspark is not there."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        said = "master= needs pyspark: pip install 'priorauth[spark]'"
        raise PopulationError(Fault(None, None, said)) from None
    builder: Any = SparkSession.builder.master(master).appName("priorauth")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    return made


def prepare(spark: SparkSession, query: Query, folder: Path, supposed: Supposed = ()) -> None:
    """Lay views over the tables, and work out block by block: a plan of all of them at once outgrows the driver.

    Blocks that do not need each other are worked out side by side.
    """
    for name in SCHEMAS:
        spark.read.parquet(str(folder / name)).drop("bucket").createOrReplaceTempView(name)
    spark.table("answer").createOrReplaceTempView(assume.ON_FILE)
    assume.lay(supposed, lambda name, text: spark.sql(translated(text)).createOrReplaceTempView(name))

    def lay(block: Block) -> None:
        frame = spark.sql(translated(block.alone))
        (frame.localCheckpoint() if block.kept else frame).createOrReplaceTempView(block.name)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for stage in query.stages:
            for block in stage:
                if not block.kept:
                    lay(block)
            list(pool.map(lay, (block for block in stage if block.kept)))


def decide(spark: SparkSession, query: Query, folder: Path, supposed: Supposed = ()) -> Any:  # noqa: ANN401 - a DataFrame
    """Return a row a member, in the order of their numbers."""
    prepare(spark, query, folder, supposed)
    found = spark.sql(translated(query.last))
    if supposed:
        found.createOrReplaceTempView("decided")
        found = spark.sql(translated(assume.beside("decided", supposed)))
    return found.orderBy("member")


def run(folder: Path, query: Query, out: Path, master: str, supposed: Supposed = ()) -> Summary:
    """Decide every member on Spark; ``out`` is the folder of Parquet that Spark writes."""
    from priorauth.population import duck

    manifest.opened(folder)
    spark = session(master)
    try:
        decide(spark, query, folder, supposed).write.mode("overwrite").parquet(str(out))
    finally:
        spark.stop()
    return summarize(duck.connect(), query, out, supposed)
