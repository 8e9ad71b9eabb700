"""Every file, folder, test and name of the package that the docs name is there."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import resolve_name
from typing import Final

import pytest

from tests.docs.markdown import ROOT, pages, place, spans

PACKAGE: Final = ROOT / "src" / "priorauth"
FOLDERS: Final = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"build", ".venv"}
ROOMS: Final = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
PATH: Final = re.compile(r"^(?P<path>[\w.*-]+(?:/[\w.*{},-]+)*/?)(?:::(?P<test>\w+))?$")
DOTTED: Final = re.compile(r"priorauth(\.\w+)+")
MODULES: Final = {
    path.name for top in ("src", "tests", "tools", "bench", "examples") for path in (ROOT / top).rglob("*.*")
}
MADE: Final = {"build", "site", "dist"}
"""Folders that commands make."""


def _below(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(name.rstrip("/"))) if "*" in name else [p for p in [folder / name] if p.exists()]


def absent(span: str) -> str:
    """Return what a span of code names and is not there, or nothing (also where it names no file)."""
    if DOTTED.fullmatch(span):
        try:
            resolve_name(span)
        except (ImportError, AttributeError):
            return span
        return ""
    match = PATH.match(span)
    if match is None:
        return ""
    path, test = match["path"], match["test"]
    first = path.split("/")[0]
    if first in MADE or "{" in path or "<" in path:
        return ""
    if "/" not in path:
        return path if path.endswith(".py") and path not in MODULES else ""
    found = _below(ROOT, path) if first in FOLDERS else []
    if not found and first in ROOMS:
        found = _below(PACKAGE, path) or _below(PACKAGE / "policies", path)
    if not found:
        return path if first in FOLDERS | ROOMS else ""
    return span if test and not any(f"def {test}(" in one.read_text("utf-8") for one in found) else ""


@pytest.mark.parametrize("page", [page for page in pages() if page.name != "CHANGELOG.md"], ids=place)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    found = [(line, name) for line, span in spans(page.read_text("utf-8")) if (name := absent(span.split(" ")[0]))]
    assert found == []


def test_a_name_that_is_not_there_is_found() -> None:
    assert absent("src/priorauth/no_such.py") == "src/priorauth/no_such.py"
    assert absent("policy/no_such.py") == "policy/no_such.py"
    assert absent("priorauth.policy.no_such") == "priorauth.policy.no_such"
    assert absent("priorauth.determine") == ""
    assert absent("no_such_module.py") == "no_such_module.py"
    assert absent("tests/docs/test_names.py::test_of_nothing") == "tests/docs/test_names.py::test_of_nothing"
    assert absent("tests/conformance/*.yaml") == ""
    assert absent("hba1c/age") == ""
