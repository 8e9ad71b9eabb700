"""``priorauth determine``: three shapes on standard output, refusals on standard error, nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from priorauth.cli import determine as command
from priorauth.cli.main import main
from tests.cli.running import asked, printed, refusal
from tests.documents.letters import beside, paper, pdf, signed
from tests.policy import files

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
Bundle = dict[str, Any]
Capture = pytest.CaptureFixture[str]


def bundle(name: str = "approve") -> Bundle:
    found: Bundle = json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))
    return found


def resource(made: Bundle, kind: str) -> Bundle:
    found: Bundle = next(entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == kind)
    return found


def test_json_is_the_shape_of_the_contract(capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "approve.json"), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert {
        "claim",
        "item",
        "sequence",
        "policy",
        "pathway",
        "as_of",
        "outcome",
        "reasons",
        "criteria",
        "questions",
    } <= set(found)
    assert {"conflicts", "assumed", "notes", "decide_after", "grants", "receipt"} <= set(found)
    assert found["outcome"] == "approve"
    assert found["grants"] == {"months": 3}


def test_fhir_is_a_bundle_with_a_claim_response(capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "approve.json"), "--format", "fhir"]) == 0
    assert json.loads(capsys.readouterr().out)["entry"][0]["resource"]["resourceType"] == "ClaimResponse"


def test_an_earlier_day_counts_windows_from_there(capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "approve.json"), "--as-of", "2025-07-01", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert (found["as_of"], found["outcome"], found["decide_after"]) == (
        "2025-07-01",
        "not-yet",
        "2025-12-09",
    )  # adjusting doses since three weeks before


def test_a_reading_can_be_overridden_and_the_receipt_shows_it(capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "ask.json"), "--reading", "hba1c_age=24 months", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert found["receipt"]["readings"]["hba1c_age"] == "24 months"
    assert "hba1c" not in [question["fact"] for question in found["questions"]]


def _no_claim(made: Bundle) -> None:
    made["entry"] = [entry for entry in made["entry"] if entry["resource"]["resourceType"] != "Claim"]


def _not_a_bundle(made: Bundle) -> None:
    made["resourceType"] = "Parameters"


def _two_patients(made: Bundle) -> None:
    other = {**resource(made, "Patient"), "id": "other"}
    made["entry"].append({"fullUrl": "https://clinic.example.org/fhir/Patient/other", "resource": other})


def _another_patients_result(made: Bundle) -> None:
    resource(made, "Observation")["subject"] = {"reference": "Patient/somebody-else"}


def _dangling_coverage(made: Bundle) -> None:
    resource(made, "Claim")["insurance"][0]["coverage"] = {"reference": "Coverage/nowhere"}


FAULTS: tuple[Callable[[Bundle], None], ...] = (
    _no_claim,
    _not_a_bundle,
    _two_patients,
    _another_patients_result,
    _dangling_coverage,
)


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda spoil: spoil.__name__.strip("_"))
def test_bad_input_is_refused_in_one_clear_line_each(
    spoil: Callable[[Bundle], None], tmp_path: Path, capsys: Capture
) -> None:
    made = bundle()
    spoil(made)
    path = tmp_path / "case.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["determine", str(path)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.strip()
    assert all("case.json" in line or ":" in line for line in told.err.strip().splitlines())
    assert "Traceback" not in told.err


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "not json", '{"resourceType": "Bundle"}', "[" * 10_000])
def test_what_is_no_bundle_is_refused(text: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    assert main(["determine", str(path)]) == 2
    told = capsys.readouterr()
    assert (told.out, "Traceback" in told.err) == ("", False)
    assert len(told.err.strip().splitlines()) >= 1


def test_a_file_that_is_not_there_is_named(capsys: Capture) -> None:
    assert main(["determine", "/nowhere/case.json"]) == 2
    assert "/nowhere/case.json: cannot be read" in capsys.readouterr().err


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    with path.open("wb") as stream:
        stream.truncate(command.MAX_BYTES + 1)
    assert main(["determine", str(path)]) == 2
    assert "expected at most" in capsys.readouterr().err


def test_an_unknown_policy_day_and_reading_are_refused(capsys: Capture) -> None:
    case = str(EXAMPLES / "approve.json")
    for options in (["--policy", "no/such"], ["--as-of", "2026-13-01"], ["--reading", "no_such=3"], ["--reading", "x"]):
        assert main(["determine", case, *options]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.strip().splitlines()) == 1


def test_a_wrong_unit_is_unknown_and_never_met(tmp_path: Path, capsys: Capture) -> None:
    made = bundle()
    for entry in made["entry"]:
        if entry["resource"].get("id", "").startswith("a1c"):
            entry["resource"]["valueQuantity"].update(unit="kg", code="kg")
    path = tmp_path / "case.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["determine", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert found["outcome"] == "request-information"
    assert "hba1c" in [question["fact"] for question in found["questions"]]


@pytest.mark.parametrize(("change", "said"), [("product", "speaks about product"), ("payer", "no policy here")])
def test_an_unknown_product_or_payer_is_not_applicable(change: str, said: str, tmp_path: Path, capsys: Capture) -> None:
    made = bundle()
    if change == "product":
        resource(made, "Claim")["item"][0]["productOrService"]["coding"][0]["code"] = "E9999"
    else:
        resource(made, "Organization")["identifier"][0]["value"] = "another-payer"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["determine", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert found["outcome"] == "not-applicable"
    assert any(said in note for note in found["notes"])


def test_an_answer_that_is_no_fact_is_ignored_and_named(tmp_path: Path, capsys: Capture) -> None:
    made = bundle()
    resource(made, "QuestionnaireResponse")["item"].append(
        {"linkId": "favorite_color", "answer": [{"valueString": "blue"}]}
    )
    path = tmp_path / "case.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["determine", str(path), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["determinations"][0]
    assert found["outcome"] == "approve"
    assert any("favorite_color" in warning for warning in found["warnings"])


EDGE = EXAMPLES.parent / "tests" / "edge" / "uhc-drug-and-route-not-stated.json"


@pytest.mark.parametrize(
    "raw",
    [(EXAMPLES / "ask.json").read_bytes(), json.dumps(json.loads(EDGE.read_bytes())["bundle"]).encode()],
    ids=["example", "two attributes of which one is asked first"],
)
def test_standard_input_and_a_real_process_give_the_same_bytes(raw: bytes) -> None:
    asked = [sys.executable, "-m", "priorauth.cli.main", "determine", "-", "--format", "json"]
    runs = [
        subprocess.run(
            asked, input=raw, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        ).stdout
        for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"))
    ]
    assert runs[0] == runs[1]
    assert json.loads(runs[0])["determinations"][0]["outcome"] == "request-information"


def test_full_prints_the_page_with_every_criterion(capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "ask.json"), "--format", "text"]) == 0
    brief = capsys.readouterr().out
    for args in (["--full"], ["--format", "text", "--full"]):
        assert main(["determine", str(EXAMPLES / "ask.json"), *args]) == 0
        full = capsys.readouterr().out
        assert full.startswith(brief[: brief.index("Receipt")])
        assert "Marks: + shown" in full


@pytest.mark.parametrize("shape", ["json", "fhir"])
def test_full_goes_with_text_alone(shape: str, capsys: Capture) -> None:
    assert main(["determine", str(EXAMPLES / "ask.json"), "--format", shape, "--full"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"--full: goes with --format text alone, found --format {shape}\n")


def test_standard_input_too_large_is_refused() -> None:
    ran = subprocess.run(
        ["bash", "-c", f"head -c {command.MAX_BYTES + 1} /dev/zero | '{sys.executable}' -m priorauth determine -"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, b"", b"-: expected at most 200,000,000 bytes\n")
    ran = subprocess.run(
        ["bash", "-c", f"head -c {command.MAX_BYTES} /dev/zero | '{sys.executable}' -m priorauth determine -"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert b"expected at most" not in ran.stderr


def test_a_folder_of_policies_is_laid_over_the_shipped_ones(tmp_path: Path, capsys: Capture) -> None:
    """The small policy asks for nothing but an HbA1c above 7.0 %."""
    case = EXAMPLES / "ask.json"
    files.folder(tmp_path)
    own = ("--policies", tmp_path, "--policy", "payer-x/pumps", "--format", "json")
    (found,) = json.loads(printed(capsys, "determine", case, *own))["determinations"]
    assert found["policy"]["id"] == "payer-x/pumps"
    assert [one["id"] for one in found["criteria"]][:1] == ["1"]
    assert refusal(capsys, "determine", case, *own[2:]).startswith("no policy is named 'payer-x/pumps'")
    (shipped,) = json.loads(printed(capsys, "determine", case, "--policies", tmp_path, "--format", "json"))[
        "determinations"
    ]
    assert shipped["policy"]["id"] == "masshealth/insulin-pumps"


def test_a_draft_is_decided_only_as_a_check(tmp_path: Path, capsys: Capture) -> None:
    made = bundle()
    resource(made, "Claim")["status"] = "draft"
    path = tmp_path / "case.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert "draft" in refusal(capsys, "determine", path)
    (found,) = json.loads(printed(capsys, "determine", path, "--draft", "--format", "json"))["determinations"]
    assert found["check"] is True


def test_judgments_are_read_beside_the_case(tmp_path: Path, capsys: Capture) -> None:
    """A clinician of the payer settles a criterion of the worked case that has a conflict."""
    judged = tmp_path / "judgments.json"
    judged.write_text("{}", encoding="utf-8")
    code, out, err = asked(capsys, "determine", EXAMPLES / "conflict.json", "--judgments", judged)
    assert (code, out) == (2, "")
    assert err.startswith("judgments.json: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reading", "x"), "--reading: expected NAME=VALUE, found 'x'\n"),
        (("--as-of", "2026"), "--as-of: expected a full date (YYYY-MM-DD), found '2026'\n"),
        (("--format", "xml"), "--format: expected one of text, json, fhir, found 'xml'\n"),
        (("--dates", "dym"), "--dates: expected one of dmy, mdy, ymd, found 'dym'\n"),
    ],
)
def test_a_value_that_is_none_is_one_line(words: tuple[str, ...], said: str, capsys: Capture) -> None:
    assert refusal(capsys, "determine", EXAMPLES / "approve.json", *words) == said


def letters(tmp_path: Path, *files: bytes) -> Path:
    """Write the example with files that came with it."""
    made = bundle()
    papers = [paper(made, file, f"letter-{place}") for place, file in enumerate(files)]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(beside(made, *papers)), "utf-8")
    return path


LETTER = pdf(signed("Approve Synthetic", "03/14/1987", "11/17/2026", ("Her HbA1c today was 6.2 %.",)))


def test_the_letters_of_a_case_are_read_and_what_they_say_waits_for_a_person(tmp_path: Path, capsys: Capture) -> None:
    path = letters(tmp_path, LETTER, b"GIF89a\0\0")
    assert main(["determine", str(path), "--format", "text"]) == 0
    said = capsys.readouterr()
    assert 'on file: a document says: "HbA1c today was 6.2 %" (page 1), not confirmed' in said.out
    (line,) = said.err.splitlines()
    assert line.startswith("DocumentReference/letter-1: ")


def test_no_documents_leaves_the_letters_unread(tmp_path: Path, capsys: Capture) -> None:
    path = letters(tmp_path, LETTER)
    assert main(["determine", str(path), "--no-documents", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["determinations"][0]["outcome"] == "approve"
    assert said.err == ""


def test_of_a_case_that_is_refused_no_letter_is_read(tmp_path: Path, capsys: Capture) -> None:
    made = json.loads(letters(tmp_path, LETTER).read_text("utf-8"))
    _no_claim(made)
    path = tmp_path / "none.json"
    path.write_text(json.dumps(made), "utf-8")
    assert main(["determine", str(path)]) == 2
    assert "expected a Claim" in capsys.readouterr().err
