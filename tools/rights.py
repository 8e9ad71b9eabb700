"""Writes docs/rights.md: which role opens which page, sends which form, and does which act, from the tables themselves.

python tools/rights.py           # writes it
python tools/rights.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from priorauth.ledger.allowed import rights as ledger
from priorauth.workbench import rights, words

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "rights.md"
HEAD: Final = """# Who may do what

Everything that is not in a table here is refused. The tables are data: `src/priorauth/workbench/data/pages.yaml` for
pages and forms, `src/priorauth/ledger/data/rights.yaml` for acts. A form is refused by the workbench and, with its
conditions, by the ledger again. This page is written by `python tools/rights.py`; `tests/workbench/test_rights.py` asks
every page and sends every form in every role.

`x` works there, `r` looks and finds no form. Conditions of acts: own, the case is of her organisation; for-clinic,
entered for the clinic and marked so; not-its-nurse, she did not prepare the case; not-first-reviewer, on appeal.
"""


def text() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_pages(), "", *_forms(), "", *_acts(), ""])


def _table(title: str, first: str, rows: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    roles = rights.people()
    yield f"## {title}"
    yield ""
    yield f"| {first} | {' | '.join(words.ROLE[role] for role in roles)} |"
    yield f"|---{'|---' * len(roles)}|"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def _pages() -> Iterator[str]:
    marks = {"open": "x", "read": "r", None: ""}
    yield from _table(
        "Pages",
        "page",
        (
            (f"`{one.at}`", [marks[rights.may_open(one, role)] for role in rights.people()])
            for one in rights.table().pages.values()
        ),
    )


def _forms() -> Iterator[str]:
    yield from _table(
        "Forms",
        "form",
        (
            (f"`{one.at}`", ["x" if rights.may_send(one, role) else "" for role in rights.people()])
            for one in rights.table().forms.values()
        ),
    )


def _acts() -> Iterator[str]:
    yield from _table(
        "Acts of the ledger",
        "act",
        (
            (name, [_cell(found.get(role)) for role in rights.people()])
            for name, found in ledger().rights.items()
            if any(role in found for role in rights.people())
        ),
    )


def _cell(conditions: tuple[str, ...] | None) -> str:
    if conditions is None:
        return ""
    return ", ".join(conditions) or "x"


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is stale."""
    made = text()
    if "--check" in arguments:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != made
        if stale:
            print("docs/rights.md is stale: run  python tools/rights.py", file=sys.stderr)
        return int(stale)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
