"""Reads the project's own Markdown as the tests need it: blocks of code with their marks, spans, links, anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent.parent
TOP: Final = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
_FENCE: Final = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)\s*$")
_MARK: Final = re.compile(r"^\s*<!-- (?P<word>not run|slow|exit \d): ?(?P<reason>.*?) *-->\s*$")
_LINK: Final = re.compile(r"(?<!!)\[(?:[^\[\]]|\[[^\]]*\])*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
_SPAN: Final = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_HEADING: Final = re.compile(r"^(#{1,6}) +(?P<text>.*?) *#*$", re.MULTILINE)
_NAMED: Final = re.compile(r'<a (?:id|name)="([^"]+)"')


class Block(NamedTuple):
    """A block of code: the line of its first code line, its language ("" where indented), its text, the mark above."""

    line: int
    language: str
    text: str
    mark: str = ""
    reason: str = ""


def pages() -> list[Path]:
    """Return every page that people read."""
    found = [ROOT / name for name in TOP]
    found += sorted(path for path in (ROOT / "docs").rglob("*.md"))
    return found + sorted((ROOT / ".github").rglob("*.md"))


def place(path: Path) -> str:
    """Return the path as it is named in the project."""
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of code, fenced and indented, in their order."""
    lines = text.splitlines()
    at, mark, reason = 0, "", ""
    while at < len(lines):
        fence, marked = _FENCE.match(lines[at]), _MARK.match(lines[at])
        if fence:
            end = next(n for n in range(at + 1, len(lines)) if lines[n].strip() == "```")
            body = [line.removeprefix(fence["indent"]) for line in lines[at + 1 : end]]
            yield Block(at + 2, fence["language"], "\n".join(body) + "\n", mark, reason)
            at, mark, reason = end + 1, "", ""
        elif not marked and lines[at].startswith("    ") and (at == 0 or not lines[at - 1].strip()):
            end = at
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            yield Block(at + 1, "", "\n".join(line[4:] for line in lines[at:end]) + "\n", mark, reason)
            at, mark, reason = end, "", ""
        else:
            if marked:
                mark, reason = marked["word"], marked["reason"]
            elif lines[at].strip():
                mark, reason = "", ""
            at += 1


def prose(text: str) -> str:
    """Return the text without its blocks of code, line for line."""
    lines = text.splitlines()
    for block in blocks(text):
        for number in range(block.line - 1, block.line - 1 + block.text.count("\n")):
            if number < len(lines):
                lines[number] = ""
    return "\n".join(lines)


def links(text: str) -> Iterator[tuple[int, str]]:
    """Yield each link and image outside code, with its line."""
    bare = prose(text)
    for found in _LINK.finditer(re.sub(r"`[^`\n]*`", lambda code: "`" * len(code[0]), bare)):
        yield bare.count("\n", 0, found.start()) + 1, found["target"] or found["image"]


def spans(text: str) -> Iterator[tuple[int, str]]:
    """Yield each span of code in prose, with its line."""
    for number, line in enumerate(prose(text).splitlines(), 1):
        yield from ((number, found) for found in _SPAN.findall(line))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page, as GitHub and the site make them of its headings."""
    found: set[str] = set(_NAMED.findall(text))
    for heading in _HEADING.finditer(prose(text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading["text"]).lower())
        slug = words.strip().replace(" ", "-")
        while slug in found:
            name, _, count = slug.rpartition("-")
            slug = f"{name}-{int(count) + 1}" if count.isdigit() and name in found else f"{slug}-1"
        found.add(slug)
    return found
