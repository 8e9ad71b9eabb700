"""Letters and faxes for tests of pages: a text as a PDF with its text, or as a fax machine sends it, bits alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen import canvas

DPI: Final = 200
MARGIN: Final = 54
SIZE: Final = 11


def pdf(*pages: str) -> bytes:
    """Return pages of text as a PDF with its text."""
    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=letter, invariant=1)
    for page in pages:
        made.setFont("Helvetica", SIZE)
        for place, line in enumerate(page.split("\n")):
            made.drawString(MARGIN, letter[1] - MARGIN - place * 1.35 * SIZE, line)
        made.showPage()
    made.save()
    return out.getvalue()


def fax(*pages: str, turned: float = 0.4, seed: int = 1) -> bytes:
    """Return pages of text as a TIFF of bits (CCITT group 4), a little turned, with specks: no letter of text in it."""
    made = [_page(text, turned, np.random.default_rng(seed + place)) for place, text in enumerate(pages)]
    return _saved(made)


def _saved(made: Sequence[Image.Image]) -> bytes:
    out = io.BytesIO()
    made[0].save(out, "TIFF", compression="group4", dpi=(DPI, DPI), save_all=True, append_images=list(made[1:]))
    return out.getvalue()


def _page(text: str, turned: float, chance: np.random.Generator) -> Image.Image:
    wide, high = round(8.5 * DPI), 11 * DPI
    page = Image.new("L", (wide, high), 255)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=SIZE * DPI / 72)
    for place, line in enumerate(text.split("\n")):
        draw.text((MARGIN * DPI / 72, (MARGIN + place * 1.5 * SIZE) * DPI / 72), line, fill=0, font=font)
    page = page.rotate(turned, resample=Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.5))
    for _ in range(200):
        x, y, across = (int(one) for one in chance.integers((0, 0, 1), (wide, high, 3)))
        ImageDraw.Draw(page).ellipse((x, y, x + across, y + across), fill=0)
    return page.point(lambda value: 255 if value > 150 else 0).convert("1", dither=Image.Dither.NONE)
