"""What was found, for people, for programs, and for whatever reads JUnit's XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from priorauth.exchange.trying.found import Result
from priorauth.values.printable import printable

_STANDS: Final = ("passed", "failed", "not applicable")
_MARKS: Final = {"passed": "passed  ", "failed": "FAILED  ", "not applicable": "n/a     "}


def lines(results: Iterable[Result]) -> Iterator[str]:
    """Yield a line for each check; what failed says below it what was expected."""
    for one in results:
        more = f": {one.found}" if one.found else ""
        yield f"{_MARKS[one.stand]}{one.name}{more}"
        if one.stand == "failed":
            yield f"          expected {one.expected}"


def summary(results: Sequence[Result]) -> str:
    """Return how many of each."""
    counted = Counter(one.stand for one in results)
    return ", ".join(f"{counted[stand]} {stand}" for stand in _STANDS)


def as_json(results: Sequence[Result], server: str, version: str) -> dict[str, Any]:
    """Return everything as an object of JSON."""
    return {"server": server, "version": version, "results": [one.json() for one in results]}


def junit(results: Sequence[Result], server: str, version: str) -> str:
    """Return a report as JUnit has it: a suite, a case for each check."""
    counted = Counter(one.stand for one in results)
    spent = sum(one.seconds for one in results)
    head = (
        f"<testsuite name={_attribute(f'priorauth exchange try {server} {version}')} tests={_attribute(len(results))} "
        f'failures={_attribute(counted["failed"])} skipped={_attribute(counted["not applicable"])} errors="0" '
        f"time={_attribute(f'{spent:.3f}')}>"
    )
    cases = "".join(f"  {_case(one)}\n" for one in results)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{cases}</testsuite>\n'


def _case(one: Result) -> str:
    group, _, name = one.name.partition(".")
    head = f"<testcase classname={_attribute(group)} name={_attribute(name)} time={_attribute(f'{one.seconds:.3f}')}"
    match one.stand:
        case "passed":
            return f"{head}/>"
        case "failed":
            said = f"expected {one.expected}"
            return f"{head}><failure message={_attribute(one.found)}>{escape(printable(said))}</failure></testcase>"
        case _:
            return f"{head}><skipped message={_attribute(one.found)}/></testcase>"


def _attribute(value: object) -> str:
    return quoteattr(printable(str(value)))
