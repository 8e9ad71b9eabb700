"""How fast a population is decided: MassHealth's trial over members of 150 rows, with ties and gaps.

    python bench/population.py [--members 100000] [--python 500] [--dir DIR] [--json]

The floor is one pass over the same Parquet: every row read and counted by member and fact. Members are drawn by seeded
numpy: results of one day twice, days without a test, records that are whole a day short, answers beside the record.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from priorauth.decide.decide import decide
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.policy.catalog import open_catalog
from priorauth.population import duck, tables
from priorauth.population.compile import compile_policy
from priorauth.values import dates
from priorauth.values.dates import EPOCH, LAST_DAY

POLICY, PATHWAY = "masshealth/insulin-pumps", "initial-trial"
AS_OF = dates.day("2026-11-21")
YES = (
    *("motivated", "able_to_operate_pump", "follows_diet_and_exercise", "injections_ineffective"),
    *("ma_review_form_on_file", "prescription_complete", "pa1_form_on_file", "dawn_phenomenon"),
    *("caregiver_able_to_operate_pump", "recurring_hypoglycemia", "severe_glycemic_excursions"),
)
STATED = {
    "primary_diagnosis": ("type-1-diabetes", "type-2-diabetes", "other"),
    "product_code": ("E0784", "E0787"),
    "request_kind": ("initial",),
    "request_channel": ("portal", "paper"),
    "plan_type": ("payer-direct",),
    "pump_category": ("durable", "automated"),
}
OFTEN = 0.85
DATED = ("clinical_notes_dated", "prescription_signed_on", "letter_of_medical_necessity_signed_on")


class Drawn:
    """Columns of one table as they are drawn, fact by fact."""

    def __init__(self, name: str, rng: np.random.Generator) -> None:
        """Draw for one table."""
        self.name, self.rng, self.parts = name, rng, list[pa.Table]()

    def add(self, fact: str, member: np.ndarray, answered: float = 0.0, **columns: Any) -> None:
        """Add rows of a fact; days are numbers."""
        schema, count = tables.SCHEMAS[self.name], len(member)
        source = np.where(self.rng.random(count) < answered, "answer", "record")
        columns = {"member": member, "fact": pa.repeat(fact, count), "source": source, **columns}
        columns.setdefault("ref", pa.array([f"Observation/{n}" for n in range(count)]))
        made = []
        for part in schema:
            value = columns.get(part.name)
            if value is None:
                flat: Any = pa.repeat(False, count) if part.type == pa.bool_() else pa.nulls(count, part.type)
            elif part.type == pa.date32():
                flat = pa.array((np.asarray(value) - EPOCH).astype("int32")).cast(pa.date32())
            else:
                flat = value if isinstance(value, pa.Array) else pa.array(value)
            made.append(flat.cast(part.type))
        self.parts.append(pa.table(made, schema=schema))

    def table(self) -> pa.Table:
        """Give the table, sorted as a population's are."""
        if not self.parts:
            return tables.SCHEMAS[self.name].empty_table()
        return pa.concat_tables(self.parts).sort_by([("fact", "ascending"), ("member", "ascending")])


def draw(members: np.ndarray, seed: int) -> dict[str, pa.Table]:
    """Draw the tables of some members."""
    rng = np.random.default_rng(seed)
    made = {name: Drawn(name, rng) for name in ("measurement", "event", "period", "answer", "whole")}

    def some(share: float, most: int = 1) -> np.ndarray:
        counts = np.where(rng.random(len(members)) < share, rng.integers(1, most + 1, len(members)), 0)
        return np.repeat(members, counts)

    def days(count: int, reach: int) -> np.ndarray:
        return AS_OF - rng.integers(0, reach, count)

    for fact, most, reach, low, high, share in (
        ("hba1c", 6, 500, 55, 100, 0.95),
        ("fasting_glucose", 24, 60, 80, 280, 0.9),
        ("premeal_daily_range", 20, 60, 20, 160, 0.9),
        ("cgm_days_worn_percent", 2, 60, 40, 100, 0.4),
    ):
        member = some(share, most)
        day = days(len(member), reach)
        day[1::7] = day[::7][: len(day[1::7])]  # ties: the day of the row before
        value = rng.integers(low, high, len(member))
        made["measurement"].add(fact, member, 0.02, first=day, last=day, low=value, high=value)
    for fact, most, reach, share in (
        ("glucose_self_test", 180, 40, 0.9),
        ("hypoglycemia", 10, 90, 0.6),
        ("severe_hypoglycemia", 3, 400, 0.2),
        ("ketoacidosis", 2, 400, 0.1),
    ):
        member = some(share, most)
        day = days(len(member), reach)
        value = rng.integers(40, 90, len(member)) if fact == "hypoglycemia" else None
        answered = 0.0 if fact == "glucose_self_test" else 0.01
        made["event"].add(fact, member, answered, first=day, last=day, low=value, high=value)
    for fact, share in (("diabetes", 0.8), ("type_1_diabetes", 0.7), ("insulin_treatment", 0.6), ("cgm_use", 0.3)):
        _period(made["period"], fact, some(share), 1, 1)
    _period(made["period"], "frequent_dose_self_adjustment", some(0.8), 1, 1)
    _period(made["period"], "coverage_in_force", some(0.97), 1, 1)
    _period(made["period"], "insulin_injections", some(0.95, 2), 2, 5)
    for fact in YES:
        member = some(0.85, 2)
        day = days(len(member), 60)
        text = np.where(rng.random(len(member)) < OFTEN, "yes", "no")
        made["answer"].add(fact, member, 0.9, text=text, first=day, last=day)
    for fact, values in STATED.items():
        member = some(0.97)
        day = days(len(member), 20)
        made["answer"].add(fact, member, 0.1, text=rng.choice(values, len(member)), first=day, last=day)
    for fact in (*DATED, "birth_date"):
        member = some(0.95)
        day = days(len(member), 30 if fact != "birth_date" else 25_000)
        text = pa.repeat("stated", len(member))
        made["answer"].add(fact, member, 0.1, text=text, first=day, last=day, low=day, high=day)
    for fact in ("glucose_self_test", "hypoglycemia", "severe_hypoglycemia", "ketoacidosis", "premeal_daily_range"):
        member = some(0.7, 2)
        first = AS_OF - rng.choice([30, 60, 91, 365], len(member))
        made["whole"].add(fact, member, 0.5, first=first, last=AS_OF - rng.integers(0, 2, len(member)))
    found = {name: drawn.table() for name, drawn in made.items()}
    patients = pa.array([f"Patient/{number}" for number in members])
    as_of = pa.array(np.full(len(members), AS_OF - EPOCH, "int32")).cast(pa.date32())
    found["member"] = pa.table([pa.array(members), patients, as_of], schema=tables.SCHEMAS["member"])
    return found


def _period(drawn: Drawn, fact: str, member: np.ndarray, low: int, high: int) -> None:
    rng = drawn.rng
    start = AS_OF - rng.integers(100, 900, len(member))
    end = np.where(rng.random(len(member)) < OFTEN, LAST_DAY, start + rng.integers(30, 600, len(member)))
    value = rng.integers(low, high + 1, len(member))
    days = {"start_first": start, "start_last": start, "end_first": end, "end_last": end}
    drawn.add(fact, member, 0.1, **days, low=value, high=value)


def write(folder: Path, count: int) -> int:
    """Write a population of so many members; gives its rows."""
    rows = 0
    for bucket in range(-(-count // tables.MOST_IN_BUCKET)):
        first = bucket * tables.MOST_IN_BUCKET
        members = np.arange(first, min(first + tables.MOST_IN_BUCKET, count), dtype="int64")
        for name, table in draw(members, 7 + bucket).items():
            tables.write_table(folder, name, bucket, table)
            rows += table.num_rows if name != "member" else 0
    return rows


def cases(folder: Path, most: int) -> list[Case]:
    """Read some members of the same Parquet back as cases."""
    connection = duck.connect()
    duck.over(connection, folder, tables.buckets(folder)[:1])
    shapes = {"measurement": Measurement, "event": Event, "period": Period, "answer": Answer, "whole": Whole}
    found: dict[int, list[Row]] = {number: [] for number in range(most)}
    for name, shape in shapes.items():
        for row in connection.execute(f"SELECT * FROM {name} WHERE member < {most}").to_arrow_table().to_pylist():
            member = row.pop("member")
            plain = {key: value.toordinal() if hasattr(value, "toordinal") else value for key, value in row.items()}
            found[member].append(shape(**plain | {"source": Source(plain["source"])}))
    return [Case(AS_OF, by_fact(rows)) for rows in found.values()]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--python", type=int, default=500)
    parser.add_argument("--dir", type=Path)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = args.dir or Path(tempfile.mkdtemp(prefix="priorauth-bench-"))
    try:
        found = measure(folder, args.members, args.python)
    finally:
        if args.dir is None:
            shutil.rmtree(folder)
    json.dump(found, sys.stdout, indent=2) if args.json else show(found)
    return 0


def measure(folder: Path, count: int, by_python: int) -> dict[str, float]:
    """Time every engine over one population."""
    if not (folder / "member").is_dir():
        write(folder, count)
    catalog = open_catalog()
    policy = catalog.versions(POLICY)[-1]
    connection = duck.connect()
    duck.over(connection, folder, tables.buckets(folder))
    counted = " + ".join(f"(SELECT count(*) FROM {name})" for name in tables.SCHEMAS if name != "member")
    rows = connection.execute(f"SELECT {counted}").fetchall()[0][0]
    members = connection.execute("SELECT count(*) FROM member").fetchall()[0][0]
    found = {"members": members, "rows_per_member": rows / members}
    start, worked = time.perf_counter(), time.process_time()
    for name in ("measurement", "event", "period", "answer", "whole"):
        shape = "max(start_last), max(low)" if name == "period" else "max(last)"
        text = f"SELECT member, fact, count(source), {shape} FROM {name} GROUP BY ALL"
        connection.execute(f"SELECT count(*) FROM ({text})").fetchall()
    found["floor_members_per_cpu_second"] = members / (time.process_time() - worked)
    found["floor_members_per_second"] = members / (time.perf_counter() - start)
    query = compile_policy(policy, catalog.vocabulary, catalog.common, as_of=AS_OF, pathways=(PATHWAY,))
    start, worked = time.perf_counter(), time.process_time()
    duck.run_into(connection, query, "decided")
    found["duckdb_verdicts_members_per_cpu_second"] = members / (time.process_time() - worked)
    found["duckdb_verdicts_members_per_second"] = members / (time.perf_counter() - start)
    text = "SELECT outcome, count(*) FROM decided GROUP BY ALL ORDER BY ALL"
    outcomes = dict(connection.execute(text).fetchall())
    drawn = cases(folder, min(by_python, members))
    start = time.perf_counter()
    by_hand = [decide(policy, case, catalog.vocabulary, catalog.common).outcome for case in drawn]
    found["python_members_per_second"] = len(drawn) / (time.perf_counter() - start)
    text = f"SELECT outcome FROM decided WHERE member < {len(drawn)} ORDER BY member"
    found["agree"] = [row[0] for row in connection.execute(text).fetchall()] == by_hand
    query = compile_policy(policy, catalog.vocabulary, catalog.common, as_of=AS_OF, pathways=(PATHWAY,), evidence=True)
    start, worked = time.perf_counter(), time.process_time()
    duck.run_into(connection, query, "decided")
    found["duckdb_with_evidence_members_per_cpu_second"] = members / (time.process_time() - worked)
    found["duckdb_with_evidence_members_per_second"] = members / (time.perf_counter() - start)
    return found | {f"outcome {name}": share for name, share in outcomes.items()}


def show(found: dict[str, float]) -> None:
    """Print a table."""
    for name, value in found.items():
        print(f"{name:40} {value:>14,.1f}" if isinstance(value, float) else f"{name:40} {value:>14,}")


if __name__ == "__main__":
    raise SystemExit(main())
