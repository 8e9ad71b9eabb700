"""Manifests: without one that this program wrote with this vocabulary, no population is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.cli.main import main
from priorauth.facts import vocabulary
from priorauth.population import manifest, tables
from priorauth.synthetic.write import Plan, synthesize
from tests import asking

POLICY = "masshealth/insulin-pumps"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tables.write_cases(tmp_path / "tables", [("Patient/1", asking.case("motivated: yes"))])
    return tmp_path / "tables"


def run(folder: Path, *words: str) -> int:
    return main(["population", "run", str(folder), "--policy", POLICY, "--out", str(folder.parent / "x"), *words])


def test_tables_with_their_manifest_are_opened(folder: Path) -> None:
    manifest.opened(folder)
    assert run(folder) == 0


def test_a_manifest_tells_how_many_members_there_are(folder: Path) -> None:
    assert manifest.members(folder) == 1


def test_the_hash_is_that_of_the_vocabulary_as_loaded() -> None:
    assert manifest.known() == vocabulary.load().sha256


def spoil(folder: Path, how: str) -> None:
    path = folder / "manifest.json"
    if how == "gone":
        path.unlink()
    elif how == "begun":
        path.unlink()
        (folder / ".work").mkdir()
    elif how == "torn":
        path.write_bytes(path.read_bytes()[:20])
    else:
        kept = json.loads(path.read_bytes())
        path.write_text(json.dumps(kept | ({"format": 1} if how == "old" else {"vocabulary": "0" * 64})))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("gone", "expected the tables of a population and the manifest.json of its ingest; there is none"),
        ("begun", "an ingest was begun there and is not finished"),
        ("torn", "expected the manifest of an ingest"),
        ("old", "was ingested by another version of the program or its vocabulary"),
        ("other", "was ingested by another version of the program or its vocabulary"),
    ],
)
@pytest.mark.parametrize("command", ["run", "compare"])
def test_every_command_refuses_any_other_folder_in_one_line(
    command: str, how: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(folder, how)
    if command == "run":
        assert run(folder) == 2
    else:
        words = ["--policy", POLICY, "--reading", "recurring_hypoglycemia_days=3"]
        assert main(["population", "compare", str(folder), *words]) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""
    assert not (folder.parent / "x").exists()


def test_an_export_is_no_population(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    synthesize(Plan(3, tmp_path / "export"), jobs=1)
    assert run(tmp_path / "export") == 2
    assert "an export has to be ingested first" in capsys.readouterr().err
