"""Buckets are worked on several at once, in databases of their own, and come back in order."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from priorauth.population import tables, workers
from tests import asking


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("buckets")
    tables.write_cases(folder, ((f"Patient/{n}", asking.case("motivated: yes")) for n in range(23)), in_bucket=2)
    return folder


def first(connection: duckdb.DuckDBPyConnection) -> str:
    (row,) = connection.execute("SELECT min(patient) FROM member").fetchall()
    return str(row[0])


def test_few_members_are_one_chunk_and_more_are_an_even_number_of_about_equal_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workers.chunks(folder) == [tuple(range(12))]
    monkeypatch.setattr(workers, "AT_ONCE", 20)
    assert workers.chunks(folder) == [(0, 1, 2, 3, 4, 5), (6, 7, 8, 9, 10, 11)]
    monkeypatch.setattr(workers, "AT_ONCE", 5)
    assert workers.chunks(folder) == [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11)]


@pytest.mark.parametrize("cores", [1, 2, 16])
def test_results_come_in_the_order_of_the_parts(folder: Path, cores: int) -> None:
    parts = [(n,) for n in range(12)]
    wanted = [f"Patient/{2 * n}" for n in range(12)]
    assert sorted(workers.each(folder, parts, first, cores)) == sorted(wanted)
    assert list(workers.each(folder, parts, first, cores))[:4] == wanted[:4]


def test_what_fails_in_one_part_is_raised_and_the_rest_is_left(folder: Path) -> None:
    seen: list[str] = []

    def work(connection: duckdb.DuckDBPyConnection) -> str:
        seen.append(first(connection))
        if len(seen) == 1:
            raise ValueError("no")
        return seen[-1]

    with pytest.raises(ValueError, match="no"):
        list(workers.each(folder, [(n,) for n in range(12)], work, 1))
    assert len(seen) < 12


@pytest.mark.parametrize("most", range(1, 24))
def test_each_bucket_is_in_one_chunk_and_no_chunk_much_above_what_a_query_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", most)
    found = workers.chunks(folder)
    assert [bucket for part in found for bucket in part] == list(range(12))
    assert len(found) == 1 or len(found) % 2 == 0
    sizes = [2 * len(part) for part in found]
    assert max(sizes) <= most + 2
    assert max(sizes) - min(sizes) <= 2
