"""Draws members for the bench of populations: about 150 rows each for MassHealth's trial, with ties, gaps and edges.

Three kinds of members, so that every outcome is there: of some everything is on file and on the good side, of some all
of that but a fact or two, of the rest anything. All have results of one day twice, days without a test, values and days
on both sides of each threshold, answers beside the record. Each block of members has a seed of its own: the first
thousand members are the same in a population of any size, in buckets of any size. Two processes write.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from priorauth.facts import vocabulary as vocabularies
from priorauth.population import manifest, tables
from priorauth.values import dates
from priorauth.values.dates import EPOCH, LAST_DAY

AS_OF = dates.day("2026-11-21")
BLOCK = 1_000
"""Members that share a seed."""
KINDS = ("good", "gaps", "any")
SHARES = (0.35, 0.35, 0.30)
FULL = 0.998
"""How often a fact of a good member is on file; of one with gaps somewhat less often, of any other as listed."""
GAPS = 0.955
OFTEN, MOSTLY = 0.85, 0.67
"""How often a period of any member lasts and an answer is yes, and how often an attribute is one that is wanted."""
YES = (
    *("motivated", "able_to_operate_pump", "follows_diet_and_exercise", "injections_ineffective"),
    *("ma_review_form_on_file", "prescription_complete", "pa1_form_on_file", "dawn_phenomenon"),
    *("recurring_hypoglycemia", "severe_glycemic_excursions", "caregiver_able_to_operate_pump"),
)
STATED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "primary_diagnosis": (("type-1-diabetes", "type-1-diabetes", "type-2-diabetes"), ("other", "other-diabetes")),
    "product_code": (("E0784", "E0787"), ("E0784", "E0787")),
    "request_kind": (("initial",), ("initial",)),
    "request_channel": (("portal", "electronic", "paper"), ("paper", "fax")),
    "plan_type": (("payer-direct",), ("payer-direct",)),
    "pump_category": (("durable", "automated"), ("durable", "automated")),
}
"""Attributes: what is good, and what any member may have beside that."""
DATED = ("clinical_notes_dated", "prescription_signed_on", "letter_of_medical_necessity_signed_on")
WHOLES = ("glucose_self_test", "hypoglycemia", "severe_hypoglycemia", "ketoacidosis", "premeal_daily_range")
_VOCABULARY = vocabularies.load()


def write(folder: Path, count: int, in_bucket: int, processes: int = 2) -> None:
    """Write a population of so many members; ``in_bucket``, how many to a bucket, is a multiple of a block."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest.write(folder, count)
    jobs = [(folder, bucket, in_bucket, count) for bucket in range(-(-count // in_bucket))]
    if len(jobs) == 1:
        _bucket(*jobs[0])
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for job in [pool.submit(_bucket, *job) for job in jobs]:
            job.result()


def _bucket(folder: Path, bucket: int, in_bucket: int, count: int) -> None:
    first, end = bucket * in_bucket, min((bucket + 1) * in_bucket, count)
    drawn = Drawn(bucket)
    for start in range(first, end, BLOCK):
        Block(drawn, np.arange(start, start + BLOCK) - first, start // BLOCK, end - first).draw()
    for name in tables.SCHEMAS:
        tables.write_table(folder, name, bucket, drawn.table(name, end - first))


@dataclass(slots=True)
class Drawn:
    """Columns as they are drawn: by table, fact and column, a piece a block."""

    bucket: int
    pieces: dict[str, dict[str, dict[str, list[np.ndarray]]]] = field(default_factory=dict)

    def table(self, name: str, count: int) -> pa.Table:
        """Give a table; members come in order and facts are put in order, so nothing is left to sort."""
        schema = tables.SCHEMAS[name]
        if name == "member":
            members = np.arange(count, dtype="int64") + self.bucket * tables.MOST_IN_BUCKET
            as_of = pa.array(np.full(count, AS_OF - EPOCH, "int32")).cast(pa.date32())
            return pa.table([pa.array(members), _numbered("Patient/", members), as_of], schema=schema)
        facts = self.pieces.pop(name)
        made = [_fact(schema, fact, facts.pop(fact), self.bucket) for fact in sorted(facts)]
        return pa.concat_tables(made)


def _fact(schema: pa.Schema, fact: str, pieces: dict[str, list[np.ndarray]], bucket: int) -> pa.Table:
    """Give the rows of one fact."""
    columns = {column: np.concatenate(listed) for column, listed in pieces.items()}
    count = len(columns["member"])
    columns["member"] = columns["member"].astype("int64") + bucket * tables.MOST_IN_BUCKET
    made: list[Any] = []
    for part in schema:
        value = columns.get(part.name)
        if part.name == "fact":
            flat: Any = pa.repeat(fact, count)
        elif part.name == "ref":
            flat = _numbered("Observation/", np.arange(count))
        elif value is None:
            flat = pa.repeat(False, count) if part.type == pa.bool_() else pa.nulls(count, part.type)
        elif part.type == pa.date32():
            flat = pa.array((value - EPOCH).astype("int32")).cast(pa.date32())
        elif part.type == pa.string():
            words, places = np.unique(value, return_inverse=True)
            flat = pa.DictionaryArray.from_arrays(pa.array(places.astype("int32")), pa.array(words.tolist()))
        else:
            flat = pa.array(value)
        made.append(flat.cast(part.type))
    return pa.table(made, schema=schema)


def _numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")


@dataclass(slots=True)
class Block:
    """A block of members as they are drawn; ``members`` are places in the bucket."""

    drawn: Drawn
    members: np.ndarray
    seed: int
    end: int
    rng: np.random.Generator = field(init=False)
    kind: np.ndarray = field(init=False)

    def draw(self) -> None:
        """Draw every fact; a block that the population cuts short is drawn as a whole all the same."""
        self.rng = np.random.default_rng((7, self.seed))
        self.kind = self.rng.choice(len(KINDS), len(self.members), p=SHARES)
        self.measured()
        self.happened()
        self.lasted()
        self.said()
        self.whole()

    def add(self, table: str, fact: str, place: np.ndarray, answered: float, **columns: np.ndarray | None) -> None:
        """Add rows of a fact; ``place`` are places in the block."""
        member = self.members[place]
        source = np.where(self.rng.random(len(place)) < answered, "answer", "record")
        kept = member < self.end
        held = self.drawn.pieces.setdefault(table, {}).setdefault(fact, {})
        for name, value in {"member": member, "source": source, **columns}.items():
            if value is not None:
                held.setdefault(name, []).append(np.asarray(value)[kept])

    def some(self, share: float, most: int = 1, *, vital: bool = True) -> np.ndarray:
        """Choose who has a fact, and how often; ``vital``: good members have it, those with gaps nearly all."""
        size = len(self.members)
        shares = np.array([FULL, GAPS, share])[self.kind] if vital else np.full(size, share)
        counts = np.where(self.rng.random(size) < shares, self.rng.integers(1, most + 1, size), 0)
        return np.repeat(np.arange(size), counts)

    def good(self, place: np.ndarray) -> np.ndarray:
        """Say of each row whether its member is on the good side."""
        good: np.ndarray = self.kind[place] < KINDS.index("any")
        return good

    def days(self, count: int, reach: int) -> np.ndarray:
        """Draw days back from the request; of seven rows one has the day of the row before."""
        day = AS_OF - self.rng.integers(0, reach, count)
        day[1::7] = day[::7][: len(day[1::7])]
        return day

    def numbers(self, fact: str, place: np.ndarray, low: float, high: float, good: float) -> np.ndarray:
        """Draw multiples of the resolution; ``good``: where the range of the good members begins."""
        resolution = float(_VOCABULARY[fact].resolution)
        start = np.where(self.good(place), good, low) / resolution
        return self.rng.integers(np.round(start).astype("int64"), round(high / resolution) + 1)

    # ---- the facts

    def measured(self) -> None:
        for fact, most, reach, low, high, good, share in (
            ("hba1c", 6, 500, 5.5, 10.0, 7.1, 0.95),
            ("fasting_glucose", 24, 60, 80, 280, 80, 0.9),
            ("premeal_daily_range", 20, 60, 20, 160, 20, 0.9),
            ("cgm_days_worn_percent", 2, 60, 40, 100, 70, 0.4),
        ):
            place = self.some(share, most, vital=fact == "hba1c")
            day = self.days(len(place), reach)
            value = self.numbers(fact, place, low, high, good)
            self.add("measurement", fact, place, 0.02, first=day, last=day, low=value, high=value)

    def happened(self) -> None:
        for fact, most, reach, share, answered in (
            ("glucose_self_test", 180, 40, 0.9, 0.0),
            ("hypoglycemia", 10, 90, 0.6, 0.01),
            ("severe_hypoglycemia", 3, 400, 0.2, 0.01),
            ("ketoacidosis", 2, 400, 0.1, 0.01),
        ):
            place = self.some(share, most, vital=False)
            day = self.days(len(place), reach)
            value = self.rng.integers(40, 90, len(place)) if fact == "hypoglycemia" else None
            self.add("event", fact, place, answered, first=day, last=day, low=value, high=value)

    def lasted(self) -> None:
        for fact, share, most, vital in (
            ("diabetes", 0.8, 1, True),
            ("type_1_diabetes", 0.4, 1, False),
            ("insulin_treatment", 0.6, 1, True),
            ("cgm_use", 0.3, 1, True),
            ("frequent_dose_self_adjustment", 0.8, 1, True),
            ("coverage_in_force", 0.97, 1, True),
            ("insulin_injections", 0.95, 2, True),
        ):
            place = self.some(share, most, vital=vital)
            good, size = self.good(place), len(place)
            start = AS_OF - np.where(good, self.rng.integers(180, 900, size), self.rng.integers(100, 900, size))
            open_end = good | (self.rng.random(size) < OFTEN)
            end = np.where(open_end, LAST_DAY, start + self.rng.integers(30, 600, size))
            injections = fact == "insulin_injections"
            value = self.numbers(fact, place, 2, 5, 3) if injections else np.ones(size, "int64")
            days = {"start_first": start, "start_last": start, "end_first": end, "end_last": end}
            self.add("period", fact, place, 0.1, **days, low=value, high=value)

    def said(self) -> None:
        for fact in YES:
            place = self.some(OFTEN, 2)
            yes = self.good(place) | (self.rng.random(len(place)) < OFTEN)
            day = self.days(len(place), 60)
            self.add("answer", fact, place, 0.9, text=np.where(yes, "yes", "no"), first=day, last=day)
        for fact, (wanted, other) in STATED.items():
            place = self.some(0.97)
            size = len(place)
            fine = self.good(place) | (self.rng.random(size) < MOSTLY)
            text = np.where(fine, self.rng.choice(wanted, size), self.rng.choice(other, size))
            day = self.days(size, 20)
            self.add("answer", fact, place, 0.1, text=text, first=day, last=day)
        for fact, reach in (*((name, 30) for name in DATED), ("birth_date", 25_000)):
            place = self.some(0.95)
            day = self.days(len(place), reach) - 1
            stated = np.full(len(place), "stated")
            self.add("answer", fact, place, 0.1, text=stated, first=day, last=day, low=day, high=day)

    def whole(self) -> None:
        for fact in WHOLES:
            place = self.some(0.7, 2, vital=False)
            first = AS_OF - self.rng.choice([30, 60, 91, 365], len(place))
            last = AS_OF - self.rng.integers(0, 2, len(place))
            self.add("whole", fact, place, 0.5, first=first, last=last)
