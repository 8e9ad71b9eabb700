"""What a run and a comparison are asked: read once, refused alike."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from priorauth.cli.population import asked
from priorauth.errors import InputRefused

QUESTION = asked.Question(Path("tables"), "masshealth/insulin-pumps", None, None, (), (), (), "run")


def test_options_become_one_question_and_the_others_are_handed_on() -> None:
    from priorauth.cli.population.run import command

    kept: dict[str, object] = {}

    def run(question: asked.Question, **others: object) -> int:
        kept.update(others, question=question)
        return 7

    words = ["dir", "--policy", "x/y", "--plan", "p", "--reading", "a=1", "--suppose", "b=2", "--sql"]
    with command.make_context("run", words) as context:
        assert context.invoke(asked.gathered(run), **context.params) == 7
    assert kept.pop("question") == asked.Question(Path("dir"), "x/y", None, "p", (("a", "1"),), ("b=2",), (), "run")
    assert kept == {"out": None, "pathway": None, "verdicts": False, "sql": True, "spark": None, "as_json": False}


def test_a_machine_without_duckdb_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "priorauth.population.run", None)
    monkeypatch.delattr("priorauth.population.run", raising=False)
    with pytest.raises(InputRefused, match=r"^priorauth population run needs DuckDB and pyarrow: pip install"):
        QUESTION.query(QUESTION.catalog(with_readings=False), QUESTION.policy)


def test_readings_are_left_out_where_they_are_what_is_compared() -> None:
    other = asked.Question(Path("tables"), QUESTION.policy, None, None, (("hba1c_age", "6 months"),), (), (), "compare")
    assert not other.catalog(with_readings=False).overrides
    assert other.catalog(with_readings=True).overrides == {"hba1c_age": "6 months"}


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        (duckdb.OutOfMemoryException("x"), MemoryError, "^$"),
        (duckdb.IOException("John Doe"), InputRefused, r"none: the tables cannot be read \(IOException\)"),
        (pa.ArrowInvalid("John Doe"), InputRefused, r"none: the tables cannot be read \(ArrowInvalid\)"),
        (ValueError("said"), InputRefused, "^said$"),
        (OSError(28, "No space left on device"), OSError, "No space"),
    ],
)
def test_what_is_wrong_with_tables_is_said_without_what_is_in_them(
    fault: Exception, kind: type[Exception], said: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=said) as raised, asked.readable(tmp_path / "none"):
        raise fault
    assert "John" not in str(raised.value)
