"""Pages of papers as pictures: drawn, bounded, and what cannot be read is no page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from priorauth.server.problem import Problem
from priorauth.workbench import leaves

MEDIA = "application/pdf"


def _pdf(pages: int) -> bytes:
    made = BytesIO()
    first, *others = [Image.new("RGB", (200, 300), (255, 255, 200)) for _ in range(pages)]
    first.save(made, "PDF", save_all=True, append_images=others)
    return made.getvalue()


PDF = _pdf(2)


def test_a_page_is_drawn_as_a_picture_of_one_width() -> None:
    assert leaves.count(MEDIA, PDF) == 2
    with Image.open(BytesIO(leaves.drawn(MEDIA, PDF, 1))) as found:
        assert (found.format, found.size) == ("PNG", (900, 1350))


@pytest.mark.parametrize(("media", "number"), [(MEDIA, 0), (MEDIA, 3), ("text/plain", 1), ("image/png", 1)])
def test_what_has_no_such_page_is_not_there(media: str, number: int) -> None:
    with pytest.raises(Problem, match="has no page"):
        leaves.drawn(media, PDF, number)


def test_a_picture_is_made_anew() -> None:
    made = BytesIO()
    Image.new("P", (3000, 100)).save(made, "GIF")
    with Image.open(BytesIO(leaves.drawn("image/gif", made.getvalue(), 1))) as found:
        assert (found.format, found.size) == ("PNG", (900, 30))


def test_the_pages_of_a_fax_are_counted_and_drawn_each() -> None:
    made = BytesIO()
    first, second = Image.new("1", (1700, 2200), 1), Image.new("1", (1700, 1100), 1)
    first.save(made, "TIFF", save_all=True, append_images=[second], compression="group4")
    assert leaves.count("image/tiff", made.getvalue()) == 2
    with Image.open(BytesIO(leaves.drawn("image/tiff", made.getvalue(), 2))) as found:
        assert found.size == (900, 582)


@pytest.mark.parametrize(("media", "content"), [("image/png", PDF), (MEDIA, b"GIF89a"), ("image/png", b"a note")])
def test_what_is_not_what_it_is_called_has_no_page(media: str, content: bytes) -> None:
    assert leaves.count(media, content) == 0


def test_without_the_extra_a_page_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ModuleNotFoundError(name='pypdfium2')\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for asked in (lambda: leaves.count(MEDIA, _pdf(3)), lambda: leaves.drawn(MEDIA, _pdf(3), 1)):
        with pytest.raises(
            Problem, match=r"^documents are read with the extra documents: pip install 'priorauth\[documents\]'"
        ):
            asked()


@settings(max_examples=8, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_calls_itself_a_paper_is_drawn_or_has_no_page(rest: bytes) -> None:
    content = b"%PDF-1.4\n" + rest
    if not leaves.count(MEDIA, content):
        with pytest.raises(Problem):
            leaves.drawn(MEDIA, content, 1)
