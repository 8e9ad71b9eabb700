"""Runs done again: so many runs of drawn requests to every payer, each the same bytes; and a changed program is found.

    bench/replay.py                              10,000 runs
    bench/replay.py 1000 --write                 so many; and puts the figures into docs/ledger.md

Requests are drawn as the demo draws them, and come in through real acts on a SQLite file: received, answered by their
form, and run again on later days. Then all are replayed: by the program that made them, and the last tenth by copies of
it of which one place was changed. What decides otherwise than it did is an alarm, unless a pin says why.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import figures
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Answer, Receive, Repeat
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import Act, Done, Refused, perform
from priorauth.server.demo import requests
from priorauth.synthetic.cohort import PAYERS

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.ledger.house import COORDINATOR, NOW, SYSTEM, TENANT, example, furnish  # noqa: E402 - the tests stand beside this folder

PAGE: Final = ROOT / "docs" / "ledger.md"
AS_OF: Final = "2026-11-24"
LATER: Final = (2, 10, 20, 40, 60)
"""So many days after its request a case is answered, and run again."""
SHARE: Final = 10
"""One in so many runs is done again by each changed program."""
ALARM: Final = "alarm: run "


class Changed(NamedTuple):
    """One place of the program, and what stands there instead."""

    says: str
    file: str
    old: str
    new: str


CHANGES: Final = (
    Changed(
        "the engine: a guard or its criterion suffices",
        "engines/python/tree.py",
        "return at_least(2, (applies, truth))",
        "return at_least(1, (applies, truth))",
    ),
    Changed(
        "the reader: a window begins a day early",
        "decide/evidence.py",
        "first = found.span.start_last + 1",
        "first = found.span.start_last",
    ),
    Changed(
        "the report: a grant without an approval",
        "decide/report.py",
        'grants=grants if decision.outcome == "approve" else None,',
        "grants=grants,",
    ),
)


MOST: Final = 3_000
"""So many requests are asked for; about 2,300 different ones are drawn."""
EXAMPLES: Final = ("approve", "ask", "conflict", "medicare", "not-yet", "review")
EVERY: Final = 10
"""After so many drawn requests one of the examples comes in: among what is drawn little is approved."""


def coming(runs: int) -> Iterator[tuple[str, datetime, bytes, bytes | None]]:
    """Yield requests to all payers in turn: to whom, when, the Bundle, the form that answers."""
    for place, one in enumerate(requests.made(min(MOST, max(50, runs // 3)), AS_OF)):
        at = datetime.fromisoformat(one.day).replace(hour=15, tzinfo=UTC)
        yield one.payer, at, one.bundle, one.form
        if place % EVERY == 0:
            yield "of the examples", NOW, example(EXAMPLES[place // EVERY % len(EXAMPLES)]), None


def filled(store: Store, runs: int) -> Counter[str]:
    """Make so many runs; return what each act led to."""
    furnish(store, approve_by_rule=False)
    found: Counter[str] = Counter()
    made = 0
    for payer, at, bundle, form in coming(runs):
        if made >= runs:
            break
        first = perform(store, Receive(bundle=bundle), COORDINATOR, at)
        found[payer] += 1
        made += told(found, "received", first)
        if isinstance(first, Refused) or first.case is None:
            continue
        for place, days in enumerate(LATER):
            act: Act = Repeat(case=first.case)
            who = SYSTEM
            if place == 0 and form is not None:
                act, who = Answer(case=first.case, response=form), COORDINATOR
            made += told(found, act.name, perform(store, act, who, at + timedelta(days=days)))
    return found


def told(found: Counter[str], name: str, answer: Done | Refused) -> int:
    """Count what an act led to; return whether it made a run."""
    found[f"{name}: {answer.code if isinstance(answer, Refused) else answer.state}"] += 1
    return int(isinstance(answer, Done))


def replayed(url: str, source: Path, *more: str) -> tuple[int, int, int, float]:
    """Replay by a program; return how many runs, how many differ by a pin, how many alarms there are, and seconds."""
    environment = os.environ | {"PYTHONPATH": str(source), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "priorauth", "ledger", "replay", "--db", url, "--tenant", TENANT, "--json", *more]
    begun = time.perf_counter()
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - begun
    if ran.returncode == 0:
        said: dict[str, Any] = json.loads(ran.stdout)
        return said["runs"], len(said["differ"]), 0, spent
    alarms = ran.stderr.count(ALARM)
    if not alarms:
        raise RuntimeError(ran.stderr[-500:])
    if source == ROOT / "src":
        print(ran.stderr, file=sys.stderr)
    return 0, 0, alarms, spent


def changed(one: Changed, folder: Path) -> Path:
    """Return a copy of the program of which one place is another; ValueError where the place is not there once."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "src", folder, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "priorauth" / one.file
    text = path.read_text("utf-8")
    if text.count(one.old) != 1:
        raise ValueError(f"{one.file}: {one.old!r} stands {text.count(one.old)} times")
    path.write_text(text.replace(one.old, one.new), "utf-8")
    return folder


def since(store: Store, runs: int) -> str:
    """Return the day from which about a tenth of the runs are."""
    one = t.run.c.at
    with store.reading(TENANT) as connection:
        at: datetime = connection.execute(select(one).order_by(one.desc()).offset(runs // SHARE).limit(1)).scalar_one()
    return at.date().isoformat()


def counted(store: Store) -> tuple[int, Counter[str]]:
    """Return how many runs there are, and of which outcome how many."""
    with store.reading(TENANT) as connection:
        rows = connection.execute(select(t.run.c.outcomes)).scalars().all()
    return len(rows), Counter(str(outcome) for row in rows for outcome in row.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=10_000)
    parser.add_argument("--jobs", type=int, default=1, help="replay in so many processes")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="priorauth-replay-") as folder:
        url = f"sqlite:///{folder}/l.db"
        store = open_store(url)
        begun = time.perf_counter()
        acts = filled(store, args.runs)
        runs, outcomes = counted(store)
        if runs < args.runs:
            print(f"only {runs:,} runs could be made of what is drawn", file=sys.stderr)
        print(f"{runs:,} runs made in {time.perf_counter() - begun:.0f} s: {dict(outcomes)}; {dict(acts)}", flush=True)
        first = since(store, runs)
        store.close()
        found = replayed(url, ROOT / "src", "--jobs", str(args.jobs))
        lines = ["| program | runs done again | differ | s |", "|---|---|---|---|"]
        lines.append(f"| the one that made them | {found[0]:,} | {found[1] + found[2]} | {found[3]:.0f} |")
        print(lines[-1], flush=True)
        wrong = found[0] != runs or bool(found[1] + found[2])
        part, *_ = replayed(url, ROOT / "src", "--since", first)
        for one in CHANGES:
            _, pinned, alarms, spent = replayed(url, changed(one, Path(folder) / "src"), "--since", first)
            lines.append(f"| {one.says} | {part:,} | {alarms:,} alarms | {spent:.0f} |")
            print(lines[-1], flush=True)
            wrong = wrong or not alarms or bool(pinned)
    said = ", ".join(f"{outcome} {count:,}" for outcome, count in outcomes.most_common())
    whose = ", ".join(f"{payer} {acts[payer]:,}" for payer in (*PAYERS, "of the examples"))
    lines += ["", f"Requests: {whose}. Outcomes of their runs: {said}."]
    print("\n".join(lines))
    if args.write and not wrong:
        figures.write(PAGE, "replay", lines)
    return int(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
