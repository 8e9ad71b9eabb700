"""Pages as they can be recognised: without dirt, streaks and shadows, and how they lie."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from priorauth.documents.readers.clean import FAINT, clean, lean
from tests.documents import papers

PAGE = papers.picture("Ketoacidosis in March 2026\nshe checks her glucose\nfive times a day")


def points(made: Image.Image) -> np.ndarray:
    return np.asarray(made) < 128


def dirty(change: object) -> np.ndarray:
    """Return the points of a page of two colours after it was soiled and cleaned."""
    made = points(PAGE).copy()
    assert callable(change)
    change(made)
    sharp, _ = clean(Image.fromarray(~made).convert("L"))
    return points(sharp.convert("L"))


def test_specks_go_and_letters_and_full_stops_stay() -> None:
    def specks(page: np.ndarray) -> None:
        for y, x in ((30, 1500), (400, 300), (650, 900)):
            page[y : y + 3, x : x + 3] = True

    sharp, _ = clean(PAGE.point(lambda point: 255 if point > 127 else 0))
    assert (dirty(specks) == points(sharp)).all()
    dots = Image.new("L", (600, 200), 255)
    dots.paste(0, (100, 100, 130, 140))
    dots.paste(0, (136, 136, 140, 140))
    assert points(clean(dots)[0])[138, 138]


def test_dots_that_lead_to_the_next_column_stay() -> None:
    row = np.zeros((200, 600), dtype=bool)
    for x in range(100, 400, 14):
        row[100:103, x : x + 3] = True
    sharp, _ = clean(Image.fromarray(~row).convert("L"))
    assert points(sharp.convert("L"))[101, 101:390].sum() > 40


def test_an_upright_streak_goes_and_rows_that_never_arrived_are_mended() -> None:
    def streak(page: np.ndarray) -> None:
        page[:, 900] = True

    def lost(page: np.ndarray) -> None:
        page[138:140] = False

    assert not dirty(streak)[:, 900].any()
    assert dirty(lost)[138:140].sum() > 0.8 * points(PAGE)[138:140].sum()


@pytest.mark.parametrize("degrees", [-2.0, -0.6, 0.0, 1.4])
def test_it_is_seen_how_a_page_lies(degrees: float) -> None:
    turned = PAGE.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    assert abs(lean(turned) + degrees) <= 0.2


def test_light_letters_are_dark_and_a_shadow_is_white() -> None:
    screen = ImageOps.invert(PAGE).point(lambda point: 30 + point * 3 // 4)
    shade = np.linspace(0.4, 1, PAGE.width)[None, :]
    shadowed = Image.fromarray((np.asarray(PAGE) * shade).astype(np.uint8))
    for made in (screen, shadowed):
        _, soft = clean(made)
        dark = np.asarray(soft) < FAINT
        assert (dark == points(PAGE)).mean() > 0.99


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3)])
def test_a_page_of_any_size_stays_as_large(size: tuple[int, int]) -> None:
    for grey in (0, 100, 255):
        sharp, soft = clean(Image.new("L", size, grey))
        assert sharp.size == soft.size == size
