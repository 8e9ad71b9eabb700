"""How long a trace and a drift take on a policy of 60 pages, and what is found of edits made by rule.

    bench/drift.py                    60 pages of invented text
    bench/drift.py 120                of another length
    PRIORAUTH_TEXTS=DIR bench/drift.py        with the payers' own texts in DIR, each sentence edited in four ways

The text is made of the words of the invented policy in tests/data/texts, in sentences with windows and lists. The newer
one has other lines and pages, and one sentence in twenty is another. Times are the least of five, in process.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from priorauth.policy.catalog import Catalog
from priorauth.trace import draft, drift, source, trace
from priorauth.trace.lay import lay
from priorauth.trace.sentences import sentences
from priorauth.trace.trace import Row, Trace
from tests.trace.edits import EDITS
from tests.trace.invented import ID, OLD, policy, traced
from tests.trace.mechanical import made

PAGES: Final = 60
A_PAGE: Final = 22
"""Sentences on a page."""
AIM: Final = 2.0
WHOLE: Final = 0.9
"""Which part of a text its trace covers."""


def written(pages: int, chance: np.random.Generator) -> list[str]:
    """Return sentences of so many pages, each another one."""
    words = sorted({word.strip(".,:;()").casefold() for word in OLD.split() if word.strip(".,:;()").isalpha()})
    said = []
    for number in range(pages * A_PAGE):
        body = " ".join(chance.choice(words, size=int(chance.integers(8, 27))))
        said.append(f"The member {body} within {int(chance.integers(1, 25))} months of case {number}.")
    return said


def printed(said: list[str], a_page: int, width: int) -> str:
    """Return sentences on pages with lines of a width, a running head and a page number."""
    pages = []
    for number, first in enumerate(range(0, len(said), a_page), 1):
        lines = ["Rules of the invented plan", ""]
        for at, sentence in enumerate(said[first : first + a_page], first):
            line = f"{at % 9 + 1}. " if at % 3 == 0 else ""
            for word in sentence.split():
                if len(line) + len(word) > width:
                    lines.append(line)
                    line = ""
                line = f"{line} {word}".strip()
            lines.append(line)
        pages.append("\n".join([*lines, "", f"Page {number}"]))
    return "\f".join(pages)


def least(run: Callable[[], object]) -> float:
    """Return the least of five times, in seconds."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return min(times)


def speed(pages: int) -> Iterator[str]:
    """Yield the table of times."""
    chance = np.random.default_rng(19)
    said = written(pages, chance)
    newer = list(said)
    changed = range(0, len(said), 20)
    for at in changed:
        newer[at] = newer[at].replace(" months of", " weeks of")
    one, two = printed(said, A_PAGE, 88), printed(newer, A_PAGE + 5, 61)
    old = source.of_text(one, "old")
    names = [f"II.{letter}" for letter in "ABCDEF"]
    rows = tuple(
        Row(at, old.hash(found.start, found.end), found.end - found.start, found.label, (names[at % 6],))
        for at, found in enumerate(sentences(old), 1)
    )
    known = Trace(ID, "2025-01-01", rows, "bench")
    file = Path(policy().file).read_text("utf-8")

    def laid_out() -> None:
        lay(source.of_text(one, "old"), rows)

    def drifted() -> drift.Drift:
        first, second = source.of_text(one, "old"), source.of_text(two, "new")
        found = drift.drift(first, second, known, ID)
        draft.draft(policy(), file, found, second)
        return found

    found = drifted()
    yield f"{pages} pages, {len(rows):,} sentences, {len(one):,} characters; {len(changed)} sentences edited"
    yield f"found: {dict(drift.words_of(found.changes))}, {found.same:,} word for word"
    yield ""
    yield "| what | aim | least of five |"
    yield "|---|---|---|"
    yield f"| trace | {AIM} s | {least(laid_out):.2f} s |"
    yield f"| drift and draft | {AIM} s | {least(drifted):.2f} s |"


def table() -> Iterator[str]:
    """Yield the table of edits of the invented text, each with all that is found of it."""
    yield "| edit | found | right |"
    yield "|---|---|---|"
    for edit in EDITS:
        changes = drift.drift(source.of_text(OLD, "old"), source.of_text(edit.text, "new"), traced(), ID).changes
        found = sorted((one.kind, one.rules, tuple(mark.kind for mark in one.marks)) for one in changes)
        told = "; ".join(
            f"{kind} {', '.join(rules)}{f' ({chr(44).join(kinds)})' if kinds else ''}".strip()
            for kind, rules, kinds in found
        )
        yield f"| {edit.name} | {told} | {'yes' if found == sorted(edit.found) else 'no'} |"


def edits(folder: Path) -> Iterator[str]:
    """Yield the table of edits made in the payers' own texts."""
    copies = [source.of_text(path.read_text("utf-8"), path.name) for path in sorted(folder.glob("*.txt"))]
    yield "| policy | sentences | figures | connectives | added | removed | found and nothing else |"
    yield "|---|---|---|---|---|---|---|"
    for version in Catalog.open().all():
        known = trace.of(version)
        laid = next((one for copy in copies if (one := lay(copy, known.rows)).covered > WHOLE), None) if known else None
        if known is None or laid is None:
            continue
        done: Counter[str] = Counter()
        right = 0
        for edit in made(laid, known):
            done[edit.name] += 1
            found = drift.drift(laid.source, source.of_text(edit.text, "new"), known, version.id)
            wanted = [(edit.kind, None if edit.kind == "added" else edit.at)]
            right += [(one.kind, one.at) for one in found.changes] == wanted
        counts = " | ".join(str(done[name]) for name in ("figure", "connective", "added", "removed"))
        yield f"| {version.id} | {len(known.rows)} | {counts} | {right} of {done.total()} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in speed(int(sys.argv[1]) if len(sys.argv) > 1 else PAGES))
    sys.stdout.write("\n")
    sys.stdout.writelines(f"{line}\n" for line in table())
    if folder := os.environ.get("PRIORAUTH_TEXTS"):
        sys.stdout.write("\n")
        sys.stdout.writelines(f"{line}\n" for line in edits(Path(folder)))
