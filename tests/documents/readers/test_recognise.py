"""What is recognised of a picture: words and their places, however the page lies in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from priorauth.documents.pages import Page
from priorauth.documents.readers import recognise
from priorauth.documents.readers.recognise import recognised
from tests.documents import papers

LINES = (
    "HARBOR CLINIC   Progress note   Patient: Jane Roe",
    "She had ketoacidosis in March 2026 and was admitted.",
    "Her mother checks glucose five times a day with a meter.",
    "She was taught to count carbohydrates by the educator.",
)
NOTE = "\n".join(LINES)


@pytest.fixture(autouse=True)
def _installed() -> None:
    papers.tesseract()


def words(page: Page) -> list[str]:
    return page.text.split()


def most(page: Page) -> bool:
    """Whether nine words in ten are right."""
    return len(set(words(page)) & set(NOTE.split())) >= 0.9 * len(set(NOTE.split()))


def test_a_clean_scan_is_read_word_for_word() -> None:
    page = recognised(papers.picture(NOTE), 3, 200.0)
    assert (page.number, page.how, page.turned) == (3, "ocr", 0)
    assert words(page) == NOTE.split()
    assert all(0.5 < word.sure <= 1 for word in page.words)
    assert (page.width, page.height) == (612, 252)


@pytest.mark.parametrize("lean", [-2.4, 1.2])
def test_the_words_of_a_page_that_lies_askew_stand_where_they_are_on_it(lean: float) -> None:
    made = papers.picture(NOTE).rotate(lean, resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = recognised(made, 1, 200.0)
    assert words(page) == NOTE.split()
    for word in ("ketoacidosis", "HARBOR", "educator."):
        found = papers.box(page, word)
        alone = papers.picture("\n".join(line if word in line else "" for line in LINES))
        drawn = papers.inked(alone.rotate(lean, resample=Image.Resampling.BICUBIC, fillcolor=255), found)
        assert papers.lies_on(found, drawn, 0.02)


@pytest.mark.parametrize("turn", [180, *(pytest.param(turn, marks=pytest.mark.slow) for turn in (90, 270))])
def test_a_page_on_its_head_or_on_its_side_is_turned_and_its_words_stand_on_the_page_as_turned(turn: int) -> None:
    upright = papers.picture(NOTE)
    page = recognised(upright.rotate(turn, expand=True), 1, 200.0)
    assert (page.turned + turn) % 360 == 0
    assert words(page) == NOTE.split()
    assert papers.lies_on(papers.box(page, "ketoacidosis"), papers.inked(upright, papers.box(page, "ketoacidosis")))


def test_light_letters_on_a_dark_screen_and_a_shadow_over_a_page_are_read() -> None:
    screen = ImageOps.invert(papers.picture(NOTE)).point(lambda point: 40 + point // 2)
    assert most(recognised(screen, 1, 200.0))
    shade = np.linspace(0.35, 1, 1700)[None, :]
    noise = np.random.default_rng(1).normal(0, 4, (700, 1700))
    shadowed = np.clip(np.asarray(papers.picture(NOTE)) * shade * 0.9 + 10 + noise, 0, 255).astype(np.uint8)
    assert most(recognised(Image.fromarray(shadowed), 1, 200.0))


def test_dirt_streaks_and_lost_rows_of_a_fax_are_not_read() -> None:
    page = np.asarray(papers.picture(NOTE)).copy()
    chance = np.random.default_rng(2)
    for _ in range(400):
        y, x, size = chance.integers(0, 690), chance.integers(0, 1690), chance.integers(1, 4)
        page[y : y + size, x : x + size] = 0
    page[:, 700] = np.where(chance.random(700) < 0.6, 0, page[:, 700])
    page[190:192] = 255
    assert most(recognised(Image.fromarray(page).convert("1"), 1, 200.0))


def test_a_coarse_picture_of_a_screen_is_read() -> None:
    small = papers.picture(NOTE).resize((850, 350), Image.Resampling.LANCZOS)
    assert most(recognised(small, 1, 100.0))


def test_boxes_of_a_form_are_ticked_or_empty() -> None:
    made = papers.picture("     Hypoglycemia\n     Ketoacidosis in the last year\n     Nocturia")
    draw = ImageDraw.Draw(made)
    for number in range(3):
        top = 122 + 46 * number
        draw.rectangle((150, top, 178, top + 28), outline=0, width=3)
        if number != 1:
            draw.line((155, top + 5, 173, top + 23), fill=0, width=4)
            draw.line((173, top + 5, 155, top + 23), fill=0, width=4)
    lines = [" ".join(line.split()) for line in recognised(made, 1, 200.0).text.split("\n") if line.strip()]
    assert lines == ["[x] Hypoglycemia", "[ ] Ketoacidosis in the last year", "[x] Nocturia"]


def test_an_empty_page_has_no_text() -> None:
    assert recognised(Image.new("L", (800, 600), 255), 1).text == ""
    assert recognised(Image.new("L", (800, 600), 0), 1).text == ""
    assert recognised(Image.new("1", (1, 1), 1), 1).text == ""


def test_without_the_program_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(recognise.Unreadable, match="apt install tesseract-ocr"):
        recognise.ready()


def test_without_its_english_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    with pytest.raises(recognise.Unreadable, match="apt install tesseract-ocr-eng"):
        recognised(papers.picture(NOTE), 1)
