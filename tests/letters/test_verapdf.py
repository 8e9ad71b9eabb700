"""veraPDF finds no fault of PDF/UA-1 in a letter: of each kind for two lines of business, in large print, with names in
letters with marks. It finds every one of the faults planted beside them.

README.md of tests/peers/verapdf says what it needs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec import structs

from priorauth.letters import paper
from priorauth.letters.facts import Line
from priorauth.letters.kinds import Kind
from priorauth.letters.make import make, page_of
from tests.letterbook import KINDS, LINES, MEMBER, facts, possible
from tests.parts import need

pytestmark = pytest.mark.slow

VERAPDF = Path(__file__).parent.parent / "peers" / "verapdf"
BUILT = VERAPDF / "target" / "classpath"
BUILD = "mvn -q -B -f tests/peers/verapdf/pom.xml process-classes"
TWO = 2
"""So many lines of business of each kind, others for each."""
SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
PICTURE = f'<img src="data:image/svg+xml;base64,{b64encode(SQUARE).decode()}">'
NAMES = {
    "composed": "Jos\u00e9 N\u00fa\u00f1ez \u0160im\u016fnek",
    "in-parts": "Jose\u0301 Nu\u0301n\u0303ez S\u030cimu\u030anek",
}


def chosen() -> list[tuple[Kind, Line]]:
    """Return each kind with two lines of business, taken in turn."""
    found: list[tuple[Kind, Line]] = []
    for place, kind in enumerate(KINDS):
        lines = [line for line in LINES if possible(kind, line)]
        found += [(kind, lines[(place + more) % len(lines)]) for more in range(min(TWO, len(lines)))]
    return found


def without(pattern: str) -> Callable[[str], str]:
    return lambda html: re.sub(pattern, "", html)


def before_the_heading(text: str) -> Callable[[str], str]:
    return lambda html: html.replace("<h1", f"{text}<h1", 1)


FAULTS: dict[str, tuple[str, Callable[[str], str]]] = {  # by name: the rule that is broken, and what breaks it
    "no-title": ("7.1-9", without("<title>.*?</title>")),
    "no-language": ("7.2-29", without(' lang="en"')),
    "no-first-heading": ("7.4.2-1", lambda html: re.sub("<(/?)h1", r"<\1h2", html)),
    "skipped-heading": ("7.4.2-1", lambda html: re.sub("<(/?)h2", r"<\1h4", html)),
    "header-of-nothing": ("7.5-1", without(' scope="(col|row)"')),
    "row-with-a-cell-too-few": ("7.2-43", without('<th scope="row">Policy version</th>')),
    "point-without-a-list": ("7.2-17", before_the_heading("<li>stray</li>")),
    "picture-without-words": ("7.3-1", before_the_heading(PICTURE)),
    "character-that-no-font-has": ("7.21.8-1", before_the_heading("<p>\u4e2d</p>")),
    "figures-that-are-no-characters": ("7.21.7-1", without("li::marker.*?}")),
}


class Said(NamedTuple):
    """A place that breaks a rule."""

    file: str
    rule: str
    place: str
    text: str


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """Run veraPDF once over the letters and over the faults."""
    need(shutil.which("java"), "Java 17 runs veraPDF: apt install openjdk-17-jdk-headless maven")
    need(BUILT.is_file(), f"veraPDF is not built: {BUILD}")
    jars = BUILT.read_text("utf-8")
    need(all(Path(jar).is_file() for jar in jars.split(":")), f"jars of veraPDF are gone: {BUILD}")
    need(find_library("pango-1.0"), paper.PANGO)
    folder = tmp_path_factory.mktemp("letters")
    letters = {f"{kind}-{line}": facts(kind, line) for kind, line in chosen()}
    adverse = facts("adverse")
    for name, title in NAMES.items():
        letters[f"name-{name}"] = structs.replace(adverse, member=structs.replace(MEMBER, name=title))
    letters["large-print"] = structs.replace(adverse, member=structs.replace(MEMBER, format="large-print"))
    for name, letter in letters.items():
        (folder / f"letter-{name}.pdf").write_bytes(make(letter).pdf)
    good = page_of(facts("appeal-decision"))
    for name, (_, plant) in FAULTS.items():
        assert plant(good) != good
        (folder / f"broken-{name}.pdf").write_bytes(paper.pdf(plant(good), b"1" * 16))
    (folder / "cut.pdf").write_bytes(paper.pdf(good, b"1" * 16)[:-3000])
    command = ["java", "-Xmx1g", "-cp", f"{BUILT.parent / 'classes'}:{jars}", "Check", str(folder)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=600)
    *lines, last = ran.stdout.splitlines()
    assert last.startswith(f"# {len(letters) + len(FAULTS) + 1} files"), ran.stderr[-2000:]
    return [Said(*line.split("\t")) for line in lines]


def test_no_letter_breaks_a_rule(said: list[Said]) -> None:
    assert [one for one in said if one.file.startswith("letter-")] == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_its_rule(said: list[Said], name: str) -> None:
    assert FAULTS[name][0] in {one.rule for one in said if one.file == f"broken-{name}.pdf"}


def test_a_file_that_was_cut_short_is_found(said: list[Said]) -> None:
    assert [one.rule for one in said if one.file == "cut.pdf"] == ["unread"]


def test_every_kind_and_every_line_is_among_them() -> None:
    assert {kind for kind, _ in chosen()} == set(KINDS)
    assert {line for _, line in chosen()} == set(LINES)
