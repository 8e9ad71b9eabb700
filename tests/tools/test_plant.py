"""Planted faults are data: read strictly, planted where they say, taken back, and counted by room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import plant

ROOT = Path(__file__).parent.parent.parent
ROOMS = {
    "assurance", "cli", "decide", "engines_cql", "engines_python", "engines_solver", "engines_sql", "exchange",
    "exchange_crd", "exchange_dtr", "exchange_guard", "exchange_pas", "exchange_subscriptions", "export", "facts",
    "fhir", "glucose", "language", "ledger", "letters", "policies", "policy", "population", "record", "server",
    "synthetic", "values",
}  # fmt: skip


ONE = plant.Fault("values", "values/truth.py", "a < b", "a <= b", "the edge counts")


@pytest.fixture(name="tree")
def _tree(tmp_path: Path) -> Path:
    file = tmp_path / ONE.path
    file.parent.mkdir(parents=True)
    file.write_text("held = a < b\n", encoding="utf-8")
    return tmp_path


def test_every_room_has_faults_each_with_its_reason_and_there_are_hundreds() -> None:
    listed = plant.faults()
    assert {one.room for one in listed} == ROOMS
    assert len(listed) >= 550
    assert all(one.why and one.new != one.old for one in listed)
    assert len({one.key for one in listed}) == len(listed)


def test_a_fault_that_lacks_a_part_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "values.yaml").write_text("- {file: values/truth.py, old: a, new: b}\n", encoding="utf-8")
    monkeypatch.setattr(plant, "FAULTS", tmp_path)
    with pytest.raises(plant.Wrong, match=r"values\.yaml: expected file, old, new and why"):
        plant.faults()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old": "a > b"}, "stands 0 times"),
        ({"old": " "}, "stands 4 times"),
        ({"new": "a < b"}, "changes nothing"),
        ({"file": "values/none.py"}, "no such file"),
    ],
)
def test_a_fault_stands_once_in_its_file_and_changes_it(tree: Path, change: dict[str, str], said: str) -> None:
    assert list(plant.misplaced([ONE], tree)) == []
    (found,) = plant.misplaced([ONE._replace(**change)], tree)
    assert found.endswith(said)


def test_a_fault_is_planted_for_a_while_and_what_was_compiled_goes(tree: Path) -> None:
    file = tree / ONE.path
    compiled = file.parent / "__pycache__" / "truth.cpython-311.pyc"
    compiled.parent.mkdir()
    compiled.write_bytes(b"")
    with plant.planted(ONE, tree):
        assert file.read_text("utf-8") == "held = a <= b\n"
        assert not compiled.exists()
    assert file.read_text("utf-8") == "held = a < b\n"


def test_tests_are_run_from_near_to_far_and_none_twice(tree: Path) -> None:
    for name in ("values/test_truth.py", "values/test_dates.py", "facts/test_rows.py"):
        (tree / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / "tests" / name).touch()
    wider = {
        "values/": ["tests/values/test_truth.py", "tests/values/test_dates.py"],
        "values": ["tests/values/test_dates.py", "tests/facts/test_rows.py", "tests/none.py"],
        "values/truth.py": ["tests/facts/test_rows.py"],
    }
    assert plant.stages(ONE, wider, tree) == [
        ["tests/values/test_truth.py"], ["tests/values/test_dates.py"], ["tests/facts/test_rows.py"],
    ]  # fmt: skip
    (tree / "tests" / "values" / "test_truth.py").unlink()
    assert plant.stages(ONE, wider, tree)[0] == ["tests/facts/test_rows.py"]


def test_the_table_has_the_share_of_each_room_and_names_what_was_not_caught() -> None:
    two = ONE._replace(old="x", why="the other edge")
    three = ONE._replace(room="facts", old="y")
    results = {one.key: plant.Found(by, 1.0) for one, by in ((ONE, "tests/t.py::t"), (two, ""), (three, "(late)"))}
    text = plant.table([ONE, two, three], results)
    assert "| values | 2 | 1 | 50 % |" in text
    assert "| facts | 1 | 1 | 100 % |" in text
    assert "| all | 3 | 2 | 67 % |" in text
    assert text.endswith("* `values/truth.py`: `x` becomes `a <= b`: the other edge")


def test_a_room_that_was_not_run_here_keeps_its_row_and_its_survivors() -> None:
    two = ONE._replace(room="facts", file="facts/rows.py", old="x")
    page = plant.table([ONE, two], {ONE.key: plant.Found("", 1.0), two.key: plant.Found("", 1.0)})
    text = plant.table([ONE, two], {ONE.key: plant.Found("tests/t.py::t", 1.0)}, page)
    assert "| values | 1 | 1 | 100 % |" in text
    assert "| facts | 1 | 0 | 0 % |" in text
    assert "| all | 2 | 1 | 50 % |" in text
    assert text.endswith(f"Not caught:\n\n{plant.survivor(two)}")


def test_a_room_of_which_a_part_was_run_here_keeps_its_row_too() -> None:
    two = ONE._replace(old="x")
    page = plant.table([ONE, two], {ONE.key: plant.Found("t", 1.0), two.key: plant.Found("", 1.0)})
    assert plant.table([ONE, two], {ONE.key: plant.Found("", 1.0)}, page) == page
