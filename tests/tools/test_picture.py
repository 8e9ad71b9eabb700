"""The picture of the rooms shows the floors that import-linter holds."""

from __future__ import annotations

import pytest

from priorauth import errors
from tools import picture


def test_the_picture_in_the_docs_is_not_stale() -> None:
    assert picture.PICTURE.read_text("utf-8") == picture.drawn()


def test_every_room_of_the_package_stands_on_a_floor_of_the_picture() -> None:
    package = next(iter(errors.__file__.rsplit("/", 1)))
    assert package == str(picture.PACKAGE)
    rooms = {path.name for path in picture.PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert {room.partition("/")[0] for floor in picture.floors() for room in floor} - {"errors", "version"} == rooms


def test_a_room_without_words_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(picture.SAYS, "facts")
    with pytest.raises(SystemExit, match="differ: facts"):
        picture.drawn()
