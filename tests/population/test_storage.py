"""Places of files: a folder, or an object store by its address."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PopulationError
from priorauth.population import storage
from priorauth.population.storage import Remote


def test_an_address_is_told_from_a_path() -> None:
    assert storage.place("tables/2026") == Path("tables/2026")
    assert storage.place("file:///tables/2026") == Path("/tables/2026")
    found = storage.place("s3://bucket/tables?region=us-east-1")
    assert found == Remote("s3://bucket/tables?region=us-east-1")
    assert str(found) == "s3://bucket/tables"


@pytest.mark.parametrize("text", ["s3://key:word@bucket/tables", "s3://bucket/x?region=a&Secret_Key=b"])
def test_a_key_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(PopulationError, match="expected an address without keys") as refused:
        storage.place(text)
    assert "word" not in str(refused.value)


def test_a_store_that_there_is_not_is_refused_in_one_line() -> None:
    with pytest.raises(PopulationError, match=r"^nowhere://bucket: expected an object store") as refused:
        storage.sizes(Remote("nowhere://bucket"))
    assert len(str(refused.value).splitlines()) == 1


def test_a_file_is_put_whole_read_and_removed(tmp_path: Path) -> None:
    place = tmp_path / "new"
    assert storage.sizes(place) == {}
    storage.put(place, "b", b"two")
    storage.put(place, "a", b"one, first")
    storage.put(place, "a", b"one")
    assert storage.sizes(place) == {"a": 3, "b": 3}
    assert storage.read(place, "a") == b"one"
    storage.remove(place, ["a", "not there"])
    assert storage.sizes(place) == {"b": 3}


def test_what_was_left_half_written_is_no_file_and_goes(tmp_path: Path) -> None:
    (tmp_path / ".a.17-0.partial").touch()
    assert storage.sizes(tmp_path) == {}
    storage.clear_halves(tmp_path)
    assert list(tmp_path.iterdir()) == []
