"""Writes the cases of tests/cases/own as JSON files, or the list of their hashes anew.

python -m tests.casebook OUT       # one JSON file a case; its `bundle` is what `priorauth determine` takes
python -m tests.casebook --seal    # tests/cases/own/bundles.sha256, after a case was added or changed on purpose
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.casebook.cases import OWN
from tests.casebook.kept import seals, write


def main() -> int:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description="Cases of tests/cases/own as JSON files.")
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("out", nargs="?", type=Path, help="the folder to write to")
    asked.add_argument("--seal", action="store_true", help="write bundles.sha256 anew")
    given = parser.parse_args()
    if given.seal:
        (OWN / "bundles.sha256").write_text(seals(), "utf-8")
    else:
        print(f"{write(given.out)} cases in {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
