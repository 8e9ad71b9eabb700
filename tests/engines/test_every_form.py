"""Every engine, and whatever speaks of forms, branches on every form of the language; what lacks one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.language import forms as f
from tests.engines.branches import branches, forms, missing

PACKAGE = Path(__file__).parents[2] / "src" / "priorauth"
FORMS = PACKAGE / "language" / "forms.py"
ENGINES = ("python", "sql", "cql", "solver")
SAME = ("view", "windows", "measures", "states", "leaf", "tree", "outcome")
"""The modules that every engine has."""
SPEAK = {
    "in English": PACKAGE / "language" / "english.py",
    "tersely": PACKAGE / "language" / "terse.py",
    "to the checker and to whoever lists its parts": PACKAGE / "language" / "traits.py",
}
PLANTED = """

class Planted(Struct, frozen=True, gc=False):
    fact: str


Counted = Counted | Planted
Form = Form | Planted
"""


def modules(engine: str) -> list[Path]:
    return [PACKAGE / "engines" / engine / f"{name}.py" for name in SAME]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_the_same_modules(engine: str) -> None:
    assert [path.name for path in modules(engine) if not path.is_file()] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_branches_on_every_form(engine: str) -> None:
    assert missing(forms(FORMS), modules(engine)) == []


@pytest.mark.parametrize("path", SPEAK.values(), ids=SPEAK)
def test_a_form_is_spoken(path: Path) -> None:
    assert missing(forms(FORMS), [path]) == []


def test_the_forms_are_those_of_the_language() -> None:
    assert set(forms(FORMS).lines) == {form.__name__ for form in f.Form.__args__}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_form_that_an_engine_lacks_is_named_with_file_and_line(engine: str, tmp_path: Path) -> None:
    planted = tmp_path / "forms.py"
    planted.write_text(FORMS.read_text("utf-8") + PLANTED, encoding="utf-8")
    (fault,) = missing(forms(planted), modules(engine))
    line = planted.read_text("utf-8").splitlines().index("class Planted(Struct, frozen=True, gc=False):") + 1
    place, _, said = fault.partition(": ")
    assert said == f"no branch for Planted, forms.py:{line}"
    module, _, at = place.partition(":")
    assert module in (f"{engine}/measures.py", f"{engine}/leaf.py")
    text = (PACKAGE / "engines" / module).read_text("utf-8").splitlines()[int(at) - 1]
    assert text.lstrip().startswith("match ") or text.endswith("= {")


def test_a_branch_that_is_taken_away_is_missed(tmp_path: Path) -> None:
    copied = []
    for path in modules("python"):
        text = path.read_text("utf-8").replace("case f.Spaced()", "case f.Other()").replace("f.Spaced", "f.Counted")
        copied.append(tmp_path / path.name)
        copied[-1].write_text(text, encoding="utf-8")
    assert [fault.partition("no branch for ")[2].partition(",")[0] for fault in missing(forms(FORMS), copied)] == [
        "Spaced"
    ]


def test_a_name_that_joins_forms_is_no_branch(tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text(
        "from priorauth.language import forms as g\n\n"
        "def of(form):\n    if isinstance(form, g.Counted):\n        return 1\n"
        "    return isinstance(form, g.Gap | g.On)\n",
        encoding="utf-8",
    )
    assert list(branches(module, frozenset(forms(FORMS).lines))) == [(4, frozenset()), (6, frozenset({"Gap", "On"}))]
