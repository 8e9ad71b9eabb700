"""How well documents are understood: precision, recall and what must never be, by fact.

    bench/documents.py                 the twenty documents that rules were written from, and the ten drawn, apart
    bench/documents.py --errors        and each fact that was missed or wrong
    bench/documents.py --reading       words, boxes and facts of pages set as PDF and sent by fax, and seconds a page
    bench/documents.py --proposals DIR score the proposals of another reader (NNN-slug.json), by the same rules

The ten were drawn before the first rule and have been opened since: tests/documents/scoring.py says what they scored
unseen. Times are processor time on the machine at hand, after the rules were loaded.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import reading

from priorauth.documents.understand import rules
from priorauth.documents.understood import understood
from tests.documents import scoring
from tests.documents.scoring import Scored


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="list every fact that was missed or wrong")
    parser.add_argument("--proposals", type=Path, help="a folder of proposals of another reader, a file per document")
    parser.add_argument("--reading", action="store_true", help="read the documents as PDF and as faxes")
    asked = parser.parse_args()
    if asked.reading:
        return 1 if reading.shown() else 0
    begun = time.process_time()
    rules.load()
    print(f"rules loaded in {time.process_time() - begun:.2f} s")
    names = scoring.names()
    never = 0
    for title, part in (
        ("tuned", [name for name in names if name[:3] not in scoring.DRAWN]),
        ("drawn", [name for name in names if name[:3] in scoring.DRAWN]),
    ):
        if part:
            scored = [one(name, asked.proposals) for name in part]
            shown(title, [row for row, _ in scored], errors=asked.errors)
            print(f"seconds a document: {sum(spent for _, spent in scored) / len(scored):.3f}\n")
            never += sum(len(row.never) for row, _ in scored)
    return 1 if never else 0


def one(name: str, proposals: Path | None) -> tuple[Scored, float]:
    said = scoring.text(name)
    if proposals is not None:
        rows: Iterable[Mapping[str, Any]] = json.loads((proposals / f"{name}.json").read_text("utf-8"))["facts"]
        return scoring.score(name, scoring.gold(name), said, rows), 0.0
    begun = time.process_time()
    found = understood(scoring.reading(said))
    spent = time.process_time() - begun
    return scoring.score(name, scoring.gold(name), said, scoring.rows(found.facts)), spent


def shown(title: str, scored: list[Scored], *, errors: bool) -> None:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in scored:
        for name in row.right:
            counts[name][0] += 1
        for at, facts in ((1, row.wrong), (2, row.missed)):
            for fact in facts:
                counts[fact["fact"]][at] += 1
    print(f"{title:44} right wrong missed  precision recall")
    for name in sorted(counts):
        print(line(name, counts[name]))
    print(line(f"ALL, {len(scored)} documents", [sum(row[at] for row in counts.values()) for at in range(3)]))
    for row in scored:
        for trap in row.never:
            print(f"NEVER {row.name}: {trap['why']}: {trap['fact']} {trap['value']} {trap['quote']!r}")
        if errors:
            for kind, facts in (("wrong", row.wrong), ("missed", row.missed)):
                for fact in facts:
                    said = f"{fact['fact']} {fact['value']} @ {fact['date']} {fact['polarity']} {fact['quote']!r}"
                    print(f"{kind} {row.name}: {said}")
    print(f"what must never be: {sum(len(row.never) for row in scored)}")


def line(label: str, counts: list[int]) -> str:
    right, wrong, missed = counts
    precision = f"{right / (right + wrong):9.3f}" if right + wrong else "        -"
    recall = f"{right / (right + missed):6.3f}" if right + missed else "     -"
    return f"{label:44} {right:5} {wrong:5} {missed:6}  {precision} {recall}"


if __name__ == "__main__":
    sys.exit(main())
