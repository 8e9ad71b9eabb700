"""Completion: the script of each shell, and what a real shell is given by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from priorauth.cli.completion import SHELLS
from tests.cli.running import Capture, printed, refusal
from tests.parts import need

ROOT = Path(__file__).resolve().parent.parent.parent
MASSHEALTH = "masshealth/insulin-pumps"
POLICIES = (
    "list",
    "show",
    "facts",
    "new",
    "coverage",
    "census",
    "check",
    "compare",
    "ask",
    "cql",
    "diff",
    "drift",
    "prove",
    "cases",
    "try",
    "trace",
)
TOP = {
    *(
        "determine",
        "policies",
        "documents",
        "glucose",
        "population",
        "serve",
        "case",
        "ledger",
        "exchange",
        "completion",
    ),
}
CASE = {"list", "show", "receive", "file", "answer", "ask", "route", "decide", "act"}

# What is typed, and what a shell must offer; some of it where more is offered.
TYPED = (
    ("priorauth ", TOP),
    ("priorauth pol", {"policies"}),
    ("priorauth policies ", set(POLICIES)),
    ("priorauth case ", CASE),
    ("priorauth documents read letter.pdf --", {"--text", "--json", "--page", "--picture", "--reader", "--help"}),
    ("priorauth ledger token ", {"create", "list", "revoke"}),
    ("priorauth determine --pol", {"--policy", "--policies"}),
    ("priorauth determine --format ", {"text", "json", "fhir"}),
    ("priorauth determine examples/approve.json --policy mass", {MASSHEALTH}),
    ("priorauth policies show masshealth/", {MASSHEALTH}),
    ("priorauth population run tables --policy care", {"caresource/insulin-infusion-pump"}),
    ("priorauth policies compare --kind init", {"initial"}),
    ("priorauth completion z", {"zsh"}),
)

# How each shell, told to load the script, gives what it would offer for a line, one a line.
ASK = {
    "bash": """
        source <(priorauth completion bash)
        COMP_LINE=$1
        read -ra COMP_WORDS <<< "$COMP_LINE"
        [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
        COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
        compopt() { :; }
        _priorauth_completion priorauth
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { :; }
        compadd() { shift 4; print -l -- ${(P)1}; }
        _describe() { print -l -- ${completions_with_descriptions%%:*}; }
        source <(priorauth completion zsh)
        words=(${=1})
        [[ $1 == *' ' ]] && words+=('')
        CURRENT=${#words}
        _priorauth_completion
    """,
    "fish": """
        priorauth completion fish | source
        complete --do-complete "$argv[1]" | string split -f1 \\t
    """,
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Where `priorauth` is found as a program, as after an installation."""
    program = tmp_path / "priorauth"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m priorauth "$@"\n', "utf-8")
    program.chmod(0o755)
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PATH": f"{tmp_path}:{os.environ['PATH']}"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_offers_commands_options_and_policies(shell: str, environment: dict[str, str]) -> None:
    need(shutil.which(shell), f"completion in {shell}: apt install {shell}")
    start = [shell, "--no-config"] if shell == "fish" else [shell, "--norc" if shell == "bash" else "-f"]
    for typed, offered in TYPED:
        more = [typed] if shell == "fish" else [shell, typed]
        ran = subprocess.run(
            [*start, "-c", ASK[shell], *more], capture_output=True, text=True, env=environment, cwd=ROOT, check=False
        )
        assert ran.stderr == ""
        assert set(ran.stdout.split()) == offered, typed


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_asks_the_program(shell: str, capsys: Capture) -> None:
    assert f"_PRIORAUTH_COMPLETE={shell}_complete" in printed(capsys, "completion", shell)


def test_another_shell_is_refused(capsys: Capture) -> None:
    assert refusal(capsys, "completion", "csh") == "SHELL: expected one of bash, zsh, fish, found 'csh'\n"


def test_what_cannot_be_completed_is_silent(environment: dict[str, str]) -> None:
    typed = {"COMP_WORDS": "priorauth policies show --policies /no/such/folder x", "COMP_CWORD": "5"}
    for words in (typed, {"COMP_WORDS": "priorauth", "COMP_CWORD": "no number"}):
        asked = {**environment, **words, "_PRIORAUTH_COMPLETE": "bash_complete"}
        ran = subprocess.run(["priorauth"], capture_output=True, env=asked, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, b"", b"")
