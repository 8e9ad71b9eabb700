"""The site has every page, its links lead somewhere, and it fetches nothing from elsewhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tools import site

NAMES = {"README.md": "index.md", "docs/a.md": "a.md", "docs/house.svg": "house.svg"}
HEAD = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


def rewritten(text: str, page: str) -> str:
    return site.rewritten(text, page, NAMES, Path("/project"))


def test_links_of_the_readme_lead_to_the_pages_of_the_site() -> None:
    assert rewritten("[a](docs/a.md#b), ![c](docs/house.svg)", "README.md") == "[a](a.md#b), ![c](house.svg)"


def test_a_link_to_a_file_that_is_no_page_is_its_words() -> None:
    assert rewritten("[the code](../src/x.py), [up](../README.md)", "docs/a.md") == "the code, [up](index.md)"


def test_a_link_to_elsewhere_stays() -> None:
    assert rewritten("[b](https://example.org/b)", "docs/a.md") == "[b](https://example.org/b)"


def test_every_page_of_the_docs_stands_in_the_list_of_the_site() -> None:
    def listed(nav: object) -> set[str]:
        if isinstance(nav, str):
            return {nav}
        parts = nav.values() if isinstance(nav, dict) else nav
        assert isinstance(parts, list | type({}.values()))
        return {name for part in parts for name in listed(part)}

    nav = tomllib.loads(site.CONFIG.read_text("utf-8"))["project"]["nav"]
    assert listed(nav) == {name for name in site.staged().values() if name.endswith(".md")}


def test_the_pages_are_put_into_one_folder(tmp_path: Path) -> None:
    site.stage(tmp_path / "pages")
    assert "](how-to-clinic.md)" in (tmp_path / "pages" / "index.md").read_text("utf-8")
    assert (tmp_path / "pages" / "house.svg").is_file()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="b.html">b</a>', "links to b.html, which is not there"),
        ('<a href="#b">b</a>', "links to #b, which has no such anchor"),
        ('<script src="https://example.org/x.js"></script>', "fetches https://example.org/x.js"),
        ('<img src="//example.org/x.png">', "fetches //example.org/x.png"),
        ('<link rel="stylesheet" href="https://example.org/x.css">', "fetches https://example.org/x.css"),
        ('<pre class="mermaid">a</pre>', "holds a diagram that a script from elsewhere draws"),
    ],
)
def test_what_is_wrong_with_a_page_is_found(body: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HEAD + body, "utf-8")
    assert list(site.faults(tmp_path)) == [f"a.html: {fault}"]


def test_a_page_without_a_policy_for_its_content_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>a</p>", "utf-8")
    assert list(site.faults(tmp_path)) == ["a.html: says no Content-Security-Policy"]


def test_a_style_that_fetches_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("@import 'https://example.org/x.css'; b { src: url(data:,) }", "utf-8")
    assert list(site.faults(tmp_path)) == ["a.css: fetches @import 'https://example.org/x.css"]


def test_a_page_that_is_right_has_no_fault(tmp_path: Path) -> None:
    right = '<link rel="canonical" href="https://example.org/a"><h1 id="b">b</h1><a href="a.html#b">b</a>'
    (tmp_path / "a.html").write_text(HEAD + right, "utf-8")
    assert list(site.faults(tmp_path)) == []
