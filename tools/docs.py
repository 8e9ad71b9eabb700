"""Writes what the docs show of the program: pages between marks, dialogues, commands, the clocks.

python tools/docs.py           # rewrites README.md and in docs pages, questions, commands, clocks and pictures
python tools/docs.py --check   # exit 1 where one is stale
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from priorauth import Determination, determine
from priorauth.cli.command import WIDTH, Command
from priorauth.cli.main import TOP
from priorauth.decide.page.text import page
from priorauth.glucose.logbook import open_logs
from priorauth.glucose.metrics import series
from priorauth.glucose.page.period import latest
from priorauth.glucose.page.report import pictures

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from tests.casebook.kept import case_of  # noqa: E402  # the tests stand beside this folder, not in a package
from tools import clocks  # noqa: E402  # the same
from tools.states import drawn  # noqa: E402  # the same

DIALOGUES: Final = ROOT / "examples" / "dialogues" / "requests.json"
SEAL: Final = re.compile(r"^(Receipt +)[0-9a-f]{8}…", re.MULTILINE)
"""A receipt changes with every release; a page of a document need not."""
MARKED: Final = re.compile(r"(<!-- page: (?P<case>[\w/.-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
MARK: Final = "<!-- dialogues -->"
LOGS: Final = ("tests/data/glucose/Clarity_Export_synthetic.csv", "tests/data/glucose/plain_meter.csv")
HELPED: Final = "<!-- commands -->"


def case_at(name: str) -> dict[str, Any]:
    """Return a case: of a JSON file, or of tests/cases/own, as in `own/masshealth-upgrade`."""
    made: dict[str, Any] = json.loads((ROOT / name).read_bytes()) if name.endswith(".json") else case_of(name)
    return made


# ---- pages


def pages(text: str) -> str:
    """Fill in the page that is printed today wherever a case is marked."""

    def fill(found: re.Match[str]) -> str:
        case = case_at(found["case"])
        printed = SEAL.sub(r"\g<1>01234567…", page(determine(case.get("bundle", case))))
        body = "\n".join(f"    {line}".rstrip() for line in printed.rstrip().splitlines())
        return f"{found[1]}\n{body}\n\n{found[3]}"

    return MARKED.sub(fill, text)


# ---- dialogues


def asked(found: Determination) -> list[str]:
    """Name the facts that are asked."""
    return [question.fact for question in found.questions]


def turns(dialogue: dict[str, Any]) -> Iterator[tuple[Determination, dict[str, list[Any]]]]:
    """Decide a request, answer what is asked, decide again, until nothing is asked; each turn with its answers."""
    case = case_at(dialogue["case"])
    bundle = case.get("bundle", case)
    left_out = dialogue.get("without", ())
    bundle["entry"] = [one for one in bundle["entry"] if one["resource"]["resourceType"] not in left_out]
    claim = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Claim")
    place = 0
    while True:
        (found,) = determine(bundle)
        given = {fact: dialogue["answers"][fact] for fact in asked(found) if fact in dialogue["answers"]}
        yield found, given
        if not given:
            return
        place += 1
        form = {
            "resourceType": "QuestionnaireResponse", "id": f"answers-{place}", "status": "completed",
            "subject": claim["patient"], "authored": claim["created"],
            "item": [item for items in given.values() for item in items],
        }  # fmt: skip
        bundle["entry"].append({"fullUrl": f"urn:uuid:answers-{place}", "resource": form})


def written(dialogue: dict[str, Any]) -> Iterator[str]:
    """Write one dialogue."""
    yield f"## {dialogue['title']}"
    yield ""
    left_out = dialogue.get("without", ())
    yield f"`{dialogue['case']}`" + (f", without {', '.join(left_out)}" if left_out else "")
    for number, (found, given) in enumerate(turns(dialogue), 1):
        yield ""
        yield f"**{number}. {found.outcome}**" + (
            f", facts in `ask`: {len(found.questions)}" if found.questions else ""
        )
        if found.ask is not None:
            yield ""
            yield f"    {json.dumps(found.as_json()['ask'])}"
        for question in found.questions:
            if question.fact in given:
                yield ""
                yield f"* {question.ask}"
                for row in question.on_file or ():
                    said = ", ".join(part for part in (row.value, row.date, row.kind) if part)
                    yield f"    * on file: {said}: {row.ground}"
                yield f"    * answered: `{json.dumps(given[question.fact])}`"
        if not found.questions:
            yield ""
            for reason in found.reasons[:4]:
                yield f"* {reason.criterion}: {reason.text}" if reason.criterion else f"* {reason.text}"
    yield ""


def dialogues(text: str) -> str:
    """Write three requests, from the first question to the end, after the mark."""
    head, _, _ = text.partition(MARK)
    lines = [line for dialogue in json.loads(DIALOGUES.read_bytes()) for line in written(dialogue)]
    return f"{head}{MARK}\n\n" + "\n".join(lines).rstrip() + "\n"


# ---- commands


def commands(group: click.Group = TOP, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Walk the commands in the order of the help, each with the words that name it: the one list of them all."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        elif isinstance(found, Command):
            yield (*path, name), found


def helped(path: tuple[str, ...], command: Command) -> str:
    """Give the help of a command as it is printed in lines of 100 characters."""
    context = click.Context(
        command, info_name=" ".join(("priorauth", *path)), terminal_width=WIDTH, **command.context_settings
    )
    return command.get_help(context)


def reference(text: str) -> str:
    """Write the help of every command after the mark."""
    head, _, _ = text.partition(HELPED)
    parts = [
        f"## priorauth {' '.join(path)}\n\n"
        + "\n".join(f"    {line}".rstrip() for line in helped(path, found).splitlines())
        for path, found in commands()
    ]
    return f"{head}{HELPED}\n\n" + "\n\n".join(parts) + "\n"


# ---- the report of a glucose log


def picture(device: int, name: str) -> Callable[[str], str]:
    """Return what draws a picture of the report of a log: of the sensor's or the meter's, by the picture's name."""

    def draw(_: str) -> str:
        period = latest(series.of([open_logs([ROOT / LOGS[device]]).streams[0]]))
        return next(one.svg for one in pictures(period) if one.name == name)

    return draw


FILLED: Final[Mapping[str, Callable[[str], str]]] = {
    "README.md": pages,
    "docs/clocks.md": clocks.filled,
    "docs/commands.md": reference,
    "docs/glucose-agp.svg": picture(0, "agp"),
    "docs/glucose-daily.svg": picture(0, "daily"),
    "docs/glucose-dots.svg": picture(1, "agp"),
    "docs/glucose-ranges.svg": picture(0, "ranges"),
    "docs/pages.md": pages,
    "docs/questions.md": dialogues,
    "docs/states.svg": lambda _: drawn(),
}


def main() -> int:
    """Rewrite or check the documents."""
    stale = 0
    for name, filled in FILLED.items():
        text = (ROOT / name).read_text("utf-8")
        made = filled(text)
        stale |= made != text
        if "--check" not in sys.argv:
            (ROOT / name).write_text(made, "utf-8")
    return int(stale) if "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
