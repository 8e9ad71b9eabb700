"""Plain readings make the same files as the reader makes of them; whatever is odd goes to the reader."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.population.ingest.ingest import ingest
from priorauth.population.ingest.plain import sift
from priorauth.population.ingest.shard import Done
from priorauth.population.ingest.sources import find, tasks
from priorauth.population.ingest.split import split
from priorauth.synthetic.write import Plan, synthesize
from tests.casebook.kept import Kept, every
from tests.exports import AS_OF, files, hba1c, lines, patient, table
from tests.population.ingest.plain import records
from tests.population.ingest.plain.readings import BESIDE, MORE, ODD, USUAL, line, written

pytest.importorskip("numba")

CASES = every()
SOME = 15


def both(source: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Ingest an export by the reader alone, and with what is plain sifted out."""
    outs = source.parent / "read", source.parent / "sifted"
    for out, plain in zip(outs, (False, True), strict=True):
        ingest(source, out, as_of=AS_OF, jobs=1, plain=plain)
    return files(outs[0]), files(outs[1])


def plain(folder: Path, source: Path, kind: str = "Observation") -> int:
    """Give how many resources of a type of an export are plain."""
    sources, _ = find(source)
    (task,) = tasks(sources)
    folder.mkdir()
    split(folder, 0, task, sources, sift.sieve())
    return msgspec.json.decode((folder / "0.json").read_bytes(), type=Done).plain.get(kind, 0)


def tried(data: st.DataObject) -> None:
    """See that a few drawn readings, among what may look at them, make the same files by both ways."""
    found = [data.draw(line(number)) for number in range(data.draw(st.integers(1, 7)))]
    more = [one.encode() for one in data.draw(st.lists(st.sampled_from(MORE), max_size=2))]
    listed = [*lines(patient(), patient("p2")).splitlines(), *data.draw(st.permutations([*found, *more]))]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "export"
        source.mkdir()
        (source / "all.ndjson").write_bytes(b"\n".join(listed))
        one, two = both(source)
    assert one == two


def tried_mixed(data: st.DataObject) -> None:
    """See that drawn results, visits and a few readings, among what may look at them, make the same files both ways.

    Some stand under one id with another.
    """
    of_an_id = data.draw(st.sampled_from((1, 1, 2)))
    found = [data.draw(records.line(number // of_an_id)) for number in range(data.draw(st.integers(1, 7)))]
    found += [data.draw(line(number)) for number in range(data.draw(st.integers(0, 2)))]
    more = [one.encode() for one in data.draw(st.lists(st.sampled_from(records.LOOKING), max_size=3))]
    first = lines(patient(**data.draw(st.sampled_from(PATIENTS))), patient("p2")).splitlines()
    shared = [one.encode() for one in records.SHARED]
    with TemporaryDirectory() as folder:
        source = Path(folder) / "export"
        source.mkdir()
        text = b"\n".join([*first, *data.draw(st.permutations([*found, *more])), *shared])
        match data.draw(st.sampled_from(("", "", "packed", "marked"))):
            case "packed":
                (source / "all.ndjson.gz").write_bytes(gzip.compress(text, 1))
            case "marked":
                (source / "all.ndjson").write_bytes(codecs.BOM_UTF8 + b"\n".join([*found, *first, *more, *shared]))
            case _:
                (source / "all.ndjson").write_bytes(text)
        one, two = both(source)
    assert one == two


PATIENTS: tuple[dict[str, str], ...] = (
    {},
    {},
    {"gender": "male"},
    {"gender": "other", "birthDate": "1975"},
    {"birthDate": "x"},
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_odd_and_plain_results_and_visits_make_the_same_files_by_both_ways(data: st.DataObject) -> None:
    tried_mixed(data)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_very_many_results_and_visits_make_the_same_files_by_both_ways(data: st.DataObject) -> None:
    tried_mixed(data)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_odd_and_plain_readings_make_the_same_files_by_both_ways(data: st.DataObject) -> None:
    tried(data)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_very_many_readings_make_the_same_files_by_both_ways(data: st.DataObject) -> None:
    tried(data)


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, marks=[] if not turn % SOME else pytest.mark.slow) for turn, one in enumerate(CASES)],
    ids=str,
)
def test_a_worked_case_makes_the_same_files_by_both_ways(case: Kept, tmp_path: Path) -> None:
    found = [entry["resource"] for entry in case.load()["bundle"]["entry"]]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_bytes(lines(*found))
    one, two = both(tmp_path / "export")
    assert one == two


@pytest.mark.parametrize("profile", ["registry", "plan"])
def test_a_drawn_population_makes_the_same_files_by_both_ways_and_most_of_it_is_plain(
    profile: Literal["registry", "plan"], tmp_path: Path
) -> None:
    source = tmp_path / "export"
    synthesize(Plan(40, source, seed=5, profile=profile, damage=True), jobs=1)
    one, two = both(source)
    assert one == two
    text = b"".join(path.read_bytes() for path in source.glob("Obs*"))
    count = sum(text.count(f'"{code}"'.encode()) for code in ("41653-7", "14743-9", *records.RESULTS))
    visits = sum(path.read_bytes().count(b'"AMB"') for path in source.glob("Enc*"))
    assert 0.95 * count < plain(tmp_path / "shard", source) <= count
    assert 0.95 * visits < plain(tmp_path / "again", source, "Encounter") <= visits


def test_a_clearance_that_words_speak_of_stands_beside_those_that_are_made(tmp_path: Path) -> None:
    def made(name: str, code: dict[str, Any], value: float, unit: str) -> dict[str, Any]:
        return {**hba1c(name), "code": code, "valueQuantity": {"value": value, "unit": unit}}

    weight, creatinine = ({"coding": [{"system": "http://loinc.org", "code": one}]} for one in ("29463-7", "2160-0"))
    said = made("s", {"text": "Creatinine clearance"}, 80, "mL/min")
    found = [made("w", weight, 70, "kg"), made("c", creatinine, 1.1, "mg/dL"), said]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_bytes(lines(patient(), *found))
    one, two = both(tmp_path / "export")
    assert one == two
    rows = [row["ref"] for row in table(tmp_path / "sifted", "measurement") if row["fact"] == "creatinine_clearance"]
    assert rows == ["Observation/c, Observation/w", "Observation/s"]


def test_the_drawn_lines_are_plain_often_enough_for_the_comparison_to_mean_something(tmp_path: Path) -> None:
    drawn = np.random.default_rng(18)
    usual = {**USUAL, **BESIDE}.items()
    listed = []
    for number in range(200):
        pairs = [("id", f'"r{number}"'), *((name, drawn.choice(values)) for name, values in usual)]
        drawn.shuffle(pairs)
        listed.append(written(pairs, drawn.choice(("", " "))))
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_text("\n".join(listed))
    assert plain(tmp_path / "shard", tmp_path / "export") == len(listed)


@pytest.mark.parametrize("name", sorted(ODD))
def test_what_is_odd_of_an_element_goes_to_the_reader(name: str, tmp_path: Path) -> None:
    usual = [(each, values[0]) for each, values in USUAL.items() if each != name]
    pairs = [written([("id", '"r1"'), *usual, (name, value)]) for value in ODD[name]]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_text("\n".join(pairs))
    as_good = {"status": 1, "code": 3, "valueQuantity": 2, "component": 2, "subject": 1}  # odd to look at, and plain
    assert plain(tmp_path / "shard", tmp_path / "export") == as_good.get(name, 0)


def test_the_drawn_results_and_visits_are_plain_often_enough_too(tmp_path: Path) -> None:
    drawn = np.random.default_rng(18)
    listed = []
    for number in range(200):
        code = str(drawn.choice(sorted(records.RESULTS)))
        own = {
            "id": (f'"l{number}"',), "code": (f'{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}',),
            "valueQuantity": records.RESULTS[code],
        }  # fmt: skip
        visit = {"id": (f'"v{number}"',), **records.VISIT, **records.VISIT_BESIDE}
        for made in ({**USUAL, **own}, visit):
            pairs = [(name, drawn.choice(values)) for name, values in made.items()]
            drawn.shuffle(pairs)
            listed.append(written(pairs, drawn.choice(("", " "))))
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_text("\n".join(listed))
    found = [plain(tmp_path / kind, tmp_path / "export", kind) for kind in ("Observation", "Encounter")]
    assert found == [200, 200]


@pytest.mark.parametrize("name", sorted(records.VISIT_ODD))
def test_what_is_odd_of_a_visit_goes_to_the_reader(name: str, tmp_path: Path) -> None:
    usual = [(each, values[0]) for each, values in records.VISIT.items() if each != name]
    pairs = [written([("id", '"v1"'), *usual, (name, value)]) for value in records.VISIT_ODD[name]]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_text("\n".join(pairs))
    as_good = {"status": 1, "subject": 1}  # odd to look at, and plain
    assert plain(tmp_path / "shard", tmp_path / "export", "Encounter") == as_good.get(name, 0)


def test_a_line_that_says_an_element_twice_is_not_plain(tmp_path: Path) -> None:
    usual = [(each, values[0]) for each, values in USUAL.items()]
    listed = [written([("id", '"r1"'), *usual, pair]) for pair in usual]
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "all.ndjson").write_text("\n".join(listed))
    assert plain(tmp_path / "shard", tmp_path / "export") == 0
