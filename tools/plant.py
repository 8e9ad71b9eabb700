"""Plant faults one at a time in a copy of the tree, run the tests that matter, and report how many are caught.

The faults are data, `tools/faults/<room>.yaml`: each names a file below `src/priorauth`, a text that stands in it
exactly once, what a tired programmer writes in its place, and why that is wrong. A fault is caught where a test fails,
an import breaks, or the tests do not end in time. The tests are run from near to far and stop at the first failure: the
test module of the same name, then its folder, then what `tools/faults/tests.yaml` lists for the room.

    python tools/plant.py                    every fault that was not caught before
    python tools/plant.py --again            every fault
    python tools/plant.py --room values      one room
    python tools/plant.py --only dates.py    faults whose file, text or reason holds these words
    python tools/plant.py --near             the nearest tests of each fault alone
    python tools/plant.py --check            only see that every fault still finds its text
    python tools/plant.py --docs             write the table of docs/mutation.md from the last results; a room that
                                             was not run whole here stays as it stands there

Results are kept in `build/plant/results.json`. The copies lie in `build/plant/`; the tree itself is never changed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
FAULTS: Final = ROOT / "tools" / "faults"
WORK: Final = ROOT / "build" / "plant"
RESULTS: Final = WORK / "results.json"
PAGE: Final = ROOT / "docs" / "mutation.md"
PACKAGE: Final = Path("src", "priorauth")
COPIED: Final = ("src", "tests", "tools", "docs", "examples", "bench", "requirements")
ALONE: Final = ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "Makefile", "sbom.json")
BEGIN, END = "<!-- planted: begin -->", "<!-- planted: end -->"
LIBRARIES: Final = ("numpy", "msgspec", "lark", "yaml", "duckdb", "pyarrow.parquet", "pyarrow.compute", "z3")
SURVIVED: Final = ""
OWN: Final[list[Path]] = []  # the copy of this process
LATE: Final = "(the tests did not end in time)"
_ROW: Final = re.compile(r"^\| (\S+) \| (\d+) \| (\d+) \| ", re.MULTILINE)
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Fault(NamedTuple):
    """One change of one place, and the room it is planted in."""

    room: str
    file: str
    old: str
    new: str
    why: str

    @property
    def key(self) -> str:
        return sha256("\n".join(self[1:4]).encode()).hexdigest()[:16]

    @property
    def path(self) -> Path:
        return PACKAGE / self.file


class Found(NamedTuple):
    """What became of a fault: the test that caught it, `SURVIVED` where none did, and the seconds it took."""

    by: str
    seconds: float


class Wrong(Exception):
    """The faults or the tests are not as this tool needs them."""


def faults() -> list[Fault]:
    found = []
    for path in sorted(FAULTS.glob("*.yaml")):
        if path.stem == "tests":
            continue
        for row in yaml.safe_load(path.read_text("utf-8")) or ():
            if set(row) != {"file", "old", "new", "why"}:
                raise Wrong(f"{path.name}: expected file, old, new and why, found {sorted(row)}")
            found.append(Fault(path.stem, *(str(row[key]) for key in ("file", "old", "new", "why"))))
    twice = [one for one in found if sum(other.key == one.key for other in found) > 1]
    if twice:
        raise Wrong("\n".join(f"{one.room}: {one.file}: {one.old!r} is planted twice" for one in twice))
    return found


def misplaced(listed: Sequence[Fault], root: Path = ROOT) -> Iterator[str]:
    """Name every fault whose text does not stand exactly once in its file, or that changes nothing."""
    for one in listed:
        path = root / one.path
        count = path.read_text("utf-8").count(one.old) if path.is_file() else -1
        if count != 1 or one.old == one.new:
            said = "no such file" if count < 0 else "changes nothing" if one.old == one.new else f"stands {count} times"
            yield f"{one.room}: {one.file}: {one.old!r}: {said}"


def placed(listed: Sequence[Fault]) -> None:
    if wrong := list(misplaced(listed)):
        raise Wrong("\n".join(wrong))


def stages(one: Fault, wider: dict[str, list[str]], root: Path) -> list[list[str]]:
    """Give the tests to run, from near to far, none twice."""
    file = Path(one.file)
    mirror = Path("tests", file.parent, f"test_{file.stem}.py")
    near = [str(mirror)] if (root / mirror).is_file() else wider.get(one.file, [])
    ladder = [near, wider.get(f"{file.parent}/", []), wider.get(one.room, [])]
    done: set[str] = set()
    made = []
    for step in ladder:
        fresh = [test for test in step if test not in done and (root / test).exists()]
        done.update(fresh)
        if fresh:
            made.append(fresh)
    return made


def copy(number: int) -> Path:
    """Make one copy of what the tests need."""
    place = WORK / f"tree-{number}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    leave_out = shutil.ignore_patterns("node_modules", ".*_cache", ".hypothesis", "target")
    peers = Path("tests", "peers", "cql", "node_modules")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, ignore=leave_out)
    for name in ALONE:
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, place / name)
    if (ROOT / peers).is_dir():  # the engine of CQL, where it is installed
        (place / peers).symlink_to((ROOT / peers).resolve())
    return place


@contextmanager
def planted(one: Fault, tree: Path) -> Iterator[None]:
    """Replace the text for a while; compiled files go too, for they are known by the second and the length."""
    path = tree / one.path
    text = path.read_text("utf-8")
    write(path, text.replace(one.old, one.new))
    try:
        yield
    finally:
        write(path, text)


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        with suppress(FileNotFoundError):
            compiled.unlink()


def preload() -> None:
    """Import what every test run imports, but nothing of ours: each run is then a fork of this process."""
    for name in ("pytest", "hypothesis.strategies", *LIBRARIES):
        with suppress(ImportError):
            import_module(name)


def run(tests: list[str], tree: Path, seconds: int) -> str:
    """Run some tests in a copy; give the first that failed, `SURVIVED` where none did."""
    said = tree / "said.txt"
    child = os.fork()
    if not child:
        os._exit(in_child(tests, tree, said))
    until = perf_counter() + seconds
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if perf_counter() > until:
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return LATE
        sleep(0.05)
    code = os.waitstatus_to_exitcode(ended[1])
    if code in (0, 5):  # 5: nothing was collected
        return SURVIVED
    text = said.read_text("utf-8", "replace")
    if code not in (1, 2):
        raise Wrong(f"pytest ended with {code} on {' '.join(tests)}:\n{text[-2000:]}")
    failed = _FAILED.search(text)
    return failed[1] if failed else tests[0]


def in_child(tests: list[str], tree: Path, said: Path) -> int:
    """Run tests in a process of their own session, that sees the copy and not the tree; gives pytest's exit code."""
    import pytest

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where this runs in the background
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree / "src")
    own = {str(ROOT / "src"), str(ROOT / "tools"), str(ROOT), ""}
    sys.path[:] = [str(tree / "src"), *(place for place in sys.path if place not in own)]
    options = ["-x", "-q", "--no-header", "-m", "not slow", "-p", "no:cacheprovider"]
    code = pytest.main([*options, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests])
    sys.stdout.flush()
    return int(code)


def tried(one: Fault, wider: dict[str, list[str]], tree: Path, options: argparse.Namespace) -> Found:
    begun = perf_counter()
    by = SURVIVED
    with planted(one, tree):
        for step in stages(one, wider, tree)[: 1 if options.near else None]:
            if by := run(step, tree, options.seconds):
                break
    return Found(by, round(perf_counter() - begun, 1))


def known() -> dict[str, Found]:
    if not RESULTS.is_file():
        return {}
    return {key: Found(*row) for key, row in json.loads(RESULTS.read_text("utf-8")).items()}


def keep(results: dict[str, Found]) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True), "utf-8")


def plant(listed: list[Fault], wider: dict[str, list[str]], options: argparse.Namespace) -> dict[str, Found]:
    """Try every fault, each process in a copy of its own; results are written as they come."""
    results, context = known(), get_context("spawn")
    numbers = context.SimpleQueue()
    for number in range(options.tree, options.tree + options.jobs):
        numbers.put(number)
    with ProcessPoolExecutor(options.jobs, mp_context=context, initializer=begin, initargs=(numbers,)) as pool:
        waiting = {pool.submit(in_own_copy, one, wider, options): one for one in listed}
        for done in as_completed(waiting):
            told(results, waiting[done], done.result())
    return results


def begin(numbers: SimpleQueue[int]) -> None:
    """Make the copy of this process."""
    preload()
    OWN.append(copy(numbers.get()))


def in_own_copy(one: Fault, wider: dict[str, list[str]], options: argparse.Namespace) -> Found:
    return tried(one, wider, OWN[0], options)


def told(results: dict[str, Found], one: Fault, found: Found) -> None:
    """Say what became of a fault and keep it beside what other runs kept."""
    results.update(known())
    results[one.key] = found
    keep(results)
    said = f"caught by {found.by}" if found.by else f"SURVIVED: {one.why}"
    print(f"{found.seconds:6.1f} s  {one.room}: {one.file}: {one.old!r} -> {one.new!r}: {said}", flush=True)


def sound(listed: list[Fault], wider: dict[str, list[str]], seconds: int) -> None:
    """See that every test that is run for a fault passes on the unchanged tree."""
    preload()
    tree = copy(99)
    for test in sorted({test for one in listed for step in stages(one, wider, tree) for test in step}):
        if failed := run([test], tree, seconds):
            raise Wrong(f"{test} fails without a fault: {failed}")


def table(listed: list[Fault], results: dict[str, Found], page: str = "") -> str:
    """Give the table of rooms, then the survivors; a room that was not run whole here is as it stands on the page."""
    lines = ["| room | planted | caught | share |", "|---|---|---|---|"]
    stood = {row[1]: row for row in _ROW.finditer(page)}
    tested = [one for one in listed if one.key in results]
    of_rooms = Counter(one.room for one in listed)
    left = {room for room in of_rooms if sum(one.room == room for one in tested) < of_rooms[room]}
    kept = {room for room in left if room.replace("_", "/") in stood}
    planted, caught = 0, 0
    for room in dict.fromkeys(one.room for one in listed):
        name, of_room = room.replace("_", "/"), [one for one in tested if one.room == room]
        counts = len(of_room), sum(bool(results[one.key].by) for one in of_room)
        if room in kept:
            counts = int(stood[name][2]), int(stood[name][3])
        lines.append(_row(name, *counts))
        planted, caught = planted + counts[0], caught + counts[1]
    lines.append(_row("all", planted, caught))
    survivors = [
        one
        for one in listed
        if (survivor(one) in page if one.room in kept else one.key in results and not results[one.key].by)
    ]
    if survivors:
        lines += ["", "Not caught:", "", *map(survivor, survivors)]
    return "\n".join(lines)


def _row(name: str, planted: int, caught: int) -> str:
    share = f"{100 * caught / planted:.0f} %" if planted else "not run"
    return f"| {name} | {planted} | {caught} | {share} |"


def survivor(one: Fault) -> str:
    """Give the line of the page for a fault that no test caught."""
    return f"* `{one.file}`: `{shown(one.old)}` becomes `{shown(one.new)}`: {one.why}"


def shown(text: str) -> str:
    return " ".join(text.replace("`", "'").split()) or "(nothing)"


def document(text: str) -> None:
    page = PAGE.read_text("utf-8")
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise Wrong(f"{PAGE}: expected {BEGIN} and {END}, each once")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", "utf-8")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0], allow_abbrev=False)
    parser.add_argument("--room", action="append", help="only faults of this room; may be given again")
    parser.add_argument("--only", help="only faults whose file, text or reason holds these words")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time, each in a copy of its own")
    parser.add_argument("--seconds", type=int, default=600, help="how long the tests of one step may take")
    parser.add_argument("--tree", type=int, default=0, help="number of the first copy, for several runs side by side")
    parser.add_argument("--near", action="store_true", help="run the nearest tests alone: quick, and says too little")
    parser.add_argument("--again", action="store_true", help="also what was caught before")
    parser.add_argument("--check", action="store_true", help="only see that every fault finds its text")
    parser.add_argument("--sound", action="store_true", help="only see that the tests pass without a fault")
    parser.add_argument("--docs", action="store_true", help="write docs/mutation.md from the results on file")
    return parser.parse_args(given)


def chosen(every: list[Fault], options: argparse.Namespace) -> list[Fault]:
    def wanted(one: Fault) -> bool:
        words = f"{one.file} {one.old} {one.new} {one.why}"
        return (not options.room or one.room in options.room) and (not options.only or options.only in words)

    order = options.room or []
    return sorted(filter(wanted, every), key=lambda one: order.index(one.room) if order else 0)


def main() -> int:
    options = arguments()
    try:
        every = faults()
        wider: Any = yaml.safe_load((FAULTS / "tests.yaml").read_text("utf-8"))
        placed(every)
        listed = chosen(every, options)
        if options.sound:
            sound(listed, wider, options.seconds)
        elif options.docs:
            document(table(every, known(), PAGE.read_text("utf-8")))
        elif not options.check:
            before = known()
            waiting = [one for one in listed if options.again or not before.get(one.key, Found(SURVIVED, 0)).by]
            print(table(listed, plant(waiting, wider, options)))
    except Wrong as fault:
        print(fault, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
