"""The elements that a letter must hold, by kind and line of business, as data, and whether a page holds them.

The data is ``elements.yaml``. A template marks each with ``data-element``. A letter whose page lacks one, or has it
without words, is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from priorauth.letters.facts import Facts, Line
from priorauth.letters.kinds import Adverse, AppealDecision, Approval, Kind, MissedClock, Quote, kind_of
from priorauth.letters.lines import owed
from priorauth.values import strict_yaml

PATH: Final = Path(__file__).with_name("elements.yaml")
REPLACED: Final = frozenset(("replacement", "upgrade", "repair"))
"""Kinds of requests in which a device stands for another, or is mended."""
BREAKS: Final = frozenset(("br", "p", "li", "div", "tr", "th", "td", "h2", "h3"))
VOID: Final = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))


class Element(Struct, frozen=True, forbid_unknown_fields=True):
    """An element: its name in the templates, what it is, whose letters need it, where that is written."""

    id: str
    says: str
    cite: str
    lines: tuple[Line, ...] = ()
    states: tuple[str, ...] = ()
    when: str = ""


@cache
def table() -> Mapping[Kind, tuple[Element, ...]]:
    """Return the elements of each kind."""
    return msgspec.convert(strict_yaml.read_file(PATH), dict[Kind, tuple[Element, ...]])


def required(facts: Facts) -> Iterator[Element]:
    """Yield the elements that a letter must hold."""
    for one in table()[kind_of(facts.says)]:
        if one.lines and facts.sender.line not in one.lines:
            continue
        if one.states and facts.sender.state not in one.states:
            continue
        if not one.when or CONDITIONS[one.when](facts):
            yield one


def missing(html: str, facts: Facts) -> Iterator[Element]:
    """Yield the elements that a page lacks, or has without words."""
    found = held(html)
    yield from (one for one in required(facts) if not any(found.get(one.id, ())))


def held(html: str) -> dict[str, tuple[str, ...]]:
    """Return the text of each marked element of a page, place by place."""
    reader = _Reader()
    reader.feed(html)
    return {name: tuple(" ".join("".join(parts).split()) for parts in places) for name, places in reader.found.items()}


class _Reader(HTMLParser):
    """Collects the text below each mark."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[list[str], ...]] = []
        """For each open tag the texts of the marks that it bears."""
        self.found: dict[str, list[list[str]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        texts: tuple[list[str], ...] = tuple([] for _ in (given.get("data-element") or "").split())
        for name, text in zip((given.get("data-element") or "").split(), texts, strict=True):
            self.found.setdefault(name, []).append(text)
        self.open.append(texts)
        self.handle_data(f" {given.get('alt') or ''} " if tag == "img" else " " if tag in BREAKS else "")
        if tag in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()
            self.handle_data(" " if tag in BREAKS else "")

    def handle_data(self, data: str) -> None:
        for level in self.open:
            for text in level:
                text.append(data)


# ---- conditions


def _cut(facts: Facts) -> bool:
    return isinstance(facts.says, Adverse) and facts.says.action == "reduction"


def _part(facts: Facts) -> bool:
    says = facts.says
    return isinstance(says, Approval | Adverse | AppealDecision) and bool(says.refused)


def _child(facts: Facts) -> bool:
    return isinstance(facts.says, Adverse) and bool(facts.says.epsdt)


CONDITIONS: Final[Mapping[str, Callable[[Facts], bool]]] = {
    "trial": lambda facts: isinstance(facts.says, Approval) and facts.says.grant.trial,
    "part of it": _part,
    "cut": _cut,
    "child": _child,
    "final": lambda facts: isinstance(facts.says, Adverse) and facts.says.final,
    "codes": lambda facts: bool(facts.diagnoses),
    "other criteria": lambda facts: isinstance(facts.says, Adverse) and bool(facts.says.subset),
    "granted": lambda facts: isinstance(facts.says, MissedClock | AppealDecision) and facts.says.grant is not None,
    "not won": lambda facts: isinstance(facts.says, AppealDecision) and facts.says.outcome != "overturned",
    "missed as adverse": lambda facts: owed(facts.sender.line, facts.sender.state).missed.means == "adverse",
    "missed with a hearing": lambda facts: owed(facts.sender.line, facts.sender.state).missed.means == "hearing",
    "replaces": lambda facts: isinstance(facts.says, Quote) and facts.says.old is not None,
    "continued": lambda facts: facts.determination.request.kind == "continued",
    "replaced": lambda facts: facts.determination.request.kind in REPLACED,
    "missing ground": lambda facts: getattr(facts.says, "ground", "") == "missing",
}
