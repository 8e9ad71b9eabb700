"""Counts how many presses the ten commonest tasks take, by doing each in Chromium; writes docs/clicks.md.

python tools/clicks.py           # write the page
python tools/clicks.py --check   # exit 1 where it is stale

A press is a click, or a key that stands for one; what is typed is counted apart, by characters.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from playwright.sync_api import Error, Locator  # noqa: E402  # the tests stand beside this folder

from priorauth.ledger.events import Who  # noqa: E402
from priorauth.ledger.schema import open_store  # noqa: E402
from tests.ledger import house  # noqa: E402
from tests.workbench import browser as b  # noqa: E402
from tests.workbench.director import OFFICES, with_director  # noqa: E402
from tests.workbench.house import Desk, working  # noqa: E402

PAGE: Final = ROOT / "docs" / "clicks.md"
HEAD: Final = """# How many presses a task takes

Counted by `python tools/clicks.py`, which does each task in Chromium on a plan with made-up requests, and sees that it
is done. A press is a click or a key that stands for one; choosing a file is two; what is typed is counted apart. Each
begins on the page on which the person starts her day: the worklist, or the list of the practice.

| task | who | presses | characters typed | done when |
|---|---|---|---|---|
"""


@dataclass
class Hand:
    """A hand at a page, which counts."""

    seat: b.Seat
    presses: int = 0
    typed: int = 0

    def press(self, what: Locator) -> None:
        """Click."""
        what.click()
        self.presses += 1

    def button(self, name: str) -> None:
        """Click the button of a name."""
        self.press(self.seat.page.get_by_role("button", name=name, exact=True).first)

    def link(self, name: str) -> None:
        """Click the link of a name."""
        self.press(self.seat.page.get_by_role("link", name=name, exact=True).first)

    def choose(self, selector: str) -> None:
        """Choose one of several, or tick."""
        self.press(self.seat.page.locator(selector).first)

    def write(self, selector: str, text: str) -> None:
        """Click into a field and type."""
        field = self.seat.page.locator(selector).first
        self.press(field)
        self.seat.page.keyboard.type(text)
        self.typed += len(text)

    def file(self, selector: str, file: Path) -> None:
        """Choose a file: one press opens the list of files, one takes it."""
        self.seat.page.locator(selector).first.set_input_files(file)
        self.presses += 2


class Task(NamedTuple):
    """A task: what it is, who does it, what has to be there, where she begins, what she does, what is seen then."""

    says: str
    who: Who
    before: Callable[[Desk], str]
    at: str
    does: Callable[[Hand, str], None]
    seen: str


def _approve(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.button("Approve")


def _ask(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.link("Ask the clinic")
    hand.button("Ask the clinic")


def _settle(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.link("Settle")
    hand.choose('form[action*="/settle/"] input[type=radio]')
    hand.write('form[action*="/settle/"] [name=why]', "The meter's log is whole.")
    hand.press(hand.seat.page.locator('form[action*="/settle/"] button').first)


def _next(hand: Hand, case: str) -> None:
    del case
    hand.button("Take the next case")


def _route(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.button("Route to a medical director")


def _note(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.write("#f-said", "Called the clinic, no answer.")
    hand.button("Keep the note")


def _check(hand: Hand, case: str) -> None:
    del case
    hand.link("Check before sending")
    hand.file("#f-files", house.EXAMPLES / "ask.json")
    hand.button("Check it")


def _send(hand: Hand, case: str) -> None:
    del case
    hand.link("Check before sending")
    hand.file("#f-files", house.EXAMPLES / "approve.json")
    hand.button("Check it")
    hand.button("Send it")


def _find(hand: Hand, case: str) -> None:
    hand.write("#f-find", case)
    hand.button("Find it")


def _decide(hand: Hand, case: str) -> None:
    hand.link(case)
    hand.link("Decide")
    hand.choose("input[name=as][value=approve]")
    hand.button("Go on")
    hand.write('form[action$="/decide/approve"] [name=why]', "Severe lows at night.")
    hand.button("Approve as asked")


def tasks() -> Iterator[Task]:
    """Yield the ten tasks."""
    nurse, clinic, director = house.NURSE, house.COORDINATOR, house.DIRECTOR
    yield Task(
        "Take the next case", nurse, lambda desk: desk.receive("conflict"), "/queue", _next, "The case is yours."
    )
    yield Task(
        "Approve a case that is ready", nurse, lambda desk: desk.receive("approve"), "/queue", _approve, "Approved."
    )
    yield Task(
        "Ask for what is missing",
        nurse,
        lambda desk: desk.receive("ask"),
        "/queue/clinic",
        _ask,
        "The clinic was asked.",
    )
    yield Task("Settle two sides", nurse, lambda desk: desk.receive("conflict"), "/queue", _settle, "Settled.")
    yield Task(
        "Route to a director",
        nurse,
        lambda desk: desk.receive("review"),
        "/queue",
        _route,
        "went to the medical directors",
    )
    yield Task("Note something", nurse, lambda desk: desk.receive("conflict"), "/queue", _note, "The note is kept.")
    yield Task("Check a request before sending", clinic, lambda _: "", "/clinic", _check, "Nothing was sent")
    yield Task("Check and send a request", clinic, lambda _: "", "/clinic", _send, "Sent.")
    yield Task("Find out where a request is", clinic, lambda desk: desk.receive("ask"), "/clinic", _find, "Decide by")
    told = "Approve beyond the criteria, with a reason"
    yield Task(told, director, lambda desk: with_director(desk.store), "/queue/director", _decide, "Approved.")


def counted() -> Iterator[str]:
    """Yield the row of each task, done on a plan of its own; raises SystemExit where one cannot be done."""
    with b.chromium() as chromium:
        for task in tasks():
            with tempfile.TemporaryDirectory() as folder:
                store = open_store(f"sqlite:///{folder}/ledger.db")
                house.furnish(store, approve_by_rule=False, letters=OFFICES)
                with working(store, open_to_all=False) as desk:
                    case = task.before(desk)
                    with b.listening(desk) as address, b.seated(chromium, desk, address, task.who) as seat:
                        seat.go(task.at)
                        hand = Hand(seat)
                        try:
                            task.does(hand, case)
                        except Error as fault:
                            raise SystemExit(f"{task.says}: {seat.page.url}: {fault.message}") from None
                        if not seat.sees(task.seen):
                            raise SystemExit(f"{task.says}: {seat.page.url} does not say {task.seen!r}")
                store.close()
            yield f"| {task.says} | {task.who.role} | {hand.presses} | {hand.typed} | it says “{task.seen}” |\n"


def main(*, check: bool) -> int:
    """Write the page, or see whether it is stale."""
    made = HEAD + "".join(counted())
    if not check:
        PAGE.write_text(made, encoding="utf-8")
        print(made)
        return 0
    if PAGE.read_text(encoding="utf-8") != made:
        print("docs/clicks.md is stale: python tools/clicks.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
