"""Documents as they come: a text set as a PDF, and sent by a fax machine that is new, in use, or worn.

    bench/faxes.py OUT [--level light|usual|heavy] [--only 021 ...]   what tests/data/documents holds, as PDF and TIFF

The same text gives the same pixels: what is drawn hangs on the name of a document, its page and the level alone.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.lib.pagesizes import letter
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

CORPUS: Final = Path(__file__).resolve().parent.parent / "tests" / "data" / "documents" / "train"
DPI: Final = 200
MARGIN: Final = 45
SPECK_LIGHT: Final = 0.35
"""So many specks take away instead of adding."""
STREAK_DARK: Final = 0.6
FACES: Final = ("Courier", "Times-Roman", "Helvetica", "Courier")


class Level(NamedTuple):
    """What a machine does to a page: turns it by so many degrees at most, blurs, adds noise and specks, loses rows."""

    turn: float
    blur: float
    noise: float
    specks: int
    threshold: int
    lost: int
    streaks: int


LEVELS: Final = {
    "light": Level(0.35, 0.5, 18, 150, 150, 0, 0),
    "usual": Level(0.9, 0.7, 34, 700, 158, 1, 1),
    "heavy": Level(1.8, 1.0, 46, 2200, 166, 4, 2),
}


def drawn(*words: object) -> np.random.Generator:
    """Return chance that hangs on nothing but these words."""
    seed = hashlib.sha256("|".join(map(str, words)).encode()).digest()
    return np.random.default_rng(int.from_bytes(seed[:8], "big"))


def pdf(text: str, face: str = "Courier") -> bytes:
    """Return a text as a PDF, a form feed between pages; the type is as small as its longest line wants."""
    wide, high = letter
    out = BytesIO()
    page = Canvas(out, pagesize=letter, invariant=1)
    for part in text.rstrip("\n").split("\f"):
        lines = part.split("\n")
        widest = max(stringWidth(line, face, 1) for line in lines) or 1
        size = min(10.5, (wide - 2 * MARGIN) / widest, (high - 2 * MARGIN - 20) / (1.28 * len(lines)))
        page.setFont(face, size)
        for number, line in enumerate(lines):
            page.drawString(MARGIN, high - MARGIN - 20 - size - number * 1.28 * size, line)
        page.showPage()
    page.save()
    return out.getvalue()


def face_of(name: str) -> str:
    """Return in what a document is set; of four, two are typewritten."""
    return FACES[int(hashlib.sha256(name.encode()).hexdigest(), 16) % len(FACES)]


def sent(content: bytes, name: str, level: str) -> list[Image.Image]:
    """Return the pages of a PDF as a machine sends them: of two colours, its own line at the top."""
    machine = drawn(name, "fax")
    line, hour, minute = (int(machine.integers(0, most)) for most in (100, 12, 50))
    with pypdfium2.PdfDocument(content) as held:
        made = []
        for number in range(1, len(held) + 1):
            page = held[number - 1].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
            draw = ImageDraw.Draw(page)
            draw.rectangle((0, 0, page.width, 44), fill=255)
            said = f"11/25/2026 {hour + 7:02d}:{minute + number % 3:02d}   FAX 555 01{line:02d}   CLINIC FAX"
            draw.text(
                (60, 10), f"{said}   P.{number:02d}/{len(held):02d}", fill=0, font=ImageFont.load_default(size=24)
            )
            made.append(worn(page, LEVELS[level], drawn(name, level, number)))
        return made


def worn(page: Image.Image, level: Level, chance: np.random.Generator) -> Image.Image:
    """Return a page in greys as it comes out at the other end: of two colours, turned, with dirt."""
    turned = page.rotate(float(chance.uniform(-level.turn, level.turn)), Image.Resampling.BICUBIC, fillcolor=255)
    across, down = int(chance.integers(-12, 13)), int(chance.integers(-10, 11))
    moved = turned.transform(turned.size, Image.Transform.AFFINE, (1, 0, -across, 0, 1, -down), fillcolor=255)
    points = np.asarray(moved.filter(ImageFilter.GaussianBlur(level.blur)), dtype=np.float32)
    high, wide = points.shape
    shade = np.linspace(0, float(chance.uniform(-14, 14)), wide, dtype=np.float32)[None, :]
    bits = points + shade + chance.normal(0, level.noise, points.shape).astype(np.float32) > level.threshold
    for _ in range(int(chance.poisson(level.specks))):
        y, x, size = int(chance.integers(0, high)), int(chance.integers(0, wide)), int(chance.integers(1, 4))
        bits[y : y + size, x : x + size] = chance.random() < SPECK_LIGHT
    for _ in range(level.lost):
        y = int(chance.integers(80, high - 4))
        bits[y : y + int(chance.integers(1, 3)), :] = True
    for _ in range(level.streaks):
        x, top = int(chance.integers(20, wide - 20)), int(chance.integers(0, high // 2))
        bits[top:, x] &= chance.random(high - top) >= STREAK_DARK
    return Image.fromarray((bits * 255).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def tiff(pages: Sequence[Image.Image]) -> bytes:
    """Return pages as a fax is kept: TIFF, CCITT group 4."""
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=list(pages[1:]), compression="group4", dpi=(DPI, DPI))
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--level", choices=list(LEVELS), default="usual")
    parser.add_argument("--only", nargs="+", default=[""], help="the beginnings of names")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for file in sorted(CORPUS.glob("*.txt")):
        if file.stem.startswith(tuple(asked.only)):
            made = pdf(file.read_text("utf-8"), face_of(file.stem))
            (asked.out / f"{file.stem}.pdf").write_bytes(made)
            (asked.out / f"{file.stem}.tif").write_bytes(tiff(sent(made, file.stem, asked.level)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
