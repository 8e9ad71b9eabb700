"""Draws the states of a case and the acts that lead from one to another, from src/priorauth/ledger/data/states.yaml.

python tools/states.py           # writes docs/states.svg
python tools/states.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from priorauth.ledger.allowed import BY_RUN, CLOSED, KEPT, NEW, STAYS, States, states

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = ROOT / "docs" / "states.svg"

WIDTH, LEFT, RIGHT, BOX = 1140, 24, 620, 270
TALL: Final = 50
SAYS: Final = "The states of a case, and the acts that lead to each"
TIP: Final = (
    '<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 L10 5 L0 10 z" fill="#5b6b7d"/></marker>'
)
STYLE: Final = """
  text { font-family: sans-serif; font-size: 12px; fill: #14253a; }
  .open { fill: #e6f0f7; stroke: #4a6078; stroke-width: 1.2; }
  .closed { fill: #f3f5f8; stroke: #4a6078; stroke-width: 1.2; }
  .name { font-size: 15px; font-weight: 600; text-anchor: middle; }
  .says { fill: #3f5063; text-anchor: middle; }
  .head { font-size: 13px; font-weight: 600; fill: #5b6b7d; }
  .arrow { stroke: #5b6b7d; stroke-width: 1.2; fill: none; marker-end: url(#tip); }
"""


def leads(table: States) -> dict[tuple[str, str], list[str]]:
    """Return by two states the acts that lead from one to the other, save those after which a run's outcome leads."""
    found: dict[tuple[str, str], list[str]] = {}
    for act in table.acts:
        for state in table.states:
            after = table.after(act, state)
            if after is not None and after not in (STAYS, *BY_RUN, state):
                found.setdefault((state, after), []).append(act)
    return found


def ends(table: States) -> dict[str, dict[str, list[str]]]:
    """Return by closed state the acts that lead to it, each with the open states from which it does."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name, one in table.states.items() if not one.open}
    for (state, after), acts in leads(table).items():
        if after in found:
            for act in acts:
                found[after].setdefault(act, []).append(state)
    return found


def runs(table: States) -> dict[str, list[str]]:
    """Return by state the outcomes of a run that put an open case there."""
    found: dict[str, list[str]] = {}
    for outcome, state in table.outcomes.items():
        found.setdefault(state, []).append(outcome)
    return found


def _wrapped(words: str, width: int = 58) -> Iterator[str]:
    line = ""
    for word in words.split():
        if line and len(line) + len(word) + 1 > width:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line


def _box(name: str, says: str, kind: str, x: float, y: float) -> Iterator[str]:
    middle = x + BOX / 2
    yield f'<rect class="{kind}" x="{x:g}" y="{y:g}" width="{BOX}" height="{TALL}" rx="6"/>'
    yield f'<text class="name" x="{middle:g}" y="{y + 21:g}">{escape(name)}</text>'
    yield f'<text class="says" x="{middle:g}" y="{y + 39:g}">{escape(_short(says))}</text>'


def _short(says: str, most: int = 46) -> str:
    return says if len(says) <= most else f"{says[: most - 1].rstrip()}…"


def _lines(lines: list[str], x: float, y: float) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield f'<text class="act" x="{x:g}" y="{y + 15 * place:g}">{escape(line)}</text>'


def _from(act: str, states_from: list[str], every: list[str]) -> str:
    return act if states_from == every else f"{act} ({', '.join(states_from)})"


def drawn(table: States | None = None) -> str:
    """Return the picture: open states at the left with what leads to each, closed ones at the right."""
    table = table or states()
    every = [name for name, one in table.states.items() if one.open]
    opened, closed = _opened(table, every), _closed(table, every)
    height = max(opened[1], closed[1]) + 76
    said = sorted(act for act, row in table.acts.items() if row.get(CLOSED) == STAYS)
    some = [
        _from(act, [name for name in row if name in table.states], every)
        for act, row in table.acts.items()
        if CLOSED not in row and set(row) <= set(table.states) - set(every)
    ]
    foot = f"Also on a closed case, which stays what it is: {', '.join([*said, *some])}."
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{SAYS}">',
        f"<defs>{TIP}</defs>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>',
        f'<text class="head" x="{LEFT}" y="22">open, and what leads there</text>',
        f'<text class="head" x="{RIGHT}" y="22">decided or closed, and what leads there</text>',
        *opened[0],
        *closed[0],
        *_lines(list(_wrapped(foot, 150)), LEFT, height - 46),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _opened(table: States, every: list[str]) -> tuple[list[str], float]:
    parts: list[str] = []
    y = 36.0
    by_run, ways = runs(table), leads(table)
    for name in every:
        lines = list(_wrapped(f"a run says: {', '.join(by_run[name])}")) if name in by_run else []
        acts: dict[str, list[str]] = {}
        for (state, after), found in ways.items():
            if after == name:
                for act in found:
                    acts.setdefault(act, []).append(state)
        for act, before in acts.items():
            lines += _wrapped(f"{act} ({', '.join(before)})", 48)
        y = _row(parts, table, name, "open", LEFT, y, lines)
    again = sorted(act for act, row in table.acts.items() if BY_RUN & set(row.values()) and NEW not in row)
    kept = [name for name in every if any(row.get(name) == KEPT for row in table.acts.values())]
    lines = [*_wrapped(f"A run, and with it its outcome, follows: receive, {', '.join(again)}.", 84)]
    for name in kept:
        said = f"A case that is {name} stays there until somebody routes it, whatever a run says, save that it is"
        lines += _wrapped(f"{said} decided elsewhere.", 84)
    parts += _lines(lines, LEFT, y + 12)
    return parts, y + 15 * len(lines)


def _closed(table: States, every: list[str]) -> tuple[list[str], float]:
    parts: list[str] = []
    y = 36.0
    by_run = runs(table)
    for name, acts in ends(table).items():
        lines = [f"a run says: {', '.join(by_run[name])}"] if name in by_run else []
        lines = [line for one in lines for line in _wrapped(one, 34)]
        for act, before in acts.items():
            lines += _wrapped(_from(act, before, every), 34)
        y = _row(parts, table, name, "closed", RIGHT, y, lines)
    return parts, y


def _row(parts: list[str], table: States, name: str, kind: str, x: float, y: float, lines: list[str]) -> float:  # noqa: PLR0913, PLR0917 - a box has a place
    tall = max(TALL, 15 * len(lines))
    parts += _box(name, table.states[name].says, kind, x, y)
    parts += _lines(lines, x + BOX + 30, y + 14)
    if lines:
        middle = y + TALL / 2
        parts.append(f'<path class="arrow" d="M{x + BOX + 26:g} {middle:g} H{x + BOX + 2:g}"/>')
    return y + tall + 16


def main() -> int:
    """Write the picture, or say whether it is stale."""
    made = drawn()
    if "--check" in sys.argv:
        return int(not PICTURE.is_file() or PICTURE.read_text("utf-8") != made)
    PICTURE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
