"""How well another reader understands documents, by the bench of our own: bench/documents.py.

    bench/documents_outside.py --reader NAME     a reader that is installed (priorauth.readers)
    bench/documents_outside.py --proposals DIR   files of proposals (NNN-slug.json)

Each document's proposals are checked first (priorauth.documents.outside); what stands is scored, and what was refused
is counted by its reason.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import documents

from priorauth.documents import installed, outside
from priorauth.facts import vocabulary
from priorauth.values import units
from tests.documents import scoring
from tests.documents.scoring import Scored


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    one_of = parser.add_mutually_exclusive_group(required=True)
    one_of.add_argument("--reader", help="the name of a reader that is installed")
    one_of.add_argument("--proposals", type=Path, help="a folder of proposals, a file per document")
    parser.add_argument("--errors", action="store_true", help="list every fact that was missed or wrong")
    asked = parser.parse_args()
    reasons: Counter[str] = Counter()
    made = [scored(name, asked.reader, asked.proposals, reasons) for name in scoring.names()]
    documents.shown("outside", made, errors=asked.errors)
    print(f"refused: {sum(reasons.values())}")
    for reason, count in reasons.most_common():
        print(f"{count:6} {reason}")
    return 1 if any(row.never for row in made) else 0


def scored(name: str, reader: str | None, folder: Path | None, reasons: Counter[str]) -> Scored:
    """Score what stands of the proposals for a document; why the others do not is counted by part."""
    said = scoring.text(name)
    reading = scoring.reading(said)
    if reader is not None:
        found = outside.checked(installed.proposals(reader, reading), reading, vocabulary.load(), units.load())
    else:
        content = (folder or Path()).joinpath(f"{name}.json").read_bytes()
        found = outside.checked(content, reading, vocabulary.load(), units.load())
    reasons.update(one.reason.partition(": the words say")[0].partition(" stands neither")[0] for one in found.refused)
    return scoring.score(name, scoring.gold(name), said, scoring.rows(found.findings.facts))


if __name__ == "__main__":
    sys.exit(main())
