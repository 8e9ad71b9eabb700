"""Observations of no use: which codes they have, so that a code in use at home is seen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from priorauth.facts import vocabulary
from priorauth.fhir.structs import Observation
from priorauth.population.ingest import unused
from priorauth.population.ingest.ingest import ingest
from priorauth.population.ingest.unused import Tally, together
from priorauth.population.manifest import Code, Unused
from priorauth.record.codes import compiled
from tests.exports import AS_OF, hba1c, lines, patient, written

HOME = "urn:oid:1.2.3"


def coded(*codes: tuple[str, str]) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} for system, code in codes]}


def read(*made: dict[str, Any]) -> Iterable[Observation]:
    return [msgspec.convert({"resourceType": "Observation", **one}, Observation) for one in made]


def test_a_code_that_no_fact_knows_is_counted_and_one_that_a_fact_knows_is_not() -> None:
    tally = Tally(compiled(vocabulary.load()))
    loinc = ("http://loinc.org", "4548-4")
    tally.count(
        read(
            {"code": coded(loinc)},
            {"code": coded((HOME, "HBA1C"), loinc)},
            {"code": coded((HOME, "HBA1C"))},
            {"code": coded((HOME, "PANEL")), "component": [{"code": coded(loinc)}]},
            {"code": coded((HOME, "PANEL")), "component": [{"code": coded((HOME, "X"))}]},
            {"code": coded(("http://loinc.org", "2345-7"))},
            {"code": coded(("http://loinc.org", "49541-6"))},
            {"code": coded((HOME, "PANEL")), "component": [{"code": coded(("http://loinc.org", "2345-7"))}]},
            {},
        )
    )
    assert tally.taken() == Unused(3, [Code(1, "", ""), Code(1, HOME, "HBA1C"), Code(1, HOME, "PANEL")], 0)
    assert tally.taken() == Unused()


def test_the_codes_met_most_come_first_and_all_others_are_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unused, "SHOWN", 2)
    one = Unused(9, [Code(5, HOME, "b"), Code(3, HOME, "a")], 1)
    two = Unused(7, [Code(4, HOME, "c"), Code(2, HOME, "a")], 1)
    assert together([one, two]) == Unused(16, [Code(5, HOME, "a"), Code(5, HOME, "b")], 6)


def test_memory_does_not_grow_with_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unused, "_MOST", 3)
    tally = Tally(compiled(vocabulary.load()))
    tally.count(read(*({"code": coded((HOME, f"c{turn}"))} for turn in range(10))))
    found = tally.taken()
    assert (found.observations, len(found.codes), found.other_codes) == (10, 3, 7)


def test_an_ingest_names_them(tmp_path: Path) -> None:
    home = [hba1c(f"h{turn}", code=coded((HOME, "HBA1C"))) for turn in range(3)]
    found = ingest(
        written(tmp_path / "in", {"a_ndjson": lines(patient(), hba1c("a1"), *home)}), tmp_path / "out", as_of=AS_OF
    )
    assert found.unused == Unused(3, [Code(3, HOME, "HBA1C")], 0)
    assert found.rows["measurement"] == 1
