"""The items of a form as they are given out: none is taken away, some are closed, some are opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from priorauth.exchange.dtr.groups import Group
from priorauth.exchange.wire import Json, listed
from priorauth.export.items import Words, question
from priorauth.record.answers.scopes import split

GATES: Final = ("enableWhen", "enableBehavior")
"""By which an answer closes an item. Version 2.0.1 knows none in an adaptive form."""


class Kept:
    """The items of a form."""

    def __init__(self, items: list[Json], *, gated: bool) -> None:
        """Take the items as they came; ``gated``: answers may close items."""
        self.items, self.gated = list(items), gated
        self.reopened = False
        self._open: dict[str, bool] = {}

    def open(self, group: Group) -> bool:
        """Whether a group can be answered."""
        return self._open.get(group.link, group.open)

    def add(self, item: Json) -> None:
        """Add a group."""
        self.items.append(item if self.gated else _ungated(item))

    def close(self, group: Group) -> None:
        """Let a group only be read: it stays, and can no longer be answered."""
        self._open[group.link] = False
        self._replace(group.link, _closed)

    def reopen(self, group: Group, words: Words) -> None:
        """Let a group be answered again."""
        self._open[group.link] = self.reopened = True
        self._replace(group.link, lambda item: _opened(item, words))
        if not self.gated:
            self._replace(group.link, _ungated)

    def _replace(self, link: str, change: Callable[[Json], Json]) -> None:
        self.items = [change(one) if one.get("linkId") == link else one for one in self.items]


def _ungated(item: Json) -> Json:
    made = {key: value for key, value in item.items() if key not in GATES}
    return {**made, "item": [_ungated(one) for one in listed(item, "item")]} if "item" in made else made


def _closed(item: Json) -> Json:
    """Close a question and all below it. Nothing fills it in from a chart any more, for nobody reads that over."""
    made = {key: value for key, value in item.items() if key != "required"}
    if "item" in made:
        made["item"] = [_closed(one) for one in listed(item, "item")]
    if item.get("type") not in ("group", "display"):
        made["readOnly"] = True
        rest = [one for one in listed(item, "extension") if not str(one.get("url", "")).endswith("-initialExpression")]
        made = {key: value for key, value in made.items() if key != "extension"}
        if rest:
            made["extension"] = rest
    return made


def _opened(item: Json, words: Words) -> Json:
    """Open a group: the questions of its facts as they are asked, its choice as it was, whichever way was chosen."""
    seen: set[str] = set()
    below: list[Json] = []
    for one in listed(item, "item"):
        found = split(str(one.get("linkId", "")), words.vocabulary)
        if found is None:
            again = {key: value for key, value in one.items() if key != "readOnly"}
            below.append({**again, "required": True} if one.get("type") == "choice" else again)
        elif found[0] not in seen:
            seen.add(found[0])
            below += question(found[0], words)
    return {**{key: value for key, value in item.items() if key not in GATES}, "item": below}
