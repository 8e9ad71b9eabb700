"""Figures of a bench in a page of the docs, between two marks that say which command wrote them."""

from __future__ import annotations

from pathlib import Path

END = "<!-- end of figures -->"


def write(page: Path, bench: str, lines: list[str]) -> None:
    """Put lines between the marks of a bench; ValueError where the page has none."""
    begin = f"<!-- figures: written by bench/{bench}.py --write -->"
    before, rest = page.read_text("utf-8").split(begin, 1)
    page.write_text(f"{before}{begin}\n\n" + "\n".join(lines) + f"\n\n{END}{rest.split(END, 1)[1]}", "utf-8")
