"""The payers' own texts, where a folder of them is given by PRIORAUTH_TEXTS: they are theirs, and not kept here.

The folder holds one file a text, .txt; which policy a file belongs to is found by its sentences.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from priorauth.policy.catalog import Catalog
from priorauth.trace import drift, source, trace
from priorauth.trace.lay import Laid, lay
from priorauth.trace.trace import Trace
from tests.trace.mechanical import made

FOLDER = os.environ.get("PRIORAUTH_TEXTS")
WHOLE = 0.9
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(FOLDER is None, reason="PRIORAUTH_TEXTS names no folder with the payers' own texts"),
]


def texts() -> list[tuple[str, Trace, Laid]]:
    """Give every traced version with its text, of those that the folder has."""
    copies = [source.of_text(path.read_text("utf-8"), path.name) for path in sorted(Path(FOLDER or ".").glob("*.txt"))]
    found = []
    for version in Catalog.open().all():
        known = trace.of(version)
        for one in copies if known else ():
            assert known is not None
            laid = lay(one, known.rows)
            if laid.covered > WHOLE:
                found.append((version.id, known, laid))
    return found


def test_every_sentence_of_each_text_is_accounted_for() -> None:
    found = texts()
    assert len(found) == 5
    for name, known, laid in found:
        assert (name, laid.missing, laid.new, laid.heads) == (name, (), (), ())
        assert len(laid.found) == len(known.rows)


def test_each_edit_of_each_sentence_is_found_and_none_is_invented() -> None:
    wrong, count = [], 0
    for name, known, laid in texts():
        for edit in made(laid, known):
            count += 1
            newer = source.of_text(edit.text, "new.txt")
            changes = [(one.kind, one.at) for one in drift.drift(laid.source, newer, known, name).changes]
            if changes != [(edit.kind, None if edit.kind == "added" else edit.at)]:
                wrong.append((name, edit.name, edit.at, changes))
    assert count > 1_000
    assert wrong == []
