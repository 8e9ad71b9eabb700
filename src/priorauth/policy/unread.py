"""A text that is known and was not read: from its first day on a person decides, beside what the older text says.

It stands beside the versions of its policy as ``<first-day>.unread.yaml`` and holds no criteria: ``policy``, ``title``,
``version``, ``effective``, ``source`` and ``says``, the reason that is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from priorauth.errors import Fault, PolicyFaults
from priorauth.facts import vocabulary
from priorauth.policy import document
from priorauth.policy.folders import UNREAD
from priorauth.policy.load import Reader, read_mapping
from priorauth.policy.tree import Policy, Unread
from priorauth.values import dates, names, units

_KEYS = ("policy", "title", "version", "effective", "source", "says")
_KEPT = 256
Dated = TypeVar("Dated", Policy, Unread)


def holding(listed: Sequence[Dated], on: Mapping[str, int]) -> Dated | None:
    """Return the newest of some texts that is in force; ``on`` holds the day by which each counts."""
    for one in reversed(listed):
        span, day = one.effective, on[one.effective.by]
        if span.first <= day and (span.last is None or day <= span.last):
            return one
    return None


def over(notice: Unread, versions: Sequence[Policy]) -> Policy | None:
    """Return the newest version before a text that was not read, with that text over it; None where there is none."""
    older = [one for one in versions if one.effective.first < notice.effective.first]
    return replace(older[-1], unread=notice) if older else None


@lru_cache(_KEPT)
def beside(versions: tuple[Path, ...]) -> tuple[Unread, ...]:
    """Return the texts that were not read beside the files of versions, oldest first; raises PolicyFaults."""
    return tuple(sorted(map(load, _files(versions)), key=lambda one: one.effective.first))


def faults(versions: Iterable[Path]) -> Iterator[Fault]:
    """Yield what is wrong with the texts that were not read beside the files of versions."""
    known = tuple(versions)
    for path in _files(known):
        try:
            first = load(path).effective.first
        except PolicyFaults as refused:
            yield from refused.faults
            continue
        if not any(one.parent == path.parent and one.stem < dates.iso(first) for one in known):
            yield Fault.at_line(str(path), 1, "expected a version that begins before it, beside it")


def _files(versions: Iterable[Path]) -> Iterator[Path]:
    for home in dict.fromkeys(path.parent for path in versions):
        yield from sorted(home.glob(f"*{UNREAD}"))


def load(path: Path) -> Unread:
    """Load the notice of a text that was not read; raises PolicyFaults with every fault found."""
    top, sha256 = read_mapping(path)
    reader = Reader(str(path), vocabulary.load(), units.load())
    reader.keys(top, set(_KEYS), "a text that was not read")
    for key in _KEYS:
        if key not in top:
            reader.fault(1, f"expected `{key}:`")
    PolicyFaults.raise_if(reader.faults)
    head = document.Head(reader, top)
    found = Unread(
        policy=head.word("policy"),
        title=head.word("title"),
        version=head.word("version"),
        effective=head.span(),
        source=head.source(),
        says=head.word("says"),
        file=str(path),
        sha256=sha256,
    )
    for line, said in _misplaced(found, path):
        reader.fault(top.key_lines[line], said)
    PolicyFaults.raise_if(reader.faults)
    return found


def _misplaced(found: Unread, path: Path) -> Iterator[tuple[str, str]]:
    """Yield what the place of the file says otherwise, each with its key."""
    home, first = f"{path.parent.parent.name}/{path.parent.name}", path.name.removesuffix(UNREAD)
    if fault := names.policy(found.policy):
        yield "policy", fault
    elif found.policy != home:
        yield "policy", f"expected `policy: {home}`, as the folders say, found {found.policy}"
    if dates.iso(found.effective.first) != first:
        yield "effective", f"expected a first day of {first}, as the file's name says"
