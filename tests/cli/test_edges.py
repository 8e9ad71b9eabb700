"""The edges of the program: what is no input, or cannot go out, is one line and an exit code, and nothing steers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from priorauth.population import tables
from tests import asking
from tests.cli.running import Capture, asked, misuse, refusal
from tests.policy import files

ROOT = Path(__file__).resolve().parent.parent.parent
APPROVE = ROOT / "examples" / "approve.json"
RAW = ROOT / "tests" / "edge" / "raw"
HOSTILE_FOLDER = ROOT / "tests" / "fixtures" / "policy-sql-in-criterion-id"
ESCAPE = "\x1b[2J\u202e\x9b"
LOG = "timestamp,meter glucose (mg/dL)\n2026-10-01 08:00,120\n"


# ---- what comes in


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_001)


WRONG: dict[str, Callable[[Path], object]] = {
    "cut": lambda path: path.write_bytes(APPROVE.read_bytes()[:20_000]),
    "empty": lambda path: path.write_bytes(b""),
    "empty-bundle": lambda path: path.write_text('{"resourceType": "Bundle", "type": "collection"}'),
    "list": lambda path: path.write_text("[]"),
    "number": lambda path: path.write_text("7"),
    "text": lambda path: path.write_text('"x"'),
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "zeros": lambda path: path.symlink_to("/dev/zero"),
    "chance": lambda path: path.symlink_to("/dev/random"),
    "huge": sparse,
    "nothing": lambda path: path,
    "below-a-file": lambda path: path.symlink_to(APPROVE / "x"),
    "circle": lambda path: path.symlink_to(path),
    "bytes": lambda path: path.write_bytes(bytes(range(256)) * 10),
    "twice": lambda path: path.write_bytes(APPROVE.read_bytes().replace(b'"status"', b'"status": "x", "status"', 1)),
    "latin-1": lambda path: path.write_bytes(APPROVE.read_bytes().replace(b'"text"', b'"t\xe9xt"', 1) + b'"\xe9"'),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_case_that_is_no_case_is_refusal(tmp_path: Path, wrong: str, capsys: Capture) -> None:
    WRONG[wrong](tmp_path / wrong)
    assert refusal(capsys, "determine", tmp_path / wrong).split(":")[0].endswith(wrong)


@pytest.mark.parametrize("wrong", [name for name in WRONG if name != "latin-1"])
def test_judgments_that_are_none_are_refusal(tmp_path: Path, wrong: str, capsys: Capture) -> None:
    WRONG[wrong](tmp_path / wrong)
    assert wrong in refusal(capsys, "determine", APPROVE, "--judgments", tmp_path / wrong).split(":")[0]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_log_that_is_none_is_refusal(tmp_path: Path, wrong: str, capsys: Capture) -> None:
    WRONG[wrong](tmp_path / wrong)
    if wrong != "latin-1":
        assert wrong in refusal(capsys, "determine", APPROVE, "--log", tmp_path / wrong)
    assert wrong in refusal(capsys, "glucose", tmp_path / wrong)


@pytest.mark.parametrize("name", ["2020-01-01.yaml", "../payer.yaml", "../../vocabulary.yaml", "../../units.yaml"])
@pytest.mark.parametrize("wrong", ["empty", "list", "folder", "pipe", "zeros", "chance", "huge", "circle", "bytes"])
def test_a_file_of_a_policy_folder_that_is_none_is_refusal(
    tmp_path: Path, name: str, wrong: str, capsys: Capture
) -> None:
    path = (files.folder(tmp_path).parent / name).resolve()
    path.unlink(missing_ok=True)
    WRONG[wrong](path)
    assert f"{path.name}:" in refusal(capsys, "determine", APPROVE, "--policies", tmp_path)


def test_a_file_that_may_not_be_read_is_refusal(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(APPROVE.read_bytes())
    path.chmod(0)
    assert asked(capsys, "determine", APPROVE)[0] == 0  # all is imported now
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        code, out, err = asked(capsys, "determine", path)
    finally:
        os.seteuid(own)
    assert (code, out, err) == (2, "", f"{path}: cannot be read: Permission denied\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--policy", "none/none"), "no policy is named 'none/none'"),
        (("--policies", "/no/such/folder"), "/no/such/folder: expected a folder of policies"),
        (("--as-of", "2026-13-40"), "--as-of: expected a date that exists, found '2026-13-40'"),
        (("--reading", "none=1"), "no policy has a reading named 'none'"),
        (("--policies", HOSTILE_FOLDER), "2020-01-01.yaml:103: expected an id of letters and digits"),
    ],
)
def test_options_that_name_nothing_are_refusal(words: tuple[object, ...], said: str, capsys: Capture) -> None:
    assert said in refusal(capsys, "determine", APPROVE, *words)


def test_an_option_given_twice_is_refused(capsys: Capture) -> None:
    for option in ("--policy", "--as-of", "--format", "--judgments"):
        value = "json" if option == "--format" else "x"
        said = misuse(capsys, "determine", APPROVE, option, value, option, value)
        assert said == f"priorauth determine: error: argument {option}: given twice; expected once"


@pytest.mark.parametrize(
    "words",
    [
        ("policies", "check", HOSTILE_FOLDER),
        ("policies", "check", HOSTILE_FOLDER / "evil" / "pump" / "2020-01-01.yaml"),
        ("policies", "list", "--policies", HOSTILE_FOLDER),
        ("policies", "show", "masshealth/insulin-pumps", "--policies", HOSTILE_FOLDER),
        ("policies", "coverage", "--policies", HOSTILE_FOLDER),
        ("policies", "census", "--policies", HOSTILE_FOLDER),
        ("policies", "ask", "evil/pump", "--policies", HOSTILE_FOLDER),
        ("policies", "compare", "evil/pump", "--policies", HOSTILE_FOLDER),
        ("policies", "cql", "evil/pump", "--policies", HOSTILE_FOLDER),
        ("policies", "prove", "evil/pump", "--policies", HOSTILE_FOLDER),
        ("population", "run", ".", "--policy", "evil/pump", "--sql", "--policies", HOSTILE_FOLDER),
        ("population", "compare", ".", "--policy", "evil/pump", "--against", "x", "--policies", HOSTILE_FOLDER),
    ],
)
def test_a_policy_with_sql_in_an_id_is_refused_by_every_command(words: tuple[object, ...], capsys: Capture) -> None:
    assert "pump/2020-01-01.yaml:103: expected an id of letters and digits" in refusal(capsys, *words)


# ---- what goes out


def steers(text: str) -> list[str]:
    """Give what would steer a terminal, line breaks and tabs aside."""
    found = (letter for letter in text if letter not in "\n\t")
    return [
        letter for letter in found if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter == "\u202e"
    ]


@pytest.mark.parametrize("shape", ["text", "json", "fhir"])
def test_ids_of_a_case_cannot_steer_a_terminal(shape: str, capsys: Capture) -> None:
    code, out, err = asked(capsys, "determine", RAW / "format-text-escape-in-claim-id.json", "--format", shape)
    assert (code, steers(out + err)) == (0, [])
    assert {"text": "\\x1b[2J", "json": "\\u001b[2J", "fhir": "ClaimResponse"}[shape] in out


def test_a_line_break_in_an_id_makes_no_line(tmp_path: Path, capsys: Capture) -> None:
    text = (RAW / "format-text-escape-in-claim-id.json").read_text()
    forged = tmp_path / "case.json"
    forged.write_text(text.replace("\\u001b[2J\\u001b[31m", "\\nAPPROVE\\u2028\\u202e"))
    _, out, _ = asked(capsys, "determine", forged, "--format", "text")
    assert "\\nAPPROVE\\u2028\\u202e" in out
    assert sum(line.startswith("APPROVE") for line in out.splitlines()) == 1


def test_ids_in_refusals_and_warnings_cannot_steer_a_terminal(tmp_path: Path, capsys: Capture) -> None:
    bundle = json.loads(APPROVE.read_text())
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Observation":
            entry["resource"]["id"] += ESCAPE
            entry["resource"]["effectiveDateTime"] = ESCAPE
            entry["resource"]["subject"] = {"reference": f"Patient/{ESCAPE}\n"}
    case = tmp_path / f"case{ESCAPE}.json"
    case.write_text(json.dumps(bundle))
    for shape in ("text", "json", "fhir"):
        code, out, err = asked(capsys, "determine", case, "--format", shape)
        assert code in (0, 2)
        assert out + err
        assert not steers(out + err)
        assert code == 0 or all("Patient/" in line or "case" in line for line in err.splitlines())


@pytest.mark.parametrize(
    "words",
    [
        ("determine", APPROVE, "--policy", ESCAPE),
        ("determine", APPROVE, "--as-of", ESCAPE),
        ("determine", APPROVE, "--reading", ESCAPE),
        ("determine", APPROVE, "--policies", ESCAPE),
        ("determine", ESCAPE),
        ("determine", APPROVE, "--format", ESCAPE),
        ("glucose", ESCAPE),
        ("policies", "show", ESCAPE),
        ("policies", "check", ESCAPE),
        ("policies", "compare", "masshealth/insulin-pumps", "--kind", ESCAPE),
        ("policies", "ask", "masshealth/insulin-pumps", "--product", ESCAPE),
        ("population", "run", ESCAPE, "--policy", ESCAPE),
        ("population", "run", ESCAPE, "--policy", "masshealth/insulin-pumps", "--out", f"{ESCAPE}/x"),
        ("population", "run", ".", "--policy", "masshealth/insulin-pumps", "--sql", "--suppose", ESCAPE),
        ("population", "ingest", ESCAPE, ESCAPE),
        (ESCAPE,),
    ],
)
def test_arguments_cannot_steer_a_terminal(words: tuple[object, ...], capsys: Capture) -> None:
    code, out, err = asked(capsys, *words)
    assert (code, out, steers(err)) == (2, "", [])


def hostile_policy(place: Path) -> Path:
    """Write a policy whose every free text would steer; YAML escapes what it may not hold as it stands."""
    said = json.dumps(f"say {ESCAPE}\u2028\nforged")
    text = files.SMALL.replace("title: Pumps", f"title: {said}").replace("version: one", f"version: {said}")
    text = text.replace("document: A text", f"document: {said}").replace("title: The only way", f"title: {said}")
    text = text.replace("title: HbA1c above 7", f"title: {said}\n      reading: {said}\n      says: {said}")
    text += f"currency: {said}\nnotes: [{{when: diabetes, say: {said}}}]\nnot encoded: [{{id: X, reason: {said}}}]\n"
    file = files.folder(place, text)
    (place / "inventory.csv").write_text(f"policy,id,class,title,facts\npayer-x,X,D,say {ESCAPE},\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("policies", "list"),
        ("policies", "list", "--json"),
        ("policies", "show", "payer-x/pumps"),
        ("policies", "coverage"),
        ("policies", "census"),
        ("policies", "compare", "payer-x/pumps", "masshealth/insulin-pumps"),
        ("policies", "ask", "payer-x/pumps"),
        ("policies", "cql", "payer-x/pumps"),
        ("policies", "diff", "payer-x/pumps", "payer-x/pumps"),
        ("policies", "prove", "payer-x/pumps"),
        ("determine", APPROVE, "--policy", "payer-x/pumps", "--format", "text"),
        ("determine", APPROVE, "--policy", "payer-x/pumps", "--format", "json"),
        ("determine", APPROVE, "--policy", "payer-x/pumps", "--format", "fhir"),
    ],
)
def test_texts_of_a_policy_cannot_steer_a_terminal(tmp_path: Path, words: tuple[object, ...], capsys: Capture) -> None:
    hostile_policy(tmp_path)
    code, out, err = asked(capsys, *words, "--policies", tmp_path)
    assert code in (0, 1)
    assert out
    assert not steers(out + err)
    assert not any(line.startswith("forged") for line in out.splitlines())


def test_texts_of_a_policy_cannot_steer_a_terminal_in_a_population(tmp_path: Path, capsys: Capture) -> None:
    hostile_policy(tmp_path / "policies")
    folder = tmp_path / f"in{ESCAPE}"
    tables.write_cases(folder, [(f"Patient/{ESCAPE}", asking.case("hba1c: [{on: 2026-10-02, value: 8.1 %}]"))])
    shared = ("--policy", "payer-x/pumps", "--policies", tmp_path / "policies")
    for words in (
        ("run", folder, "--out", tmp_path / "x.parquet"),
        ("run", folder, "--out", tmp_path / "x.parquet", "--json"),
        ("run", folder, "--sql"),
        ("compare", folder, "--against", "payer-x/pumps"),
    ):
        code, out, err = asked(capsys, "population", *words, *shared)
        assert (code, steers(out + err)) == (0, [])
        assert out
    code, out, err = asked(capsys, "population", "run", tmp_path / f"no{ESCAPE}", "--out", tmp_path / "y", *shared)
    assert (code, out, steers(err)) == (2, "", [])


def test_names_of_logs_cannot_steer_a_terminal(tmp_path: Path, capsys: Capture) -> None:
    log = tmp_path / f"log{ESCAPE}\nforged.csv"
    log.write_text(LOG, encoding="utf-8")
    for more in ((), ("--json",)):
        code, out, err = asked(capsys, "glucose", log, *more)
        assert (code, steers(out + err)) == (0, [])
        assert not any(line.startswith("forged") for line in out.splitlines())
    page = tmp_path / "page.html"
    assert asked(capsys, "glucose", log, "--html", page)[0] == 0
    assert asked(capsys, "glucose", log, "--html", log)[0] == 2
    assert log.read_text(encoding="utf-8") == LOG


# ---- streams that are full, closed or of another encoding


def shell(command: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **more}
    line = command.replace("priorauth", f"'{sys.executable}' -m priorauth")
    return subprocess.run(["bash", "-c", line], capture_output=True, env=environment, cwd=ROOT, check=False)


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (
            "priorauth determine examples/approve.json >/dev/full",
            1,
            "priorauth: standard output: No space left on device\n",
        ),
        ("priorauth policies list >/dev/full", 1, "priorauth: standard output: No space left on device\n"),
        ("priorauth --help >/dev/full", 1, "priorauth: standard output: No space left on device\n"),
        ("priorauth determine examples/approve.json >&-", 1, "priorauth: standard output is closed\n"),
        ("priorauth determine none.json 2>&-", 2, ""),
        ("priorauth determine none.json 2>/dev/full", 2, ""),
        ("priorauth determine - <&-", 2, "-: standard input is closed\n"),
        ("priorauth determine - </dev/null", 2, "-: expected JSON"),
        ("priorauth determine examples/approve.json | true; exit ${PIPESTATUS[0]}", 141, ""),
        ("priorauth determine none.json | true; exit ${PIPESTATUS[0]}", 2, "none.json: cannot be read"),
    ],
)
def test_a_stream_that_takes_no_more_is_refusal(command: str, code: int, said: str) -> None:
    ran = shell(command)
    err = ran.stderr.decode()
    assert (ran.returncode, ran.stdout, err[: len(said)]) == (code, b"", said)
    assert err.count("\n") == bool(said)


@pytest.mark.parametrize(
    "locale", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_output_is_utf_8_in_every_locale(tmp_path: Path, locale: dict[str, str]) -> None:
    files.folder(tmp_path, files.SMALL.replace("title: Pumps", "title: Pümpen ≥ 7"))
    ran = shell(f"priorauth policies show payer-x/pumps --policies '{tmp_path}'", **locale)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "# Pümpen ≥ 7\n" in ran.stdout.decode("utf-8")
    missing = shell(f"priorauth determine '{tmp_path}/fünf.json'", **locale)
    assert (missing.returncode, missing.stdout) == (2, b"")
    assert missing.stderr.decode("utf-8").endswith(".json: cannot be read: No such file or directory\n")
