"""Finds which forms of the language a module branches on by name, and where a branch for one is missing.

A branch is a `match` case, an `isinstance` or a key of a table. A name that joins several forms (``f.Counted``) is no
branch: whoever adds a form to it has still to say what becomes of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

MODULE = "priorauth.language.forms"
Join = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Forms:
    """The forms with the line of each, and the names that join several."""

    lines: Mapping[str, int]
    joined: Join

    def beside(self, form: str) -> frozenset[str]:
        """Return the forms that a form is joined with most closely."""
        near = [members for members in self.joined.values() if form in members]
        return min(near, key=len, default=frozenset()) - {form}


def forms(path: Path) -> Forms:
    """Read the module of forms: what ``Form`` joins are the forms."""
    joined: dict[str, frozenset[str]] = {}
    lines: dict[str, int] = {}

    def of(node: ast.expr) -> frozenset[str]:
        if isinstance(node, ast.BinOp):
            return of(node.left) | of(node.right)
        return joined.get(node.id, frozenset({node.id})) if isinstance(node, ast.Name) else frozenset()

    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            lines[node.name] = node.lineno
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.targets[0], ast.Name):
            joined[node.targets[0].id] = of(node.value)
    return Forms({name: lines[name] for name in sorted(joined["Form"])}, joined)


def missing(found: Forms, files: Iterable[Path]) -> list[str]:
    """Return one line for each form that none of the files branches on: where it should, and where the form stands.

    It should stand beside those that it is joined with, in the largest group of branches that there is.
    """
    groups = [(path, line, named) for path in files for line, named in branches(path, frozenset(found.lines))]
    said = frozenset(name for _, _, named in groups for name in named)
    faults = []
    for form, line in found.lines.items():
        if form not in said:
            near = found.beside(form)
            path, at, _ = max(groups, key=lambda group: (len(group[2] & near), len(group[2])))
            faults.append(f"{path.parent.name}/{path.name}:{at}: no branch for {form}, forms.py:{line}")
    return faults


def branches(path: Path, wanted: frozenset[str]) -> Iterator[tuple[int, frozenset[str]]]:
    """Give each group of branches of a module: its line and the forms that it names."""
    tree = ast.parse(path.read_text("utf-8"))
    alias, direct = imported(tree)

    def named(parts: Iterable[ast.AST]) -> frozenset[str]:
        inside = [node for part in parts for node in ast.walk(part)]
        through = {
            node.attr
            for node in inside
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in alias
        }
        return wanted & (through | {node.id for node in inside if isinstance(node, ast.Name) and node.id in direct})

    for node in ast.walk(tree):
        match node:
            case ast.Match(cases=cases):
                yield node.lineno, named(case.pattern for case in cases)
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
                yield node.lineno, named([kinds])
            case ast.Dict(keys=keys):
                yield node.lineno, named(key for key in keys if key is not None)


def imported(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names under which a module knows the module of forms, and those that it takes from it."""
    alias, direct = set(), set()
    package, _, last = MODULE.rpartition(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == package:
            alias |= {one.asname or one.name for one in node.names if one.name == last}
        elif isinstance(node, ast.ImportFrom) and node.module == MODULE:
            direct |= {one.asname or one.name for one in node.names}
    return alias, direct
