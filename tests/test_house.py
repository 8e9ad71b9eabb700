"""The rules of the house that no linter knows: how long a module may be, and that each has its tests."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "priorauth"

MODULE_LINES = 400
FUNCTION_LINES = 60

# Modules without a test module of their own, each with the reason. (An `__init__` holds a docstring and exports.)
UNTESTED: dict[str, str] = {
    f"ledger/migrations/{name}.py": "run by Alembic alone: tests/ledger/test_schema.py runs every revision"
    for name in ("env", "versions/0001_ledger")
}

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


def named(text: str) -> Iterator[tuple[str, ...]]:
    """Yield whatever names a module: imports at the top, in functions and for types alone, and names in texts.

    Each is what may be meant, the first that is a module counts. `package.` in a text stands for all modules of it.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((one.name,) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{one.name}", node.module) for one in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield (node.value.partition(":")[0],)  # as pkgutil and entry points have it: module:name


def imports(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Give for each module the others that it names; the packages that a module lies in are not meant by its name."""
    found: dict[str, set[str]] = {}
    for module, text in texts.items():
        here = found[module] = set()
        for names in named(text):
            here.update([name for name in names if name in texts][:1])
            if names[0].endswith(".") and names[0][:-1] in texts:
                here.update(name for name in texts if name.startswith(names[0]))
        here.discard(module)
    return found


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Give the sets of modules each of which reaches each other one."""

    def reached(start: str) -> frozenset[str]:
        seen: set[str] = set()
        left = [*graph[start]]
        while left:
            if (one := left.pop()) not in seen:
                seen.add(one)
                left += graph[one]
        return frozenset(seen)

    reach = {module: reached(module) for module in graph}
    rounds = {frozenset(other for other in reach[one] if one in reach[other]) for one in graph if one in reach[one]}
    return sorted(sorted(one) for one in rounds)


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


def test_modules_do_not_go_in_circles_not_even_by_imports_within_functions_or_by_name() -> None:
    texts = {}
    for path in modules():
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        texts[name] = path.read_text("utf-8")
    assert circles(imports(texts)) == []


CLOSING: Final = (
    "from p import a",
    "def f():\n    from p.a import g",
    "import p.a",
    "if TYPE_CHECKING:\n    from p.a import G",
    "PAGE = 'p.a:g'",
    "MODULES = [f'p.{name}' for name in NAMES]",
)


def test_a_circle_is_found_however_it_is_closed() -> None:
    for closing in CLOSING:
        texts = {"p": "", "p.a": "from p import b", "p.b": "from p.c import f", "p.c": closing, "p.d": "import p.a"}
        assert [one[:3] for one in circles(imports(texts))] == [["p.a", "p.b", "p.c"]], closing


def tracked(*options: str) -> list[str]:
    """Return what git lists of the checkout; a copy without git is not judged."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("SKIPPED: no git here, so what is tracked cannot be said")
    listed = subprocess.run([git, "ls-files", *options], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def test_no_link_and_nothing_that_is_made_is_tracked() -> None:
    """A link to a folder of one machine breaks every other checkout."""
    assert [line for line in tracked("--stage") if line.startswith("120000")] == []
    assert tracked("--cached", "--ignored", "--exclude-standard") == []
