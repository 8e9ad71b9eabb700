"""Every SHALL of the guides is shown by a test or has a reason, and the page says so."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tools import conformance

FIRST = "set,id,level,conditional,statement\n"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Make a project of three requirements and a test that shows one of them."""
    (tmp_path / "data").mkdir()
    (tmp_path / "tests").mkdir()
    rows = ["PAS 2.2.1 — PAS Payer,spec-1,SHALL,,One", "CDS Hooks 2.0 — Service,16,SHALL,yes,Two"]
    rows.append("CDS Hooks Library 1.0.1 — Server,16,SHALL NOT,,Three | four")
    (tmp_path / "data" / "requirements.csv").write_text(FIRST + "\n".join(rows) + "\n", "utf-8")
    said(tmp_path, 'reason: "PAS 2.2.1/spec-1"')
    return tmp_path


def said(made: Path, *lines: str) -> None:
    """Mark the one test with keys: what stands behind ``reason:``."""
    keys = ", ".join(line.partition(": ")[2] for line in lines)
    text = f"""
    import pytest

    @pytest.mark.shall({keys})
    def test_that_it_is_so() -> None:
        assert True
    """
    (made / "tests" / "test_one.py").write_text(dedent(text), "utf-8")


def excused(made: Path, text: str, name: str = "one") -> None:
    (made / "data" / f"{name}.yaml").write_text(text, "utf-8")


def faults(made: Path) -> list[str]:
    return conformance.account(made / "tests", made / "data").faults


REST = '"CDS Hooks/16": {not-ours: of clients}\n"CDS Hooks Library/16": {optional-not-taken: no prefetch}\n'


def test_every_requirement_is_accounted_for() -> None:
    assert conformance.account().faults == []


def test_the_page_is_not_stale() -> None:
    assert conformance.PAGE.read_text("utf-8") == conformance.page(conformance.account())


def test_a_mark_may_name_several_in_a_tuple(made: Path) -> None:
    said(made, 'a: *("PAS 2.2.1/spec-1", "CDS Hooks/16")')
    excused(made, '"CDS Hooks Library/16": {optional-not-taken: no prefetch}\n')
    assert faults(made) == []


def test_there_are_as_many_requirements_as_keys() -> None:
    found = conformance.requirements()
    assert len(found) == len({one.key for one in found}) == 554


def test_what_is_shown_or_excused_is_no_fault(made: Path) -> None:
    excused(made, REST)
    found = conformance.account(made / "tests", made / "data")
    assert found.faults == []
    text = conformance.page(found)
    assert "| all | 3 | 1 | 1 | 1 | 0 |" in text
    assert "`tests/test_one.py::test_that_it_is_so`" in text
    assert "| 16 | SHALL NOT | Three \\| four | optional not taken: no prefetch |" in text


def test_a_requirement_that_nothing_accounts_for_is_a_fault(made: Path) -> None:
    excused(made, REST.partition("\n")[0])
    (fault,) = faults(made)
    assert fault.startswith("CDS Hooks Library/16: no test shows it")


@pytest.mark.parametrize(("keys", "what"), [('"PAS 2.2.1/spec-0"', "PAS 2.2.1/spec-0"), ("KEY", "not a literal")])
def test_a_mark_that_names_no_requirement_is_a_fault(made: Path, keys: str, what: str) -> None:
    excused(made, REST)
    said(made, 'a: "PAS 2.2.1/spec-1"', f"b: {keys}")
    (fault,) = faults(made)
    assert fault == f"tests/test_one.py::test_that_it_is_so: its mark names no requirement: {what}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('"PAS 2.2.1/spec-1": {not-ours: a reason}', "one.yaml: PAS 2.2.1/spec-1: not-ours, and shown by"),
        ('"PAS 2.2.1/spec-0": {not-ours: a reason}', "one.yaml: names no requirement: PAS 2.2.1/spec-0"),
        ('"CDS Hooks/16": {not-ours: ""}', "one.yaml: CDS Hooks/16: expected not-ours or optional-not-taken"),
        ('"CDS Hooks/16": {never: a reason}', "one.yaml: CDS Hooks/16: expected not-ours or optional-not-taken"),
        ('"CDS Hooks/16": a reason', "one.yaml: CDS Hooks/16: expected not-ours or optional-not-taken"),
    ],
)
def test_an_excuse_that_cannot_stand_is_a_fault(made: Path, text: str, what: str) -> None:
    excused(made, text)
    assert [one for one in faults(made) if one.startswith(what)]


def test_two_files_that_differ_on_a_requirement_are_a_fault(made: Path) -> None:
    excused(made, REST)
    excused(made, '"CDS Hooks/16": {optional-not-taken: because}\n', "two")
    assert faults(made) == ["two.yaml: CDS Hooks/16: one.yaml says not-ours of it"]


def test_marks_of_modules_classes_and_parameters_are_found() -> None:
    text = """
    import pytest

    pytestmark = [pytest.mark.slow, pytest.mark.shall("a/1")]

    class TestOne:
        @pytest.mark.shall("a/2", "a/3")
        def test_two(self) -> None: ...

    @pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.shall("a/4"))])
    def test_three(x: int) -> None: ...
    """
    found = list(conformance.marks(dedent(text), "m.py"))
    assert found == [
        ("a/1", "m.py"),
        ("a/2", "m.py::TestOne::test_two"),
        ("a/3", "m.py::TestOne::test_two"),
        ("a/4", "m.py::test_three"),
    ]
