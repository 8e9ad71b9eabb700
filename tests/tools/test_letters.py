"""The tables of docs/letters.md are what the letters hold today, and each kind has its picture."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.letterbook import KINDS

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_tables_of_the_page_are_those_of_today() -> None:
    checked = subprocess.run([sys.executable, "tools/letters.py", "--check"], cwd=ROOT, check=False)
    assert checked.returncode == 0, "stale: run  python tools/letters.py"


def test_every_kind_of_letter_has_its_picture() -> None:
    pictures = {path.stem for path in (ROOT / "docs" / "letters").glob("*.png")}
    assert pictures == {*KINDS, "adverse-uhc-ma"}
