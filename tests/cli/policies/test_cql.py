"""``priorauth policies cql``: one library on standard output, or all that an engine needs in a folder."""

from __future__ import annotations

from pathlib import Path

from priorauth.version import __version__
from tests.cli.running import Capture, printed, refusal
from tests.policy.files import folder, require

NCD = "medicare/ncd-280-14"


def test_it_prints_the_newest_version(capsys: Capture) -> None:
    text = printed(capsys, "policies", "cql", "caresource/insulin-infusion-pump")
    assert "\nlibrary CaresourceInsulinInfusionPump version '2026-05-01'\n" in text
    assert printed(capsys, "policies", "cql", "caresource/insulin-infusion-pump@2026-05-01") == text
    assert printed(capsys, "policies", "cql", "caresource/insulin-infusion-pump@2025-02-26") != text


def test_into_a_folder_it_writes_all_that_an_engine_needs(tmp_path: Path, capsys: Capture) -> None:
    named = {
        Path(line).name for line in printed(capsys, "policies", "cql", NCD, "--into", tmp_path / "new").splitlines()
    }
    assert named == {"MedicareNcd28014.cql", "PriorAuth.cql", "CodedFacts.cql"}
    assert {path.name for path in (tmp_path / "new").iterdir()} == named


def test_the_shared_libraries_bear_the_version_of_priorauth_and_all_name_one(tmp_path: Path, capsys: Capture) -> None:
    printed(capsys, "policies", "cql", NCD, "--into", tmp_path)
    texts = {path.stem: path.read_text("utf-8") for path in tmp_path.iterdir()}
    for name in ("PriorAuth", "CodedFacts"):
        assert f"\nlibrary {name} version '{__version__}'\n" in texts[name]
    for name in ("MedicareNcd28014", "CodedFacts"):
        assert f"\ninclude PriorAuth version '{__version__}' called PA\n" in texts[name]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "file").write_text("")
    assert refusal(capsys, "policies", "cql", NCD, "--into", tmp_path / "file").startswith(f"--into: {tmp_path}/file: ")


def test_a_folder_of_policies_is_not_written_into(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path)
    words = ("policies", "cql", "payer-x/pumps", "--policies", tmp_path, "--into", tmp_path / "payer-x")
    assert "expected an output" in refusal(capsys, *words)


def test_a_policy_that_is_not_there_is_refused(capsys: Capture) -> None:
    assert refusal(capsys, "policies", "cql", "x/y").startswith("no policy is named 'x/y'; expected one of anthem/")


def test_a_number_that_cql_cannot_hold_is_refused(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path, require("id: '1'\ntitle: Often\nwhen: count of hypoglycemia > 3000000000"))
    assert refusal(capsys, "policies", "cql", "payer-x/pumps", "--policies", tmp_path).startswith(
        "payer-x/pumps: 3000000000: expected a whole number that fits"
    )


def test_a_text_that_was_not_read_has_no_library(capsys: Capture) -> None:
    assert "the text is known and was not read" in refusal(
        capsys, "policies", "cql", "masshealth/insulin-pumps@2026-11-28"
    )
