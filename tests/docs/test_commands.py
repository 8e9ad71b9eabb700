"""Every command in the docs runs as it stands there, in a scratch copy; what is not run says why beside it.

A block of commands is fenced as `sh`, Python as `python` or `pycon`. All blocks of one page run in order, in one copy,
so that one may use what another wrote. Marks on the line above a block:

    <!-- not run: WHY -->     not run; its commands and options must still be ones that priorauth has
    <!-- slow: WHY -->        the page runs with the slow tests
    <!-- exit 3: WHY -->      the block ends with that code
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.docs.markdown import ROOT, Block, blocks, pages, place, spans

COPIED: Final = ("docs", "examples", "tests/data", "tests/fixtures", "src/priorauth/policies")
RUN: Final = {"sh", "python", "pycon"}
COMMAND: Final = re.compile(r"^(?:\$ )?(?:priorauth|make|python3?|pip|pytest|npm|git|gh|\.venv/bin/\w+)(?: |$)")
PRIORAUTH: Final = re.compile(r"^(?:\$ )?priorauth (?P<words>(?:[a-z]+ ?)*)(?P<rest>.*)$")
OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
MADE: Final = {"docs/commands.md"}
"""Pages that a tool writes of the commands; their examples must be commands and options that there are."""
AT_MOST: Final = {True: 1800, False: 300}
"""Seconds that a block may take, by whether it is slow."""


def _runs(page: Path) -> list[Block]:
    return [one for one in blocks(page.read_text("utf-8")) if one.language in RUN and one.mark != "not run"]


def _cases() -> Iterator[object]:
    for page in pages():
        if found := _runs(page):
            slow = any(one.mark == "slow" for one in found)
            yield pytest.param(page, id=place(page), marks=[pytest.mark.slow] if slow else [])


def _environment() -> dict[str, str]:
    beside = Path(sys.executable).parent
    return os.environ | {
        "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "ignore",
    }


def _ran(block: Block, copy: Path) -> str:
    """Run one block; return what went wrong, or nothing."""
    wanted = int(block.mark.removeprefix("exit ")) if block.mark.startswith("exit ") else 0
    command = ["bash", "-eu", "-o", "pipefail", "-c", block.text]
    if block.language == "python":
        command = [sys.executable, "-c", block.text]
    elif block.language == "pycon":
        (copy / "block.txt").write_text(block.text, "utf-8")
        command = [sys.executable, "-m", "doctest", "block.txt"]
    done = subprocess.run(
        command,
        cwd=copy,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=AT_MOST[block.mark == "slow"],
        check=False,
    )
    if done.returncode == wanted and "Traceback" not in done.stderr:
        return ""
    return f"line {block.line}: exit {done.returncode}, expected {wanted}\n{(done.stderr or done.stdout)[-2000:]}"


@pytest.mark.parametrize("page", list(_cases()))
def test_every_command_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    wrong = next((found for block in _runs(page) if (found := _ran(block, tmp_path))), "")
    assert not wrong, wrong


def test_a_command_that_fails_is_found(tmp_path: Path) -> None:
    assert "exit 2, expected 0" in _ran(Block(1, "sh", "priorauth determine no-such-case.json\n"), tmp_path)
    assert _ran(Block(1, "sh", "priorauth determine no-such-case.json\n", "exit 2"), tmp_path) == ""
    assert "exit 1" in _ran(Block(1, "pycon", ">>> 1 + 1\n3\n"), tmp_path)
    assert "exit 1" in _ran(Block(1, "python", "assert False\n"), tmp_path)


@pytest.mark.parametrize("page", [page for page in pages() if place(page) not in MADE], ids=place)
def test_no_command_stands_where_it_is_not_run(page: Path) -> None:
    found = [
        f"{place(page)}:{one.line + number}: {line.strip()}"
        for one in blocks(page.read_text("utf-8"))
        if one.language not in RUN and one.mark != "not run"
        for number, line in enumerate(one.text.splitlines())
        if COMMAND.match(line.strip()) and (one.language == "" or line.startswith("$ "))
    ]
    assert found == []


def test_every_block_that_is_not_run_says_why() -> None:
    silent = [
        f"{place(page)}:{one.line}" for page in pages() for one in blocks(page.read_text("utf-8"))
        if one.mark == "not run" and len(one.reason.split()) < 3
    ]  # fmt: skip
    assert silent == []


UNQUOTED: Final = re.compile(r"--[a-z-]+ [a-z0-9_]+=[^\s`'\"]+ (?:days?|weeks?|months?|years?|%|mg|mmol)")
"""An option whose value has a blank and no quotes: a shell would cut it in two."""


def test_a_value_with_a_blank_stands_in_quotes() -> None:
    assert UNQUOTED.search("`--reading hba1c_age=6 months`")
    assert not UNQUOTED.search("`--reading 'hba1c_age=6 months'`")
    found = [
        f"{place(page)}:{number}"
        for page in pages()
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1)
        if UNQUOTED.search(line)
    ]
    assert found == []


# ---- what is only named: each command and option must be one that priorauth has


@cache
def _help(words: tuple[str, ...]) -> str | None:
    """Return the help of a command, None where priorauth has no such command."""
    done = subprocess.run(
        ["priorauth", *words, "--help"], env=_environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout if done.returncode == 0 else None


def _named() -> Iterator[tuple[str, str]]:
    for page in pages():
        if page.name == "CHANGELOG.md":  # of what a release had, not of what there is
            continue
        text = page.read_text("utf-8")
        yield from ((f"{place(page)}:{line}", span) for line, span in spans(text) if span.startswith("priorauth "))
        for block in blocks(text):
            joined = block.text.replace("\\\n", " ")
            for line in joined.splitlines():
                if line.strip().removeprefix("$ ").startswith("priorauth "):
                    yield f"{place(page)}:{block.line}", line.strip().partition(" #")[0]


def _unknown(command: str) -> str:
    """Return what of a command priorauth does not have, or nothing."""
    match = PRIORAUTH.match(command)
    assert match is not None, command
    words: list[str] = []
    for word in match["words"].split():
        if _help((*words, word)) is None:
            break
        words.append(word)
    page = _help(tuple(words)) or ""
    groups = {"policies", "population"}
    if not words and OPTION.findall(command) not in ([], ["--version"], ["--help"]):
        return "no such command"
    if words and words[-1] in groups and re.match(r"[a-z]+", command.partition(words[-1])[2].strip()):
        following = re.split(r"[ ,]+", command.partition(words[-1])[2].strip())
        absent = [word for word in following if re.fullmatch(r"[a-z]+", word) and _help((*words, word)) is None]
        return f"no command {absent[0]}" if absent else ""
    return ", ".join(option for option in OPTION.findall(command) if option not in page)


def test_every_command_and_option_that_a_page_names_is_there() -> None:
    found = [(where, command, wrong) for where, command in _named() if (wrong := _unknown(command))]
    assert found == []


def test_a_command_or_option_that_is_not_there_is_found() -> None:
    assert _unknown("priorauth determine case.json --no-such-option") == "--no-such-option"
    assert _unknown("priorauth policies nothing") == "no command nothing"


def test_python_in_the_docs_says_what_it_gives() -> None:
    parser = doctest.DocTestParser()
    shown = [one for page in pages() for one in _runs(page) if one.language == "pycon"]
    assert shown
    assert all(parser.get_examples(one.text) for one in shown)
