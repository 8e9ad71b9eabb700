"""Writes pictures of ten pages with the words marked that state a fact, from the corpus, into docs/pictures/documents.

python tools/pages_marked.py           # five pages of text, five that a fax machine sent, read by tesseract
python tools/pages_marked.py --check   # exit 1 where a page has nothing to mark, or a picture is missing

Each page is set, drawn and read as a file of that kind is; what is marked is what the reader proposes of it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
import faxes  # noqa: E402  # the benches stand beside this folder
from PIL import Image  # noqa: E402

from priorauth.documents import shown  # noqa: E402
from priorauth.documents.pages import Box, Page  # noqa: E402
from priorauth.documents.proposal import Findings  # noqa: E402
from priorauth.documents.read import read  # noqa: E402
from priorauth.documents.understood import understood  # noqa: E402
from priorauth.workbench.view import leaf  # noqa: E402
from priorauth.workbench.view.leaf import Mark  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures" / "documents"
WIDE: Final = 850
COLOURS: Final = 32
ROOM: Final = 0.04


class Shot(NamedTuple):
    """A page: of which document of the corpus, which page, and the level of the fax; None of a PDF with its text."""

    document: str
    page: int
    level: str | None = None

    @property
    def name(self) -> str:
        """The name of its picture."""
        return f"{self.document}-{self.page}-{self.level or 'text'}.png"


SHOTS: Final = (
    Shot("001-epic-progress-t1dm", 1),
    Shot("007-lmn-weak-and-hedged", 1),
    Shot("013-lab-a1c-kidney", 1),
    Shot("021-payer-form-by-hand", 1),
    Shot("023-oncology-fluorouracil", 1),
    Shot("006-lmn-three-month-trial", 1, "light"),
    Shot("009-written-order-pump", 1, "usual"),
    Shot("011-dsmes-certificate", 1, "usual"),
    Shot("016-discharge-ketoacidosis", 1, "usual"),
    Shot("020-fax-packet-misfiled-page", 1, "light"),
)


def file_of(shot: Shot) -> bytes:
    """Return a document of the corpus as a file: a PDF, or a TIFF as a fax is kept."""
    text = (faxes.CORPUS / f"{shot.document}.txt").read_text("utf-8")
    made = faxes.pdf(text, faxes.face_of(shot.document))
    return made if shot.level is None else faxes.tiff(faxes.sent(made, shot.document, shot.level))


def boxes(page: Page, found: Findings) -> list[Box]:
    """Return where the words lie that state something on a page, line by line."""
    made = []
    for place, one in enumerate(found.facts):
        span = leaf.placed(page, one.quote, one.start) if one.page == page.number else None
        if span is not None:
            for each in leaf.rectangles(page, Mark(own=str(place), how="open", first=span[0], last=span[1])):
                left, top = each.left / leaf.SCALE, each.top / leaf.SCALE
                made.append(Box(left, top, left + each.wide / leaf.SCALE, top + each.high / leaf.SCALE))
    return made


def drawn() -> Iterator[tuple[str, bytes]]:
    """Yield by name each picture; raises SystemExit where a page has nothing to mark."""
    for shot in SHOTS:
        content = file_of(shot)
        reading = read(content, shot.document)
        page = next(one for one in reading.pages if one.number == shot.page)
        marks = boxes(page, understood(reading))
        made = shown.page(content, shot.document, shot.page, marks, page.turned)
        if made is None or not marks:
            raise SystemExit(f"{shot.name}: nothing to mark")
        yield shot.name, small(made, last(page))


def last(page: Page) -> float:
    """Return how far down a page goes what is written on it, with some room: 0 to 1."""
    return min(max(one.box.bottom for one in page.words if one.box is not None) + ROOM, 1.0)


def small(picture: bytes, down: float) -> bytes:
    """Return a picture of one width in few colours, cut below what is written."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as held:
        made = held.convert("RGB").crop((0, 0, held.width, round(held.height * down)))
        made = made.resize((WIDE, round(made.height * WIDE / made.width)), Image.Resampling.LANCZOS)
        made.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(*, check: bool) -> int:
    """Write the pictures, or see that each still can be drawn and is there."""
    missing = []
    for name, picture in drawn():
        file = PICTURES / name
        if not check:
            PICTURES.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture)
        elif not file.is_file():
            missing.append(name)
    for name in missing:
        print(f"docs/pictures/documents/{name} is missing: python tools/pages_marked.py", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
