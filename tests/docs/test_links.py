"""Every relative link and anchor of the docs leads somewhere."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.docs.markdown import ROOT, anchors, links, pages, place


def broken(page: Path, target: str) -> str:
    """Return what is wrong with a link, or nothing."""
    if target.startswith(("https://", "http://", "mailto:")):
        return ""
    name, _, anchor = unquote(target).partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_relative_to(ROOT):
        return "leaves the project"
    if not path.exists():
        return "is not there"
    if anchor and anchor not in anchors(path.read_text("utf-8")):
        return "has no such anchor"
    return ""


@pytest.mark.parametrize("page", pages(), ids=place)
def test_every_link_and_anchor_of_a_page_leads_somewhere(page: Path) -> None:
    found = [(line, target, broken(page, target)) for line, target in links(page.read_text("utf-8"))]
    assert [one for one in found if one[2]] == []


def test_a_link_to_a_page_or_an_anchor_that_is_not_there_is_found() -> None:
    page = ROOT / "docs" / "design.md"
    assert broken(page, "no-such-page.md") == "is not there"
    assert broken(page, "design.md#no-such-heading") == "has no such anchor"
    assert broken(page, "#design") == ""
    assert broken(page, "../../elsewhere.md") == "leaves the project"


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    seen, left = set(), [ROOT / "README.md"]
    while left:
        page = left.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        targets = (unquote(target).partition("#")[0] for _, target in links(page.read_text("utf-8")))
        left += [(page.parent / name).resolve() for name in targets if name and "://" not in name]
    assert {place(page) for page in (ROOT / "docs").rglob("*.md")} - {place(page) for page in seen} == set()
