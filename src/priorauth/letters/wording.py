"""The words that no letter uses, wherever they come from: our templates, a policy's title, a clinician's reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from priorauth.values import strict_yaml

PATH: Final = Path(__file__).with_name("wording.yaml")


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    never: tuple[str, ...]
    alone: tuple[str, ...]
    others: int


@cache
def _table() -> _Table:
    return msgspec.convert(strict_yaml.read_file(PATH), _Table, strict=False)


def unused() -> tuple[str, ...]:
    """Return every listed word."""
    return (*_table().never, *_table().alone)


def found(text: str) -> Iterator[str]:
    """Yield the words of a text that no letter uses; ``alone`` counts one sentence's or paragraph's text at a time."""
    table = _table()
    for word in table.never:
        if _has(word, text):
            yield word
    for word in table.alone:
        if _has(word, text) and len(re.findall(r"\w+", text)) - len(word.split()) < table.others:
            yield f"{word} (alone)"


def _has(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
