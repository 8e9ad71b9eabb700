"""Compare what two commits say, byte for byte: `python tools/same.py OLD [NEW]` (NEW is this tree where none is named).

Each commit is checked out beside the other and runs the same commands over the same files: `determine` in every
format over the worked, own, edge and drawn cases and the examples; `policies show`, `ask`, `cql` and the tables;
`glucose` over every log. Drawn cases are those beside each version and some drawn at random, written as Bundles once,
by this tree. What differs is listed with the first line that does, and the exit code is 1; how many of each command
were refused by both is said, for a refusal compares little. `--except TEXT=TEXT` writes one text of OLD as NEW does,
for a change that was meant (the version); `--no-hashes` leaves the hashes of receipts out: they move with every policy.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FORMATS = (("--format", "json"), ("--format", "text"), ("--format", "text", "--full"), ("--format", "fhir"))
PAGES = ((), ("--json",), ("--html",))
POLICIES = "policies.txt"
HTML = "page.html"
HASH = re.compile(r"\b[0-9a-f]{16}\b|\b[0-9a-f]{64}\b|\b[0-9a-f]{8}…|urn:uuid:[0-9a-f-]{36}")
"""What moves with every policy and vocabulary: the hashes of a receipt, the first digits of one on a page, ids
made of one."""
SEED = 2026


Difference = tuple[str, str, str]
"""The name of a command, and the first line in which two commits differ, of each."""


def written(folder: Path, drawn: int) -> None:
    """Write the files that both commits read, as `<group>/<name>.json` with its options beside it."""
    edge = folder / "edge"
    edge.mkdir(parents=True)
    for path in sorted((ROOT / "tests" / "edge").rglob("*.json")):
        raw = path.read_bytes()
        try:
            _case(edge, path.stem, json.loads(raw))
        except ValueError:  # a file that is broken on purpose goes as it is
            (edge / path.name).write_bytes(raw)
            (edge / f"{path.stem}.options").write_text("[]", encoding="utf-8")
    for path in sorted((ROOT / "examples").glob("*.json")):
        _case(folder / "examples", path.stem, {"bundle": json.loads(path.read_bytes())})
    sys.path.insert(0, str(ROOT))
    from tests.casebook.kept import every

    for one in every():
        _case(folder / "cases", one.name, one.load())
    for name, case in _drawn(drawn):
        _case(folder / "drawn", name, case)
    from priorauth.policy.catalog import open_catalog

    (folder / POLICIES).write_text("\n".join(open_catalog().files), encoding="utf-8")


def _case(folder: Path, name: str, case: dict[str, object]) -> None:
    """Write one case: its Bundle, its judgments if any, and its options."""
    if not isinstance(case.get("bundle"), dict):
        return
    folder.mkdir(parents=True, exist_ok=True)
    options: list[str] = []
    if case.get("judgments"):
        judgments = folder / f"{name}.judgments"
        judgments.write_text(json.dumps(case["judgments"]), encoding="utf-8")
        options += ["--judgments", str(judgments)]
    for key in ("as_of", "policy"):
        if case.get(key):
            options += [f"--{key.replace('_', '-')}", str(case[key])]
    (folder / f"{name}.json").write_text(json.dumps(case["bundle"]), encoding="utf-8")
    (folder / f"{name}.options").write_text(json.dumps(options), encoding="utf-8")


def _drawn(most: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Give the cases beside every version and drawn ones as Bundles."""
    from priorauth.assurance.bundle import bundle
    from priorauth.decide.trial import beside, trials
    from priorauth.policy.catalog import open_catalog
    from priorauth.values.dates import iso
    from tests.draw import Draw

    catalog = open_catalog()
    for policy in catalog.all():
        draw = Draw(policy, catalog.vocabulary, SEED)
        known = [trial.case for trial in trials(beside(policy), catalog)] if beside(policy).exists() else []
        for place, case in enumerate([*known, *(draw.case() for _ in range(most))]):
            name = f"{policy.id.replace('/', '-')}-{iso(policy.effective.first)}-{place}"
            rows = [row for listed in case.rows.values() for row in listed]
            made, judgments = bundle(
                rows, payer=policy.id.partition("/")[0], as_of=case.as_of, vocabulary=catalog.vocabulary, name=name
            )
            yield name, {"bundle": made, "judgments": judgments, "policy": policy.id}


def commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Give every command with a name by which both commits know it."""
    for options in sorted(folder.rglob("*.options")):
        case = options.with_suffix(".json")
        for chosen in FORMATS:
            name = f"determine {case.relative_to(folder)} {' '.join(chosen)}"
            yield name, ["determine", str(case), *json.loads(options.read_text(encoding="utf-8")), *chosen]
    for log in sorted((ROOT / "tests" / "data" / "glucose").rglob("*")):
        if log.is_file():
            for page in PAGES:
                where = [str(folder / HTML)] if "--html" in page else []
                yield f"glucose {log.name} {' '.join(page)}", ["glucose", str(log), *page, *where]
    for line in ("list", "coverage", "census", "compare --product E0784", "check"):
        yield f"policies {line}", ["policies", *line.split()]
    for policy in (folder / POLICIES).read_text(encoding="utf-8").splitlines():
        for command in ("show", "ask", "cql"):
            yield f"policies {command} {policy}", ["policies", command, policy]


def answers(inputs: Path, out: Path) -> None:
    """Run every command by the `priorauth` that is on the path, and write what it said as one JSON line each."""
    from priorauth.cli.main import main

    with out.open("w", encoding="utf-8") as lines:
        for name, argv in commands(inputs):
            said, code = _said(main, argv)
            if "--html" in argv and not code:
                said += (inputs / HTML).read_text(encoding="utf-8")
            lines.write(json.dumps({"name": name, "code": code, "said": said}) + "\n")


def _said(main: Callable[[list[str]], int], argv: list[str]) -> tuple[str, int]:
    """Run one command in this process; give what it printed on both streams, and its exit code."""
    with tempfile.TemporaryFile() as kept:
        sys.stdout.flush()
        sys.stderr.flush()
        streams = os.dup(1), os.dup(2)
        os.dup2(kept.fileno(), 1)
        os.dup2(kept.fileno(), 2)
        try:
            code = main(argv)
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, stream in enumerate(streams, 1):
                os.dup2(stream, number)
                os.close(stream)
        kept.seek(0)
        return kept.read().decode(errors="backslashreplace"), code


def differences(
    old: Path, new: Path, meant: Sequence[tuple[str, str]], refused: Counter[str], *, hashes: bool
) -> Iterator[Difference]:
    """Give each command that two commits answer differently; ``refused`` counts those that both refuse alike."""
    with old.open(encoding="utf-8") as before, new.open(encoding="utf-8") as after:
        for one, two in zip(map(json.loads, before), map(json.loads, after), strict=True):
            if one["name"] != two["name"]:
                raise SystemExit(f"{one['name']} stands beside {two['name']}: not one list was run")
            refused[one["name"].partition(" ")[0]] += one["code"] == two["code"] != 0
            for was, now in meant:
                one["said"] = one["said"].replace(was, now)
            if not hashes:
                one["said"], two["said"] = (HASH.sub("...", said["said"]) for said in (one, two))
            if (one["code"], one["said"]) != (two["code"], two["said"]):
                pairs = zip_longest(
                    [f"exit {one['code']}", *one["said"].split("\n")], [f"exit {two['code']}", *two["said"].split("\n")]
                )
                yield one["name"], *next((str(a), str(b)) for a, b in pairs if a != b)


def main() -> int:
    """Compare; give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old")
    parser.add_argument("new", nargs="?", help="a commit; this tree as it stands where none is named")
    parser.add_argument("--drawn", type=int, default=40, help="so many drawn cases a version (40)")
    parser.add_argument("--show", type=int, default=10, help="so many differences are shown (10); all are counted")
    parser.add_argument("--except", dest="meant", action="append", default=[], metavar="TEXT=TEXT")
    parser.add_argument("--no-hashes", dest="hashes", action="store_false", help="leave hashes out")
    parser.add_argument("--answers", nargs=2, type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.answers:
        answers(*args.answers)
        return 0
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        inputs = folder / "inputs"
        written(inputs, args.drawn)
        before, after = _commit(folder, args.old, inputs), _commit(folder, args.new, inputs)
        meant = [(was, now) for was, _, now in (one.partition("=") for one in args.meant)]
        refused: Counter[str] = Counter()
        found = list(differences(before, after, meant, refused, hashes=args.hashes))
        total = Counter(name.split(" ")[0] for name, _ in commands(inputs))
    for name, was, now in found[: args.show]:
        print(f"{name}\n  {args.old}: {was[:200]}\n  {args.new or 'this tree'}: {now[:200]}")
    counts = ", ".join(
        f"{count:,} of {command}, {refused[command]:,} refused" for command, count in sorted(total.items())
    )
    print(f"{sum(total.values()):,} commands ({counts}): {len(found):,} answered differently")
    return 1 if found else 0


def _commit(folder: Path, commit: str | None, inputs: Path) -> Path:
    """Check a commit out and let it answer."""
    tree = ROOT
    if commit:
        tree = folder / f"tree-{commit.replace('/', '-')}"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree), commit], cwd=ROOT, check=True)
    out = folder / f"answers-{tree.name}"
    try:
        environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "100"}
        subprocess.run([sys.executable, __file__, "-", "--answers", str(inputs), str(out)], check=True, env=environment)
    finally:
        if commit:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)
    return out


if __name__ == "__main__":
    sys.exit(main())
