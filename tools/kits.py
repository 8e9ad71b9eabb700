"""Writes docs/exchange-tests.md: how the official kits' tests of a payer's server, and ours, came out.

python tools/kits.py           # runs every row on both databases and writes the page; exit 1 where one failed
python tools/kits.py --check   # the same without writing; exit 1 where the page says something else
python tools/kits.py --quick   # without the validator and the second database; prints, writes nothing

The rows are tests/exchange/kit/rows.yaml. A row is passed when it passed on every database on which it ran.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "exchange-tests.md"
ROWS: Final = ROOT / "tests" / "exchange" / "kit" / "rows.yaml"
SUPPRESSED: Final = ROOT / "tests" / "exchange" / "kit" / "suppressions.yaml"
TESTS: Final = "tests/exchange/kit"
STATES: Final = ("passed", "not applicable", "failed", "not run")
REASON: Final = "not applicable: "
HEAD: Final = """# Outsiders' tests of the exchange

Every test that the official kits have for a payer's server (Inferno: CRD 2.0.1, DTR 2.0.1, PAS 2.0.1 and 2.2.1, SMART
backend services), as a test of ours in our own words, and additions of our own; asked of a started server over HTTP,
signed in as a partner is, on SQLite and on PostgreSQL. The rows are [data](../tests/exchange/kit/rows.yaml). Written by
`python tools/kits.py`, from a run.

A kit's tester brings its own requests. Ours sends those of the kits (they are about home health, oxygen and beds) and
the same with a pump and a chart in them, because a payer of pumps decides nothing else. Where a kit asks for a denial,
a clinician has decided the case before: software denies nothing.
"""


class Came(NamedTuple):
    """How a row came out: its state, and of what is not passed the reason."""

    state: str
    why: str = ""


def rows() -> list[dict[str, Any]]:
    """Return the rows as they stand in their file."""
    found: list[dict[str, Any]] = yaml.load(ROWS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def suite_of(row: Mapping[str, Any]) -> str:
    """Return how the suite of a row is called in the table."""
    return str(row["suite"]) if row["version"] == "both" else f"{row['suite']} {row['version']}"


def name_of(row: Mapping[str, Any]) -> str:
    """Return how the test of a row is called."""
    return f"{str(row['suite']).removesuffix(' server')} {row['version']} {row['number']} {row['kit']}"


def ran(*, quick: bool) -> dict[str, Came]:
    """Run the rows; return by name how they came out, the worst of the databases."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", TESTS, f"--junit-xml={file}"]
        command += ["-m", "not slow"] if quick else []
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        if not file.is_file():
            raise SystemExit(f"tools/kits.py: no tests ran\n{done.stdout[-2000:]}")
        return read(ET.parse(file).iter("testcase"))  # noqa: S314 - pytest wrote it


def read(cases: Iterator[ET.Element]) -> dict[str, Came]:
    """Return by name how rows came out, from pytest's report."""
    found: dict[str, Came] = {}
    for case in cases:
        test, _, inside = case.attrib["name"].partition("[")
        if test != "test_of_a_kit":
            continue
        name = inside.removesuffix("]").partition("-")[2]
        came = _came(case)
        before = found.get(name, came)
        found[name] = max(before, came, key=lambda one: STATES.index(one.state))
    return found


def _came(case: ET.Element) -> Came:
    for tag in ("failure", "error"):
        if (said := case.find(tag)) is not None:
            return Came("failed", said.attrib.get("message", "").partition("\n")[0])
    if (said := case.find("skipped")) is not None:
        why = said.attrib.get("message", "").partition("\n")[0]
        known = said.attrib.get("type") == "pytest.xfail"
        return Came("failed", why) if known else Came("not applicable", why.removeprefix(REASON))
    return Came("passed")


def table(found: Mapping[str, Came]) -> Iterator[str]:
    """Yield the table by suite."""
    yield f"| suite | tests | {' | '.join(STATES)} |"
    yield f"|---|{'---:|' * (len(STATES) + 1)}"
    suites = list(dict.fromkeys(map(suite_of, rows())))
    for name, of in [*((suite, [suite]) for suite in suites), ("all", suites)]:
        listed = [row for row in rows() if suite_of(row) in of]
        counted = Counter(found.get(name_of(row), Came("not run")).state for row in listed)
        yield f"| {name} | {len(listed)} | {' | '.join(str(counted[state]) for state in STATES)} |"


def page(found: Mapping[str, Came]) -> str:
    """Return the page."""
    lines = [HEAD, *table(found), ""]
    for state, title in (("failed", "Failed"), ("not applicable", "Not applicable")):
        reasons: dict[str, list[str]] = {}
        for row in rows():
            came = found.get(name_of(row), Came("not run"))
            if came.state == state:
                reasons.setdefault(came.why, []).append(f"{suite_of(row)} {row['number']}")
        lines += [f"## {title}", ""]
        lines += ["| why | tests |", "|---|---|", *(f"| {why} | {', '.join(of)} |" for why, of in reasons.items())]
        lines += [""] if reasons else ["| none | |", ""]
    return "\n".join([*lines, *_aside(), ""])


def _aside() -> Iterator[str]:
    said = yaml.load(SUPPRESSED.read_text("utf-8"), Loader=yaml.CSafeLoader)
    yield "## The validator"
    yield ""
    yield "Tests that ask for a profile hold every document of the run against it with the HL7 validator, offline."
    yield "What it says and is left aside, as the kits do, and where a guide or a terminology is not at hand:"
    yield ""
    yield "| message | about | why | as the kits |"
    yield "|---|---|---|---|"
    for of in ("kits", "limits"):
        for one in said[of]:
            kind, text = (one[name].replace("|", "\\|") for name in ("kind", "text"))
            yield f"| `{kind}` | `{text}` | {one['why']} | {'yes' if of == 'kits' else 'no'} |"


def main() -> int:
    """Run the rows, print the table, and write the page or say whether it is stale."""
    quick = "--quick" in sys.argv
    found = ran(quick=quick)
    print("\n".join(table(found)))
    text = page(found)
    if "--check" in sys.argv:
        return int(PAGE.read_text("utf-8") != text)
    if not quick:
        PAGE.write_text(text, "utf-8")
    return int(any(one.state == "failed" for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
