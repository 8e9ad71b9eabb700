"""Writes docs/api.md, the reference of the library, from what `priorauth` gives and what its source says of it.

python tools/api.py           # rewrites the page
python tools/api.py --check   # exit 1 where it is stale

A public name without a docstring or an example, and a field without a meaning, are faults. The examples below run with
the tests, as every block of the docs does.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, get_args

import msgspec

import priorauth

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "api.md"
MARK: Final = "<!-- api -->"
ORDER: Final = (
    *("determine", "Determination", "read_documents", "read_glucose", "GlucoseLog", "Catalog"),
    *("PriorAuthError", "InputRefused", "PolicyFaults", "LogRefused", "PopulationError"),
    *("LedgerRefused", "Fault", "__version__"),
)
INSIDE: Final = {"Criterion", "Policy", "Stream", "Units", "Vocabulary"}
"""Classes of the inside: a member that gives or takes one may change with any release, and is left out."""
PLAIN: Final = {"Json": "dict[str, Any]", "Text": "str"}
"""Names of the inside for what a caller knows by another."""
EXAMPLES: Final = {
    "determine": """
>>> from pathlib import Path
>>> from priorauth import determine
>>> (found,) = determine(Path("examples/ask.json").read_bytes())
>>> found.outcome, [question.fact for question in found.questions][:2]
('request-information', ['hba1c', 'glucose_self_test'])
""",
    "read_documents": """
>>> from pathlib import Path
>>> from priorauth import determine, read_documents
>>> case = Path("examples/approve.json").read_bytes()
>>> read = read_documents(case)
>>> read.documents, read.warnings
((), ())
>>> determine(case, documents=read.documents)[0].outcome
'approve'
""",
    "Determination": """
>>> from pathlib import Path
>>> from priorauth import Determination, determine
>>> (found,) = determine(Path("examples/ask.json").read_bytes())
>>> Determination.from_json(found.to_json()) == found
True
>>> print(found.to_text().splitlines()[0])
REQUEST INFORMATION: 2 things are missing
""",
    "read_glucose": """
>>> from priorauth import read_glucose
>>> log = read_glucose("tests/data/glucose/Clarity_Export_synthetic.csv")
>>> [part.device for part in log.devices]
['cgm']
""",
    "GlucoseLog": """
>>> from priorauth import read_glucose
>>> log = read_glucose("tests/data/glucose/Clarity_Export_synthetic.csv")
>>> sensor = log.of("cgm")
>>> round(sensor.metrics["mean_mg_dl"]), sensor.summary.evidence["mean_mg_dl"].sufficient
(124, True)
""",
    "Catalog": """
>>> from priorauth import Catalog
>>> catalog = Catalog.open()
>>> [version.version for version in catalog.on("2026-11-20", "caresource/insulin-infusion-pump")]
['MP-MM-1316, effective 05/01/2026']
""",
    "PriorAuthError": """
>>> from priorauth import PriorAuthError, determine
>>> try:
...     determine(b"{}")
... except PriorAuthError as refused:
...     print(type(refused).__name__, [fault.message for fault in refused.faults])
InputRefused ['expected resourceType Bundle, found nothing']
""",
    "InputRefused": """
>>> from pathlib import Path
>>> from priorauth import InputRefused, determine
>>> try:
...     determine(Path("examples/ask.json").read_bytes(), as_of="tomorrow")
... except InputRefused as refused:
...     print(refused.faults[0].argument)
as_of
""",
    "PolicyFaults": """
>>> from priorauth import Catalog, PolicyFaults
>>> try:
...     Catalog.open("no-such-folder")
... except PolicyFaults as refused:
...     print(refused)
no-such-folder: expected a folder of policies
""",
    "LedgerRefused": """
>>> from priorauth import LedgerRefused
>>> from priorauth.ledger.store import connect
>>> try:
...     connect("mysql://host/name")
... except LedgerRefused as refused:
...     print(refused)
the database: expected sqlite or postgresql, found mysql
""",
    "LogRefused": """
>>> from priorauth import LogRefused, read_glucose
>>> try:
...     read_glucose("no-such-file.csv")
... except LogRefused as refused:
...     print(refused.faults[0].file)
no-such-file.csv
""",
    "PopulationError": """
>>> from priorauth import PopulationError, PriorAuthError
>>> issubclass(PopulationError, PriorAuthError)
True
""",
    "Fault": """
>>> from priorauth import Fault
>>> str(Fault("2026-01-01.yaml", "line 12", "expected a title"))
'2026-01-01.yaml:12: expected a title'
""",
    "__version__": """
>>> from pathlib import Path
>>> import priorauth
>>> (found,) = priorauth.determine(Path("examples/ask.json").read_bytes())
>>> found.receipt["engine"] == f"priorauth {priorauth.__version__}"
True
""",
}


def fault(text: str) -> SystemExit:
    """Return what ends the tool."""
    return SystemExit(f"tools/api.py: {text}")


# ---- what the source says


def module_of(found: type) -> ModuleType:
    return sys.modules[found.__module__]


def source(found: type) -> ast.ClassDef:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(found))).body
    assert isinstance(node, ast.ClassDef)  # noqa: S101 - it is the source of a class
    return node


def lineage(found: type) -> list[type]:
    """Return a class and those that it extends, the lowest first: of errors the class alone, for all have the same."""
    below = [one for one in found.__mro__[1:] if one.__module__.startswith("priorauth.")]
    return [*([] if issubclass(found, Exception) else reversed(below)), found]


def fields(found: type) -> Iterator[tuple[str, str, str]]:
    """Yield each field with its type as written and what it means, in the order of the source."""
    for one in lineage(found):
        body = source(one).body
        for node, after in zip(body, [*body[1:], None], strict=True):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                if not isinstance(after, ast.Expr) or not isinstance(after.value, ast.Constant):
                    raise fault(f"{one.__module__}.{one.__name__}.{node.target.id} has no meaning below it")
                yield node.target.id, plain(ast.unparse(node.annotation)), str(after.value.value)


def members(found: type) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public methods and properties, in the order of the source."""
    for one in lineage(found):
        for node in source(one).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node.name, node


def signature(name: str, node: ast.FunctionDef) -> str:
    """Return how a function is called, without `self`; of a property, its name and type."""
    kinds = {ast.unparse(one) for one in node.decorator_list}
    returns = ast.unparse(node.returns) if node.returns else ""
    if "property" in kinds:
        return plain(f"{name}: {returns}")
    arguments = node.args
    if arguments.args and arguments.args[0].arg in ("self", "cls"):
        arguments.args = arguments.args[1:]
    return plain(f"{name}({ast.unparse(arguments)}) -> {returns}")


def plain(text: str) -> str:
    """Return a type or a signature as a caller reads it."""
    text = re.sub(r"(?<=[\w\])])=(?=\S)", " = ", text)
    return re.sub(r"\w+", lambda one: PLAIN.get(one[0], one[0]), text)


def written(node: ast.FunctionDef, name: str) -> str:
    """Return the docstring of a function."""
    if not (said := ast.get_docstring(node)):
        raise fault(f"{name} has no docstring")
    return said


def inside(text: str) -> bool:
    """Whether a type as written names a class of the inside."""
    return bool(INSIDE & set(re.findall(r"\w+", text)))


# ---- which classes there are


def named(text: str, module: ModuleType) -> Iterator[object]:
    """Yield what the names in a type stand for in its module."""
    for name in re.findall(r"\w+", text):
        if not hasattr(builtins, name) and (found := getattr(module, name, None)) is not None:
            yield found


def public() -> list[object]:
    return [getattr(priorauth, name) for name in ORDER]


def is_data(found: type) -> bool:
    """Whether a class is ours and has fields."""
    ours = found.__module__.startswith("priorauth.")
    return ours and (issubclass(found, msgspec.Struct | tuple) or is_dataclass(found))


def reached(found: type) -> Iterator[tuple[str, object]]:
    """Yield what the fields and members of a class name: classes of data and closed lists of words."""
    for one in lineage(found):
        texts = [ast.unparse(node.annotation) for node in source(one).body if isinstance(node, ast.AnnAssign)]
        texts += [signature(name, node) for name, node in members(one)]
        for text in texts:
            if not inside(text):
                for name in re.findall(r"\b[A-Z]\w+", text):
                    yield from ((name, thing) for thing in named(name, module_of(one)))


def parts(found: type) -> list[type]:
    """Return the classes that a public class is made of, in the order in which they are met, and below it."""
    met: dict[type, None] = {}
    left = [found]
    while left:
        for _, thing in reached(left.pop(0)):
            if isinstance(thing, type) and is_data(thing) and thing not in met and thing not in public():
                met[thing] = None
                left.append(thing)
    return list(met)


def words(classes: list[type]) -> dict[str, tuple[str, ...]]:
    """Return the closed lists of words that some classes name."""
    found: dict[str, tuple[str, ...]] = {}
    for one in classes:
        for name, thing in reached(one):
            listed = get_args(thing)
            if listed and all(isinstance(word, str) for word in listed):
                found[name] = listed
    return dict(sorted(found.items()))


# ---- the page


def prose(text: str) -> str:
    """Return a docstring as Markdown: its names as code, a link where the page has them."""
    text = re.sub(r":(?:class|func):`(?:priorauth\.)?(\w+)`", lambda one: f"[`{one[1]}`](#{one[1].lower()})", text)
    text = re.sub(r":meth:`(\w+)`", r"`\1`", text)
    return "\n\n".join(" ".join(part.split()) for part in text.replace("``", "`").split("\n\n"))


def call(text: str) -> Iterator[str]:
    """Yield how something is called, in lines that can be read without scrolling."""
    if len(text) > 100 and "(" in text:  # noqa: PLR2004 - as wide as the pages of commands
        head, _, rest = text.partition("(")
        body, _, tail = rest.rpartition(")")
        yield f"    {head}("
        yield from (f"        {one}," for one in re.split(r", (?![^\[]*\])", body))
        yield f"    ){tail}"
    else:
        yield f"    {text}"


def of_class(found: type, title: str, level: str) -> Iterator[str]:
    """Yield the section of a class."""
    yield from (f"{level} {title}", "")
    if not found.__doc__ or "__doc__" not in vars(found):
        raise fault(f"{title} has no docstring")
    yield from (prose(inspect.cleandoc(found.__doc__)), "")
    shown = [(name, kind, said) for name, kind, said in fields(found) if not inside(kind)]
    yield from (f"* `{name}: {kind}`. {prose(said)}" for name, kind, said in shown)
    if shown:
        yield ""
    for name, node in members(found):
        said, how = written(node, f"{title}.{name}"), signature(name, node)
        if not inside(how):
            of = found.__name__ if any(ast.unparse(one) == "classmethod" for one in node.decorator_list) else ""
            yield from (*call(f"{of}.{how}"), "", prose(said), "")


def section(name: str) -> Iterator[str]:
    """Yield the section of a public name, with its example and the classes that it is made of."""
    found = getattr(priorauth, name)
    if isinstance(found, type):
        yield from of_class(found, name, "##")
    elif inspect.isfunction(found):
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(found))).body
        assert isinstance(node, ast.FunctionDef)  # noqa: S101 - it is the source of a function
        yield from (f"## {name}", "", *call(signature(name, node)), "", prose(written(node, name)), "")
    else:
        yield from (f"## {name}", "", "The version of priorauth, as every receipt names it.", "")
    if name not in EXAMPLES:
        raise fault(f"{name} has no example")
    yield from ("```pycon", EXAMPLES[name].strip(), "", "```", "")


def api() -> str:
    """Return the whole reference."""
    if missing := set(priorauth.__all__) ^ set(ORDER):
        raise fault(f"ORDER and the public names differ: {', '.join(sorted(missing))}")
    lines: list[str] = []
    shown: dict[type, str] = {}
    for name, found in zip(ORDER, public(), strict=True):
        lines += section(name)
        for part in parts(found) if isinstance(found, type) else ():
            if part not in shown:
                taken = any(one.__name__ == part.__name__ for one in shown)
                shown[part] = f"{part.__name__} of {name}" if taken else part.__name__
                lines += of_class(part, shown[part], "###")
    lines += ["## Words", ""]
    listed = words([one for one in (*public(), *shown) if isinstance(one, type)])
    lines += [
        f"* `{name}`: {', '.join(f'`{word}`' if word else 'empty' for word in said)}" for name, said in listed.items()
    ]
    return "\n".join(lines)


def filled(text: str) -> str:
    """Return the page with the reference of today behind its mark."""
    head, _, _ = text.partition(MARK)
    return f"{head}{MARK}\n\n{api()}\n"


def main() -> int:
    """Rewrite the page, or say whether it is stale."""
    text = PAGE.read_text("utf-8")
    if "--check" in sys.argv:
        return int(filled(text) != text)
    PAGE.write_text(filled(text), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
