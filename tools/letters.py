"""Writes one picture of each kind of letter, from made-up people, into docs/letters, and the tables of docs/letters.md.

python tools/letters.py           # pictures by pdftoppm (poppler-utils), else by pypdfium2; then the tables
python tools/letters.py --check   # exit 1 where a table is stale; makes no picture
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.letters.elements import Element, table  # noqa: E402  # the tests stand beside this folder
from priorauth.letters.lines import Cited, owed  # noqa: E402
from priorauth.letters.make import make  # noqa: E402
from tests.letterbook import KINDS, LINES, STATES, facts, possible  # noqa: E402

PAGE: Final = ROOT / "docs" / "letters.md"
PICTURES: Final = ROOT / "docs" / "letters"
DOTS: Final = "60"
"""How many dots an inch: enough to see the layout, small enough to keep."""
MARKED: Final = re.compile(r"(<!-- (?P<what>kinds|elements|figures) -->\n).*?(<!-- end -->)", re.DOTALL)


def picture(pdf: bytes, name: str) -> None:
    """Draw the first page of a letter, in 16 shades of gray."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "letter.pdf"
        file.write_bytes(pdf)
        if shutil.which("pdftoppm"):
            subprocess.run(
                ("pdftoppm", "-r", DOTS, "-gray", "-png", "-singlefile", file, file.parent / "page"), check=True
            )
            drawn = Image.open(file.parent / "page.png")
        else:
            import pypdfium2

            drawn = pypdfium2.PdfDocument(file)[0].render(scale=int(DOTS) / 72, grayscale=True).to_pil()
        drawn.convert("L").quantize(16).save(PICTURES / f"{name}.png", optimize=True)


def kinds() -> Iterator[str]:
    """Write the table of kinds and lines of business."""
    yield f"| kind | {' | '.join(LINES)} |"
    yield f"|---|{'---|' * len(LINES)}"
    for kind in KINDS:
        held = [len(list(_of(kind, line))) if possible(kind, line) else None for line in LINES]
        yield f"| [{kind}](letters/{kind}.png) | {' | '.join('-' if one is None else str(one) for one in held)} |"


def _of(kind: str, line: str) -> Iterator[Element]:
    for one in table()[kind]:  # type: ignore[index]  # one of the kinds
        if (not one.lines or line in one.lines) and (not one.states or STATES[line] in one.states):  # type: ignore[index]
            yield one


def elements() -> Iterator[str]:
    """Write what each kind holds."""
    for kind in KINDS:
        yield f"**{kind}**: " + "; ".join(_said(one) for one in table()[kind]) + "."
        yield ""


def _said(one: Element) -> str:
    lines = "" if not one.lines or len(one.lines) >= len(LINES) - 1 else ", ".join(one.lines)
    where = ", ".join(part for part in (lines, ", ".join(one.states), one.when) if part)
    return one.says + (f" ({where})" if where else "")


def figures() -> Iterator[str]:
    """Write the figures of each line of business, with their citations and whether somebody read them."""
    yield "| line | what | figure | where | read |"
    yield "|---|---|---|---|---|"
    for line in LINES:
        right = owed(line, STATES[line])
        for name in right.__struct_fields__:
            value = getattr(right, name)
            if isinstance(value, Cited):
                figure = value.says or (f"{value.days} days" if value.days else getattr(value, "means", ""))
                presumed = getattr(value, "presumed", 0)
                more = f" and {presumed} for the mail" if presumed else ""
                yield f"| {line}, {STATES[line]} | {name} | {figure}{more} | {value.cite} | {value.verified} |"


def filled(text: str) -> str:
    """Fill in the tables."""
    tables = {"kinds": kinds, "elements": elements, "figures": figures}
    return MARKED.sub(
        lambda found: found[1] + "\n" + "\n".join(tables[found["what"]]()).rstrip() + "\n\n" + found[3], text
    )


def main() -> int:
    """Write pictures and tables, or say whether a table is stale."""
    text = PAGE.read_text("utf-8")
    made = filled(text)
    if "--check" in sys.argv:
        return int(made != text)
    PAGE.write_text(made, "utf-8")
    PICTURES.mkdir(exist_ok=True)
    for kind in KINDS:
        picture(make(facts(kind)).pdf, kind)
    picture(make(facts("adverse", "uhc-ma")).pdf, "adverse-uhc-ma")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
