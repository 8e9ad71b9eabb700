"""What may look at what is plain: which resources of a member make the reader want it back, some of it or all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from priorauth.facts.rows import Measurement, Row, Source
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import dated
from priorauth.fhir.bundle import Record
from priorauth.fhir.elements import Quantity, Resource
from priorauth.fhir.structs import Claim, Condition, DiagnosticReport, Encounter, Observation, Patient
from priorauth.glucose.readings import METER, SENSOR
from priorauth.population.ingest.plain.evidence import FACTS
from priorauth.population.ingest.plain.meanings import JOINED, results
from priorauth.population.ingest.plain.rows import NOWHEN, RESULT, TEST, VISIT
from priorauth.population.ingest.shard import Index
from priorauth.record.chart import Chart, codings
from priorauth.record.codes import compiled
from priorauth.record.quantities import Scales
from priorauth.record.readers import labs
from priorauth.record.readers.observations import PRELIMINARY, Result

_DEVICES: Final = {METER, SENSOR}


class Want(NamedTuple):
    """What of the plain rows the reader needs: the visits, the results of which others are made, those of some ids."""

    visits: bool
    joined: bool
    twice: frozenset[bytes] = frozenset()


@dataclass(frozen=True)
class Plain:
    """What is plain of a member: its rows, and of them what is often asked; ``known`` are the facts.

    ``tests`` and ``visits`` are ids; ``measured``: fact, id, day, minute and value of the results of which others are
    made, as far as they count; ``joined``: whether there are any at all; ``who``: the second hash of the patient's id,
    None where there are two.
    """

    known: Vocabulary
    rows: Index
    observations: Sequence[bytes]
    visits: Sequence[bytes]
    measured: Sequence[tuple[int, bytes, int, int, int]]
    joined: bool
    tests: bool
    who: int | None

    @cached_property
    def observed(self) -> frozenset[bytes]:
        """The ids of tests and results."""
        return frozenset(self.observations)

    @cached_property
    def visited(self) -> frozenset[bytes]:
        """The ids of visits."""
        return frozenset(self.visits)

    @cached_property
    def days(self) -> frozenset[tuple[int, int]]:
        """The facts and days of results."""
        measured = self.rows[self.rows["kind"] == RESULT]
        return frozenset(zip(measured["fact"].tolist(), measured["day"].tolist(), strict=True))

    @property
    def once(self) -> bool:
        """Whether every id stands once."""
        return not self._repeated and len(self.visited) == len(self.visits)

    @property
    def _repeated(self) -> bool:
        return len(self.observed) != len(self.observations)

    def wanted(self, found: Sequence[Any], *, urns: bool) -> Want:
        """Return what the reader needs beside some resources; ``urns``: a visit may refer to things by a URN.

        Of what stands twice the reader says which version counts.
        """
        again = len(self.visited) != len(self.visits)
        visits = bool(self.visits) and (urns or again or any(self._visited(one) for one in found))
        twice = self._twice
        joined = bool(twice) and bool((self._results(twice) & self._joint).any())
        return Want(visits, self.joined and (joined or any(self._joins(one) for one in found)), twice)

    @property
    def _twice(self) -> frozenset[bytes]:
        """The ids of tests and results that stand more than once."""
        counted = Counter(self.observations).items() if self._repeated else ()
        return frozenset(name for name, count in counted if count > 1)

    @property
    def _joint(self) -> npt.NDArray[np.bool_]:
        """Which rows are results of which others are made."""
        found: npt.NDArray[np.bool_] = (self.rows["kind"] == RESULT) & (self.rows["fact"] >= _alone(self.known))
        return found

    def _results(self, ids: frozenset[bytes]) -> npt.NDArray[np.bool_]:
        """Return which rows are results of some ids."""
        found: npt.NDArray[np.bool_] = (self.rows["kind"] == RESULT) & np.isin(self.rows["id"], [*ids])
        return found

    def chosen(self, want: Want) -> npt.NDArray[np.bool_]:
        """Return which rows are wanted."""
        found = np.zeros(len(self.rows), bool)
        if want.visits:
            found |= self.rows["kind"] == VISIT
        if want.joined:
            found |= self._joint
        if want.twice:
            found |= self._results(want.twice)
        return found

    def without(self, want: Want) -> Plain:
        """Return what is plain but is not wanted."""
        rows = self.rows[~self.chosen(want)]
        fewer = want.joined or want.twice
        return replace(
            self,
            rows=rows,
            observations=rows["id"][rows["kind"] != VISIT].tolist() if fewer else self.observations,
            visits=[] if want.visits else self.visits,
            measured=[] if want.joined else self.measured,
            joined=self.joined and not want.joined,
        )

    def _visited(self, one: Resource) -> bool:
        """Whether a resource may have to do with visits: a request, or a diagnosis of an event that names its visit."""
        if type(one) is Condition and one.encounter is not None:
            facts = compiled(self.known).facts(codings(one.code))
            return any(self.known[fact].kind == "event" for fact in facts)
        return type(one) is Claim

    def _joins(self, one: Resource) -> bool:
        """Whether a resource is a result of which the clearance of creatinine is made, or that clearance itself."""
        return type(one) is Observation and not _CLEARED.isdisjoint(_facts(self.known, one))

    def looks(self, one: Resource) -> bool:
        """Whether a resource may have to do with what is plain: the same one, a report, another test of the same."""
        if not one.id:
            return True
        if type(one) is Encounter:
            return one.id.encode() in self.visited
        if type(one) is DiagnosticReport:
            return bool(self.observations)
        if type(one) is not Observation:
            return False
        if one.id.encode() in self.observed:
            return True
        if self.tests and not _DEVICES.isdisjoint(_facts(self.known, one)):
            return True
        return one.status == PRELIMINARY and self._follows(one)

    def _follows(self, one: Observation) -> bool:
        """Whether a result that is not final yet may be one of those of which a final one is plain."""
        known = results(self.known)
        facts = {known.index(fact) for fact in _facts(self.known, one) if fact in known}
        try:
            day = dated.read(one.effective_date_time).first
        except ValueError:
            return any(fact in facts for fact, _ in self.days)
        return any((fact, day) in self.days for fact in facts)

    def said(self, rows: Mapping[str, Sequence[Row]]) -> bool:
        """Whether anybody says what is plain: who says less than they may be heard otherwise then."""
        return any(row.source is not Source.RECORD for fact in _said(self.known) for row in rows.get(fact, ()))

    def clearances(self, record: Record, patient: Patient, scales: Scales) -> Iterator[Measurement]:
        """Yield the clearances that are made of plain results, as the reader makes them."""
        facts = results(self.known)
        found: dict[str, list[Result]] = {}
        for number, ident, day, minute, value in self.measured:
            when = (day, day, None if minute == NOWHEN else minute)
            row = Measurement(facts[number], Source.RECORD, f"Observation/{ident.decode()}", *when, value, value)
            found.setdefault(row.fact, []).append(Result(row, _NO_QUANTITY, ()))
        if len(found) == len(JOINED):
            born = dated.read_or_warn(patient.birth_date, "birthDate", [])
            yield from labs.clearances(Chart(record, patient, compiled(self.known), scales, 0, born), found)


def several(known: Vocabulary, rows: Index, edges: Sequence[int]) -> Iterator[Plain]:
    """Yield what is plain of each of several members, whose rows stand between the edges."""
    kinds = np.ascontiguousarray(rows["kind"])
    joined = (kinds == RESULT) & (rows["fact"] >= _alone(known))
    visits, counted = kinds == VISIT, joined & ~rows["void"]
    columns = [rows[name][counted].tolist() for name in ("fact", "id", "day", "minute", "value")]
    listed: tuple[list[Any], ...] = (
        rows["id"][~visits].tolist(), rows["id"][visits].tolist(), [*zip(*columns, strict=True)],
    )  # fmt: skip
    cuts = [_cuts(mask, edges) for mask in (~visits, visits, counted, joined, kinds == TEST)]
    who = np.ascontiguousarray(rows["who"])
    for turn, (first, last) in enumerate(pairwise(edges)):
        observed, visited, measured = (
            one[cut[turn] : cut[turn + 1]] for one, cut in zip(listed, cuts[: len(listed)], strict=True)
        )
        joins, tests = (cut[turn] < cut[turn + 1] for cut in cuts[len(listed) :])
        same = first == last or bool((who[first:last] == who[first]).all())
        one = int(who[first]) if same and first < last else None
        yield Plain(known, rows[first:last], observed, visited, measured, joins, tests, one)


def _cuts(mask: npt.NDArray[np.bool_], edges: Sequence[int]) -> list[int]:
    """Return how many of what is marked stands before each edge."""
    found: list[int] = np.append(0, np.cumsum(mask))[list(edges)].tolist()
    return found


def _alone(known: Vocabulary) -> int:
    """Return how many facts of results stand for themselves."""
    return len(results(known)) - len(JOINED)


def _facts(known: Vocabulary, one: Observation) -> Iterable[str]:
    """Return the facts of an observation and of its components."""
    hits = compiled(known).hits
    if not one.component:
        return hits(one.code).facts
    return [fact for each in (one.code, *(part.code for part in one.component)) for fact in hits(each).facts]


def _said(known: Vocabulary) -> frozenset[str]:
    """Return the facts of which what is plain makes rows."""
    return FACTS.union(results(known), (labs.CLEARANCE,))


_CLEARED: Final = frozenset({*JOINED, labs.CLEARANCE})
_NO_QUANTITY: Final = Quantity()
