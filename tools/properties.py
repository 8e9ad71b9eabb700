"""Writes the table of properties, docs/properties.md, from the tests that hold them.

python tools/properties.py           # rewrites the table
python tools/properties.py --check   # exit 1 where it is stale

A number in the table is a constant of its test, or counted in the files that the test reads; a test
that is not there is a fault.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "properties.md"
MARK: Final = "<!-- properties -->"
LIST: Final = ROOT / "tools" / "properties.yaml"
POLICIES: Final = ROOT / "src" / "priorauth" / "policies"


class Property(NamedTuple):
    """What holds, of which engines, how its cases are drawn, how many (with `{NAME}` of the test), by which test."""

    holds: str
    engines: str
    drawn: str
    many: str
    module: str
    test: str = ""
    slow: bool = False


def listed(path: Path = LIST) -> list[Property]:
    """Return the properties, in the order of their file."""
    return [Property(**row) for row in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)]


def constants(module: str) -> dict[str, int]:
    """Return the whole numbers that a test module names at its top, tuples of them too."""
    found: dict[str, int] = {}
    for node in ast.parse((ROOT / module).read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            pairs = (
                zip(target.elts, node.value.elts, strict=True)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for name, value in pairs:
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, int):
                    found[name.id] = value.value
    return found


def cases(paths: list[Path]) -> int:
    """Return how many cases stand in some YAML files."""
    return sum(len(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["cases"]) for path in paths)


def counted() -> dict[str, int]:
    """Return what is counted in files."""
    from priorauth.language import forms  # the tool runs beside the package

    return {
        "conformance": cases(sorted((ROOT / "tests" / "conformance").glob("*.yaml"))),
        "beside": cases(sorted(POLICIES.rglob("*.cases.yaml"))),
        "forms": len(forms.Form.__args__),
    }


def _many(row: Property, known: dict[str, int]) -> str:
    text = row.many
    for name, value in (known | constants(row.module)).items():
        text = text.replace(f"{{{name} / 2}}", f"{value // 2:,}").replace(f"{{{name}}}", f"{value:,}")
    if row.module.startswith("tests/agree/") and '"5000"' in (ROOT / row.module).read_text("utf-8"):
        text = text.replace("{5000}", "5,000")
    if "{" in text:
        raise SystemExit(f"tools/properties.py: {row.module} does not name the number of: {text}")
    return text


def table(rows: list[Property]) -> str:
    """Return the table of some properties."""
    known = counted()
    lines = ["| what holds | engine | how drawn | how many | test |", "|---|---|---|---|---|"]
    for row in rows:
        if f"def {row.test or 'test_'}" not in (ROOT / row.module).read_text("utf-8"):
            raise SystemExit(f"tools/properties.py: {row.module} has no test {row.test}")
        named = f"{row.module}::{row.test}" if row.test else row.module
        test = f"`{named}`" + (" (slow)" if row.slow else "")
        lines.append(f"| {row.holds} | {row.engines} | {row.drawn} | {_many(row, known)} | {test} |")
    return "\n".join(lines)


def filled(text: str) -> str:
    """Return the page with the table of today behind its mark."""
    head, _, _ = text.partition(MARK)
    return f"{head}{MARK}\n\n{table(listed())}\n"


def main() -> int:
    """Rewrite the page, or say whether it is stale."""
    text = PAGE.read_text("utf-8")
    if "--check" in sys.argv:
        return int(filled(text) != text)
    PAGE.write_text(filled(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
