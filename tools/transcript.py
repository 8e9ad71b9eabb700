"""Writes the transcripts in README.md: between its markers stands what the command really prints.

python tools/transcript.py           # rewrites README.md
python tools/transcript.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from priorauth import determine
from priorauth.export.text import page

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- transcript: (?P<name>[\w-]+)(?: lines: (?P<lines>\d+))? -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str) -> str:
    """Fill every transcript of a page."""

    def fill(found: re.Match[str]) -> str:
        lines = page(determine((ROOT / "examples" / f"{found['name']}.json").read_bytes())).rstrip().splitlines()
        cut = int(found["lines"]) if found["lines"] else len(lines)
        shown = [*lines[:cut], *(["..."] if len(lines) > cut else [])]
        body = "\n".join(f"    {line}".rstrip() for line in shown)
        return f"{found[1]}\n{body}\n\n{found[4]}"

    return MARKED.sub(fill, text)


def main() -> int:
    """Rewrite or check the page."""
    text = README.read_text("utf-8")
    made = filled(text)
    if "--check" in sys.argv:
        return int(made != text)
    README.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
