"""The rules of the house that no linter knows: how long a module may be, and that each has its tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "priorauth"

MODULE_LINES = 400
FUNCTION_LINES = 60

# Modules without a test module of their own, each with the reason. (An `__init__` holds a docstring and exports.)
UNTESTED: dict[str, str] = {}

# Names that say nothing about the domain.
EMPTY_NAMES = re.compile(r"(?i)manager|helper|util(?!iz)|context")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"), place(path))):
            yield path, node


def test_no_module_is_longer_than_400_lines() -> None:
    lines = {place(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {module: count for module, count in lines.items() if count > MODULE_LINES} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    too_long = {
        f"{place(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path, node in nodes()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= FUNCTION_LINES
    }
    assert too_long == {}


def test_every_module_has_a_test_module_of_the_same_name() -> None:
    missing = []
    for path in modules():
        name = path.relative_to(PACKAGE)
        test = ROOT / "tests" / name.parent / f"test_{path.stem}.py"
        if path.stem != "__init__" and name.as_posix() not in UNTESTED and not test.is_file():
            missing.append(f"{place(path)} wants {place(test)}")
    assert not missing, "\n".join(missing)


def test_every_module_excused_from_tests_is_still_there() -> None:
    assert [name for name in UNTESTED if not (PACKAGE / name).is_file()] == []


def test_modules_and_classes_are_named_from_the_domain() -> None:
    files = [place(path) for path in modules() if EMPTY_NAMES.search(path.stem)]
    classes = [
        f"{place(path)}:{node.lineno} {node.name}"
        for path, node in nodes()
        if isinstance(node, ast.ClassDef) and EMPTY_NAMES.search(node.name)
    ]
    assert files + classes == []
