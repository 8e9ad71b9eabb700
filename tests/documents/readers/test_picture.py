"""Pictures: their pages, which way up they are, how fine; what is damaged."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageFile

from priorauth.documents.readers import picture
from priorauth.documents.readers.picture import PictureFault
from tests.documents import papers


def drawn(content: bytes, number: int = 1, wide: int = 400) -> Image.Image:
    made = picture.drawing(content, number, wide)
    assert made is not None
    return Image.open(BytesIO(made))


def test_pages_are_counted_and_drawn_no_wider_than_wanted() -> None:
    content = papers.tiff(Image.new("L", (900, 300), 255), Image.new("L", (200, 300), 0))
    assert picture.count(content) == 2
    assert drawn(content).size == (400, 133)
    assert drawn(content, 2).size == (200, 300)
    assert picture.drawing(content, 3, 400) is None


def test_a_photograph_is_upright_as_the_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = papers.saved(Image.new("RGB", (300, 100), "white"), "JPEG", exif=exif)
    assert drawn(content).size == (100, 300)


def test_a_fax_in_its_coarse_mode_is_as_high_as_its_paper() -> None:
    content = papers.saved(Image.new("1", (408, 196), 1), "TIFF", compression="group4", dpi=(204, 98))
    assert drawn(content).size == (400, 400)


def test_what_is_seen_through_lies_on_white_paper() -> None:
    content = papers.saved(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG")
    assert drawn(content).convert("L").getextrema() == (255, 255)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "TIFF"])
def test_a_picture_that_is_cut_off_is_refused(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # what prints letters lets it be, in its process
    content = papers.saved(papers.picture("HbA1c", wide=600, high=300), form)
    with pytest.raises(PictureFault, match="the picture is damaged"):
        drawn(content[: len(content) // 3])


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked() -> None:
    content = papers.saved(Image.new("1", (10_000, 9_000), 1), "PNG")
    with pytest.raises(PictureFault, match="it has more than 80,000,000 points"):
        drawn(content)


def test_how_fine_a_picture_is_is_believed_where_that_makes_it_a_page() -> None:
    assert picture._fineness((300, 300), 2550) == 300  # noqa: SLF001 - pixels in, number out
    assert picture._fineness((72, 72), 4000) == 4000 / 8.5  # noqa: SLF001
    assert picture._fineness("nothing", 1700) == 200  # noqa: SLF001
