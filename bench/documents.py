"""How well documents are understood: precision, recall and what must never be, by fact.

    bench/documents.py                         as text, each set apart
    bench/documents.py --level light usual     sent by fax and read again (bench/faxes.py, tesseract)
    bench/documents.py --kept DIR              readings are kept there: the next run recognises nothing anew
    bench/documents.py --errors                and each fact that was missed or wrong
    bench/documents.py --proposals DIR         score the proposals of another reader (NNN-slug.json), by the same rules
    bench/documents.py --reading               words, boxes and seconds a page (bench/reading.py)

No set is of documents unseen today. `tuned` were at hand when the first rules were written; `drawn`, `unseen-1`,
`unseen-2`, `unseen-3` and `unseen-4` were scored once before they were opened, and then learned from:
tests/documents/scoring.py says what they scored then, and those figures are the ones to expect of other documents.
Times are processor time on the machine at hand, after the rules were loaded.
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

from priorauth.documents.pages import Reading
from priorauth.documents.read import read
from priorauth.documents.understand import rules
from priorauth.documents.understood import understood
from tests.documents import scoring
from tests.documents.scoring import Scored

LEVELS = ("text", "light", "usual", "heavy")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="list every fact that was missed or wrong")
    parser.add_argument("--proposals", type=Path, help="a folder of proposals of another reader, a file per document")
    parser.add_argument("--level", nargs="+", choices=LEVELS, default=["text"], help="how the documents come")
    parser.add_argument("--set", nargs="+", choices=list(sets()), default=list(sets()), help="which documents")
    parser.add_argument("--kept", type=Path, help="a folder in which readings are kept")
    parser.add_argument("--reading", action="store_true", help="how well and how fast pages are read")
    asked = parser.parse_args()
    if asked.reading:
        import reading

        return int(reading.shown() > 0)
    begun = time.process_time()
    rules.load()
    print(f"rules loaded in {time.process_time() - begun:.2f} s\n")
    never, totals = 0, []
    for level in asked.level:
        for title in asked.set:
            folder, names = sets()[title]
            scored = [one(name, folder, level, asked) for name in names]
            counts = shown(f"{title}, {level}", [row for row, _ in scored], errors=asked.errors)
            print(f"seconds a document: {sum(spent for _, spent in scored) / len(scored):.3f}\n")
            never += sum(len(row.never) for row, _ in scored)
            totals.append((f"{title}, {level}", counts, sum(len(row.never) for row, _ in scored)))
    print(f"{'':44} right wrong missed  precision recall  must never be")
    for title, counts, wrongs in totals:
        print(f"{line(title, counts)}  {wrongs:13}")
    return 1 if never else 0


def sets() -> dict[str, tuple[Path, list[str]]]:
    """Return the sets of documents: where each lies, and the names of its documents."""
    known = scoring.names()
    made = {
        "tuned": (scoring.CORPUS, [name for name in known if name[:3] not in scoring.DRAWN]),
        "drawn": (scoring.CORPUS, [name for name in known if name[:3] in scoring.DRAWN]),
    }
    for name, folder in scoring.UNSEEN.items():
        made[name] = (folder, scoring.names(folder))
    return made


def one(name: str, folder: Path, level: str, asked: argparse.Namespace) -> tuple[Scored, float]:
    said, wanted = scoring.text(name, folder), scoring.gold(name, folder)
    if asked.proposals is not None:
        file = asked.proposals / f"{name}.json"
        held = json.loads(file.read_text("utf-8")) if file.is_file() else {"facts": []}
        rows: Iterable[Mapping[str, Any]] = held["facts"]
        return scoring.score(name, wanted, said, rows), 0.0
    reading = came(name, said, level, asked.kept)
    begun = time.process_time()
    found = understood(reading)
    spent = time.process_time() - begun
    return scoring.score(name, wanted, said, scoring.rows(found.facts)), spent


def came(name: str, said: str, level: str, kept: Path | None) -> Reading:
    """Return a document as it comes: as text, or read again from a fax."""
    if level == "text":
        return scoring.reading(said)
    import faxes

    made = faxes.pdf(said, faxes.face_of(name))
    return read(faxes.tiff(faxes.sent(made, name, level)), f"{name}.tif", kept=kept)


def shown(title: str, scored: list[Scored], *, errors: bool) -> list[int]:
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
    total = [sum(row[at] for row in counts.values()) for at in range(3)]
    print(line(f"ALL, {len(scored)} documents", total))
    for row in scored:
        for trap in row.never:
            print(f"NEVER {row.name}: {trap['why']}: {trap['fact']} {trap['value']} {trap['quote']!r}")
        if errors:
            for kind, facts in (("wrong", row.wrong), ("missed", row.missed)):
                for fact in facts:
                    said = f"{fact['fact']} {fact['value']} @ {fact['date']} {fact['polarity']} {fact['quote']!r}"
                    print(f"{kind} {row.name}: {said}")
    print(f"what must never be: {sum(len(row.never) for row in scored)}")
    return total


def line(label: str, counts: list[int]) -> str:
    right, wrong, missed = counts
    precision = f"{right / (right + wrong):9.3f}" if right + wrong else "        -"
    recall = f"{right / (right + missed):6.3f}" if right + missed else "     -"
    return f"{label:44} {right:5} {wrong:5} {missed:6}  {precision} {recall}"


if __name__ == "__main__":
    sys.exit(main())
