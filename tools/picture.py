"""Draws the rooms of the house, floor by floor, from the floors that import-linter holds (pyproject.toml).

python tools/picture.py           # writes docs/house.svg
python tools/picture.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

ROOT: Final = Path(__file__).resolve().parent.parent
PACKAGE: Final = ROOT / "src" / "priorauth"
PICTURE: Final = ROOT / "docs" / "house.svg"

SAYS: Final = {
    "cli": "commands, one module each",
    "exchange": "PAS response",
    "server": "programs ask here; the clock is read",
    "workbench": "pages, forms, pictures of a case",
    "population": "ingest, run, compare",
    "synthetic": "made-up members",
    "assurance": "prove, diff, compare",
    "ledger": "cases, clocks, decisions, letters, outbox",
    "letters": "letters, drafts, forms: facts to HTML and PDF",
    "trace": "a payer's text beside its rules, drift",
    "export": "forms for other systems, CQL that fills them in",
    "decide": "determination, questions, page, receipt",
    "engines/python": "one patient",
    "engines/sql": "millions of members",
    "engines/cql": "engines of others",
    "engines/solver": "proofs",
    "documents": "letters, notes, faxes to proposals",
    "policy": "tree, catalog, outcomes, views",
    "record": "readers, answers: FHIR to rows",
    "language": "forms, checker, plain English",
    "glucose": "formats, metrics, log to facts",
    "facts": "vocabulary, shapes of rows",
    "fhir": "resources, and what counts",
    "values": "truth, intervals, dates, units",
    "errors": "PriorAuthError and its four kinds",
    "version": "named by every receipt",
}
"""What a room holds, in a few words. A room that is there and not named here is a fault."""

WIDTH, LEFT, FLOOR, BOX, GAP = 920, 64, 78, 54, 12
STYLE: Final = """
  .floor { fill: #f3f5f8; }
  .room { fill: #ffffff; stroke: #4a6078; stroke-width: 1.2; }
  .engine { fill: #e6f0f7; stroke: #4a6078; stroke-width: 1.2; }
  .name { font: 600 15px sans-serif; fill: #14253a; text-anchor: middle; }
  .says { font: 12px sans-serif; fill: #3f5063; text-anchor: middle; }
  .number { font: 13px sans-serif; fill: #5b6b7d; text-anchor: middle; }
  .arrow { stroke: #5b6b7d; stroke-width: 1.4; fill: none; }
"""


def floors() -> list[list[str]]:
    """Return the rooms of each floor that are there, the highest floor first; `engines` as its four."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (layers,) = (one for one in config["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    found = []
    for layer in layers["layers"]:
        rooms = [
            name
            for name in re.findall(r"\w+", layer)
            if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()
        ]
        if rooms == ["engines"]:
            rooms = [f"engines/{name}" for name in ("python", "sql", "cql", "solver")]
        if rooms:
            found.append(rooms)
    return found


def _room(name: str, x: float, y: float, width: float) -> Iterator[str]:
    kind = "engine" if name.startswith("engines/") else "room"
    middle = x + width / 2
    yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{width:g}" height="{BOX}" rx="6"/>'
    yield f'<text class="name" x="{middle:g}" y="{y + 23:g}">{escape(name)}</text>'
    yield f'<text class="says" x="{middle:g}" y="{y + 41:g}">{escape(SAYS[name])}</text>'


def drawn() -> str:
    """Return the picture."""
    rows = floors()
    missing = {room for row in rows for room in row} ^ set(SAYS)
    if missing:
        raise SystemExit(f"tools/picture.py: SAYS and the rooms differ: {', '.join(sorted(missing))}")
    height = FLOOR * len(rows) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="The rooms">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for place, row in enumerate(rows):
        top = 8 + FLOOR * place
        parts.append(
            f'<rect class="floor" x="{LEFT}" y="{top}" width="{WIDTH - LEFT - 8}" height="{FLOOR - 6}" rx="8"/>'
        )
        parts.append(f'<text class="number" x="44" y="{top + 41}">{len(rows) - place - 1}</text>')
        width = (WIDTH - LEFT - 8 - GAP * (len(row) + 1)) / len(row)
        for number, name in enumerate(row):
            parts += _room(name, LEFT + GAP + number * (width + GAP), top + 9, width)
    bottom = 8 + FLOOR * len(rows) - 6
    parts.append(f'<path class="arrow" d="M20 12 V{bottom - 6} M14 {bottom - 16} L20 {bottom - 4} L26 {bottom - 16}"/>')
    rule = (
        "A room imports only from floors below it, never from a room beside it; no engine reads another's code. "
        "policies/ is data: YAML, no code."
    )
    parts.append(f'<text class="says" x="{WIDTH / 2:g}" y="{height - 14}">{rule}</text>')
    parts.append("</svg>\n")
    return "\n".join(parts)


def main() -> int:
    """Write the picture, or say whether it is stale."""
    made = drawn()
    if "--check" in sys.argv:
        return int(not PICTURE.is_file() or PICTURE.read_text("utf-8") != made)
    PICTURE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
