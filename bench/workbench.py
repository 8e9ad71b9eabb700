"""How fast the workbench is: the worklist among many open cases, a heavy case, the first paint, many people at once.

    bench/workbench.py                       1,000,000 cases, 50,000 of them open
    bench/workbench.py 200000                of another size; one case in twenty is open
    bench/workbench.py ... --write docs/workbench-bench.md

The cases are rows made by bench/ledger_rows.py on SQLite; the heavy case has 30 runs, 40 documents and 300 events.
Pages are asked of a real server on this machine, by one person after the other, then by 60 at once, each with a session
of her own. The server and those who ask share the processors. Beside the figures stands the load of the machine.
"""

from __future__ import annotations

import argparse
import http.client
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ledger_rows import crowd, heavy
from population import machine

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.ledger.acts import setup  # noqa: E402 - tests stand beside
from priorauth.ledger.schema import open_store  # noqa: E402 - tests stand beside
from priorauth.workbench.signin import cookies, sessions  # noqa: E402 - as above
from tests.ledger import house  # noqa: E402 - as above
from tests.workbench import browser as b  # noqa: E402 - as above
from tests.workbench.house import Desk, working  # noqa: E402 - as above

ASKED: Final = 100
PEOPLE: Final = 60
EACH: Final = 4
GOOD: Final = 200
AIMS: Final = {
    "a page of the worklist": "p99 100 ms among 50,000 open cases",
    "a case of 30 runs, 40 documents, 300 events": "p99 150 ms",
    f"{PEOPLE} people at once, worklist and case in turn": "no error; p99 said",
    "first paint of the worklist, nothing kept": "0.3 s",
    "bytes of the worklist with all it needs": "100 KB",
}


class Figure(NamedTuple):
    """What was measured, what was found, and under which load."""

    work: str
    found: str
    load: float


def session(desk: Desk, person: str = "nina") -> str:
    """Begin a session of a nurse; return the header that bears it."""
    begun = sessions.begin(desk.store, house.TENANT, person, desk.now, strong=False, role="nurse", how="bench")
    return f"{cookies.SESSION}={begun.token}"


def hired(desk: Desk) -> Iterator[str]:
    """Yield so many nurses, as they are added."""
    for place in range(PEOPLE):
        house.done(desk.store, setup.AddPerson(person=f"nurse-{place}", title=f"Nurse {place}"))
        house.done(desk.store, setup.GrantRole(person=f"nurse-{place}", role="nurse", valid_from=house.FIRST))
        yield f"nurse-{place}"


def asked(address: str, borne: str, paths: list[str]) -> list[float]:
    """Ask for pages on one connection; return the seconds of each."""
    spent = []
    there = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
    for path in paths:
        begun = time.perf_counter()
        there.request("GET", path, headers={"Cookie": borne, "Accept": "text/html"})
        answer = there.getresponse()
        page = answer.read()
        spent.append(time.perf_counter() - begun)
        if answer.status != GOOD or b"/c/26-" not in page:
            raise SystemExit(f"{path} answered {answer.status} {answer.getheader('location', '')}")
    there.close()
    return spent


def spread(spent: list[float]) -> str:
    """Return the median and the 99th percentile (nearest rank), in milliseconds."""
    ordered = sorted(spent)
    p50, p99 = (ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] * 1000 for share in (50, 99))
    return f"p50 {p50:.0f} ms, p99 {p99:.0f} ms of {len(ordered)}"


def measured(desk: Desk, case: str) -> Iterator[Figure]:
    """Yield each figure as it is measured."""
    with b.listening(desk) as address:
        borne = session(desk)
        asked(address, borne, ["/queue/nurse", f"/c/{case}"])
        worklist, its = [*AIMS][:2]
        yield Figure(worklist, spread(asked(address, borne, ["/queue/nurse"] * ASKED)), os.getloadavg()[0])
        yield Figure(its, spread(asked(address, borne, [f"/c/{case}"] * ASKED)), os.getloadavg()[0])
        crowd_of = [session(desk, person) for person in hired(desk)]
        paths = ["/queue/nurse", f"/c/{case}"] * (EACH // 2)
        begun = time.perf_counter()
        with ThreadPoolExecutor(PEOPLE) as pool:
            spent = [one for found in pool.map(lambda each: asked(address, each, paths), crowd_of) for one in found]
        rate = len(spent) / (time.perf_counter() - begun)
        yield Figure([*AIMS][2], f"{spread(spent)}, {rate:.0f} pages a second, no error", os.getloadavg()[0])
        with b.chromium() as chromium, b.seated(chromium, desk, address, house.NURSE) as seat:
            seat.go("/queue/nurse")
            seat.page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
            paint = seat.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            size = seat.page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".reduce((all, one) => all + one.transferSize, 0)"
            )
            yield Figure([*AIMS][3], f"{paint / 1000:.2f} s", os.getloadavg()[0])
            yield Figure([*AIMS][4], f"{size / 1000:.0f} KB", os.getloadavg()[0])


def report(size: int, figures: list[Figure]) -> str:
    """Return the page of the docs."""
    head = (__doc__ or "").split("\n\n")
    rows = "".join(f"| {one.work} | {one.found} | {AIMS[one.work]} | {one.load:.1f} |\n" for one in figures)
    return (
        f"# How fast the workbench is\n\n{head[2].strip()}\n\n"
        f"Made by `python bench/workbench.py {size}`: {size:,} cases, {size // 20:,} of them open. {machine()}\n\n"
        f"| work | found | aim | load |\n|---|---|---|---|\n{rows}"
    )


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        store = open_store(f"sqlite:///{folder}/ledger.db")
        stack.callback(store.close)
        house.furnish(store, approve_by_rule=False)
        desk = stack.enter_context(working(store, open_to_all=False))
        crowd(store, given.size)
        case = desk.receive("conflict")
        heavy(store, case)
        found = list(measured(desk, case))
    text = report(given.size, found)
    print(text)
    if given.write:
        given.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
