"""Writes into docs/glucose-formats.md what is read of each file of the tests under tests/data/glucose.

python tools/formats.py           # rewrites the table
python tools/formats.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from priorauth.glucose.logbook import left_out
from priorauth.glucose.stream import merge, read_logs
from tools.pages import rewritten

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "glucose-formats.md"
FILES: Final = ROOT / "tests" / "data" / "glucose"
MARKED: Final = re.compile(r"(<!-- formats -->\n).*?(<!-- end -->)", re.DOTALL)
_ENDINGS: Final = {".csv", ".json", ".ndjson", ".tsv", ".txt", ".xlsx", ".xml", ".zip"}


def files() -> list[Path]:
    """Return the logs of the tests, by name."""
    return sorted(path for path in FILES.rglob("*") if path.suffix in _ENDINGS)


def row(path: Path) -> str:
    """Return what is read of one file, as a row of the table."""
    logs = read_logs(path, path.name)
    streams = {stream.device: stream for stream in merge(logs)}
    forms = dict.fromkeys(stream.format for log in logs for stream in log.streams)
    counts = [f"{len(streams[device]):,}" if device in streams else "" for device in ("cgm", "meter")]
    absent: Counter[str] = sum((Counter(left_out(log)) for log in logs), Counter())
    lost = ", ".join(f"{count} {reason}" for reason, count in absent.items())
    return f"| {path.relative_to(FILES)} | {', '.join(forms)} | {' | '.join(counts)} | {lost} |"


def table() -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| file | format | sensor | meter | left out |"
    yield "|---|---|---|---|---|"
    yield from map(row, files())


def filled(text: str) -> str:
    """Fill in the table between its marks."""
    body = "\n".join(table())
    return MARKED.sub(lambda found: f"{found[1]}\n{body}\n\n{found[2]}", text)


def main() -> int:
    """Rewrite the page, or check it."""
    return rewritten(PAGE, filled, "tools/formats.py")


if __name__ == "__main__":
    sys.exit(main())
