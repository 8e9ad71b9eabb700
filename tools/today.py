"""Writes docs/policy-today.md: requests of November 2026, a payer at a time, and the text that decides each.

python tools/today.py           # rewrites the table
python tools/today.py --check   # exit 1 where it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from priorauth import determine
from priorauth.values import strict_yaml

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.casebook.cases import OWN, bundle, judgments, layered  # noqa: E402  # the tests stand beside this folder

PAGE: Final = ROOT / "docs" / "policy-today.md"
LIST: Final = ROOT / "tools" / "today.yaml"
MARK: Final = "<!-- today -->"
HEAD: Final = ("payer", "asked for", "code", "text that decides", "in force since", "what is known of it", "comes out")
DOUBTS: Final = {
    "current": "the present text",
    "superseded-candidate": "may have been replaced; every determination says so",
    "superseded": "replaced by a text that was not read: a person decides, told what this one would have said",
}


class Asked(NamedTuple):
    """A request of November 2026: the payer, what is asked in words and as HCPCS, and the determination as JSON."""

    payer: str
    what: str
    code: str
    found: dict[str, Any]
    by_name: bool


def listed() -> dict[str, Any]:
    """Return the list of requests, with the day of all."""
    found: dict[str, Any] = yaml.load(LIST.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def decided() -> Iterator[Asked]:
    """Decide each request of the list on its day."""
    top = listed()
    for row in top["requests"]:
        file: dict[str, Any] = dict(strict_yaml.read_file(OWN / f"{row['file']}.yaml"))
        said = layered(file.get("charts", {}), file["cases"][row["case"]])
        said["request"]["on"] = str(top["day"])
        if "service" in said["request"]:
            said["request"]["service"] = str(top["day"])
        name = f"today-{row['file']}-{row['case']}"
        made, judged = bundle(name, file["payer"], said), judgments(name, said)
        found = determine(made, policy=row.get("policy"), judgments=judged)[0].as_json()
        yield Asked(file["payer"], row["what"], said["request"]["product"], found, "policy" in row)


def cells(asked: Asked) -> tuple[str, ...]:
    """Return a row of the table."""
    policy = asked.found["policy"]
    known = DOUBTS[policy["currency"]]
    if policy["effective"].get("assumed"):
        known += "; its first day is assumed"
    text = f"{policy['id']}, {policy['version']}{' (asked for by name)' if asked.by_name else ''}"
    return (asked.payer, asked.what, asked.code, text, policy["effective"]["from"], known, asked.found["outcome"])


def table() -> str:
    """Return the table in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *(cells(asked) for asked in decided())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def filled(text: str) -> str:
    """Return the page with the table of today between its marks."""
    before, _, rest = text.partition(MARK)
    return f"{before}{MARK}\n\n{table()}\n\n{MARK}{rest.partition(MARK)[2]}"


def main() -> int:
    """Write the table, or see that it is not stale."""
    text = PAGE.read_text("utf-8")
    made = filled(text)
    if "--check" in sys.argv[1:]:
        if made != text:
            print("docs/policy-today.md is stale: python tools/today.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
