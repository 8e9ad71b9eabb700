"""Builds the docs as a site in build/site, and looks into what came out.

python tools/site.py    # exit 1 where a page has a broken link, or would fetch anything from elsewhere

The pages are those of the project (README.md, docs/ and the other pages at the top); here they are put into one folder,
and a link to a file that is no page becomes the file's name.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote

ROOT: Final = Path(__file__).resolve().parent.parent
CONFIG: Final = ROOT / "zensical.toml"
TOP: Final = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?![a-z]+:)([^)#\s]+)(#[^)\s]*)?\)")
FETCHES: Final = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("link", "href"),
    ("use", "href"),
}
"""The attributes whose address a browser fetches on its own."""
NAMES_ONLY: Final = {"canonical", "alternate", "prev", "next"}
"""What a <link> only names."""
FROM_CSS: Final = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:https?:)?//[^)'\"\s]+")


def staged(root: Path = ROOT) -> dict[str, str]:
    """Return for each page and picture of the project its name on the site."""
    names = dict(TOP)
    for path in sorted((root / "docs").rglob("*")):
        if path.suffix in {".md", ".svg", ".png"}:
            names[path.relative_to(root).as_posix()] = path.relative_to(root / "docs").as_posix()
    return names


def rewritten(text: str, page: str, names: dict[str, str], root: Path = ROOT) -> str:
    """Return the text of a page with its links as they are on the site."""
    folder = (root / page).parent

    def link(found: re.Match[str]) -> str:
        mark, words, target, anchor = found[1], found[2], found[3], found[4] or ""
        place = (folder / unquote(target)).resolve()
        name = names.get(place.relative_to(root.resolve()).as_posix() if place.is_relative_to(root.resolve()) else "")
        if name is None:
            return words
        up = "../" * names[page].count("/")
        return f"{mark}[{words}]({up}{name}{anchor})"

    return LINK.sub(link, text)


def stage(folder: Path, root: Path = ROOT) -> None:
    """Write all pages into the folder from which the site is built."""
    shutil.rmtree(folder, ignore_errors=True)
    names = staged(root)
    for place, name in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if place.endswith(".md"):
            (folder / name).write_text(rewritten((root / place).read_text("utf-8"), place, names, root), "utf-8")
        else:
            shutil.copyfile(root / place, folder / name)


class Page(HTMLParser):
    """What a page links to, what a browser fetches for it, and where its anchors are."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.diagrams = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        names_only = tag == "link" and NAMES_ONLY.intersection(given.get("rel", "").split())
        self.fetched += [value for name, value in given.items() if (tag, name) in FETCHES and not names_only]
        self.diagrams += "mermaid" in given.get("class", "").split()  # drawn by a script from elsewhere


def parsed(path: Path) -> Page:
    """Return what stands in a page."""
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def faults(site: Path) -> Iterator[str]:
    """Yield each link that leads nowhere, and each address that a browser would fetch from elsewhere."""
    pages = {path.resolve(): parsed(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site.resolve()).as_posix()
        for address in page.fetched:
            if re.match(r"(?:[a-z]+:)?//", address):
                yield f"{name}: fetches {address}"
        if page.diagrams:
            yield f"{name}: holds a diagram that a script from elsewhere draws"
        if "Content-Security-Policy" not in path.read_text("utf-8"):
            yield f"{name}: says no Content-Security-Policy"
        for link in page.links if name != "404.html" else ():
            if re.match(r"(?:[a-z]+:|//)", link):
                continue
            target, _, anchor = unquote(link).partition("#")
            to = (path.parent / target).resolve() if target else path
            to = to / "index.html" if to.is_dir() else to
            if not to.exists():
                yield f"{name}: links to {link}, which is not there"
            elif anchor and to in pages and anchor not in pages[to].anchors:
                yield f"{name}: links to {link}, which has no such anchor"
    for path in sorted(site.rglob("*.css")):
        for found in FROM_CSS.findall(path.read_text("utf-8")):
            yield f"{path.relative_to(site).as_posix()}: fetches {found}"


def main() -> int:
    """Build and check."""
    project = tomllib.loads(CONFIG.read_text("utf-8"))["project"]
    site = ROOT / project["site_dir"]
    shutil.rmtree(site, ignore_errors=True)
    stage(ROOT / project["docs_dir"])
    command = [str(Path(sys.executable).parent / "zensical"), "build", "--clean", "--strict", "-f", str(CONFIG)]
    built = subprocess.run(command, cwd=ROOT, check=False)
    if built.returncode:
        return 1
    found = list(faults(site))
    print(
        "\n".join(found)
        or f"{len(list(site.rglob('*.html')))} pages in {project['site_dir']}: links checked, nothing from elsewhere"
    )
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
