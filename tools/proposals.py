"""Writes into docs/documents-outside.md the example, what is refused of it, and the JSON Schema.

python tools/proposals.py           # rewrites the blocks between their marks
python tools/proposals.py --check   # exit 1 where one is stale
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from priorauth.documents import outside, read
from priorauth.facts import vocabulary
from priorauth.values import units
from tools.pages import rewritten

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "documents-outside.md"
NOTE: Final = ROOT / "examples" / "documents" / "note.txt"
PROPOSALS: Final = NOTE.with_name("proposals.json")
MARKED: Final = re.compile(r"(?P<mark><!-- (?P<name>proposals|answer|schema) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def proposals() -> str:
    """Return the example as it stands."""
    return f"```json\n{PROPOSALS.read_text('utf-8')}```\n"


def answer() -> str:
    """Return what stands of the example, and what is refused of it."""
    reading = read.read(NOTE.read_bytes(), NOTE.name)
    found = outside.checked(PROPOSALS.read_bytes(), reading, vocabulary.load(), units.load())
    given = json.loads(PROPOSALS.read_bytes())["facts"]
    refused = {one.index: one.reason for one in found.refused}
    rows = [
        f"| {index} | {one['fact']} | {one['value']} | {refused.get(index, 'stands')} |"
        for index, one in enumerate(given)
    ]
    return "\n".join(["| index | fact | value | |", "|---|---|---|---|", *rows, ""])


def schema() -> str:
    """Return the schema of a file of proposals."""
    return f"```json\n{json.dumps(outside.schema(), indent=2)}\n```\n"


BLOCKS: Final[dict[str, Callable[[], str]]] = {"proposals": proposals, "answer": answer, "schema": schema}


def filled(text: str) -> str:
    """Fill in the blocks between their marks."""
    return MARKED.sub(lambda found: f"{found['mark']}{BLOCKS[found['name']]()}\n", text)


def main() -> int:
    """Rewrite the page, or check it."""
    return rewritten(PAGE, filled, "tools/proposals.py")


if __name__ == "__main__":
    sys.exit(main())
