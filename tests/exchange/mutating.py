"""Bodies with one thing wrong, drawn by a seed: what clients, their users and strangers send."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any, Final

import numpy as np

Draw = np.random.Generator
Place = tuple[Any, Any]
"""A list or an object, and the index or the name within it."""
STRANGE: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 2**70, 1e308, 0.1, "", " ", "x" * 5000, "\u0000", "\ud800", "\u202etxt", "<script>",
    "' OR 1=1 --",
    "2026-13-45", "0000-00-00", "9999-12-31T23:59:60Z", "Patient/../../etc", "urn:uuid:no",
    "http://169.254.169.254/", [], {}, [[]], [None],
    {"reference": "#"}, {"resourceType": "Patient"}, {"coding": [{}]}, [{"url": 7}],
)  # fmt: skip


def places(value: Any) -> list[Place]:
    """Return every place within JSON."""
    found: list[Place] = []
    waits = [value]
    while waits:
        one = waits.pop()
        pairs = list(one.items()) if isinstance(one, dict) else list(enumerate(one)) if isinstance(one, list) else []
        found += [(one, at) for at, _ in pairs]
        waits += [below for _, below in pairs]
    return found


def _any(body: Any, draw: Draw) -> Place:
    listed = places(body)
    return listed[int(draw.integers(len(listed)))]


def dropped(body: Any, draw: Draw) -> Any:
    """Something is left out."""
    held, at = _any(body, draw)
    del held[at]
    return body


def strange(body: Any, draw: Draw) -> Any:
    """Something is of another kind."""
    held, at = _any(body, draw)
    held[at] = copy.deepcopy(STRANGE[int(draw.integers(len(STRANGE)))])
    return body


def moved(body: Any, draw: Draw) -> Any:
    """Something stands where something else should."""
    (one, at), (other, there) = _any(body, draw), _any(body, draw)
    one[at] = copy.deepcopy(other[there])
    return body


def twice(body: Any, draw: Draw) -> Any:
    """An element of a list stands twice, or many times."""
    lists = [(held, at) for held, at in places(body) if isinstance(held, list)]
    held, at = lists[int(draw.integers(len(lists)))]
    held.extend(copy.deepcopy(held[at]) for _ in range(int(draw.choice([1, 1, 2, 50]))))
    return body


def renamed(body: Any, draw: Draw) -> Any:
    """A name is another one."""
    objects = [(held, at) for held, at in places(body) if isinstance(held, dict)]
    held, at = objects[int(draw.integers(len(objects)))]
    held[str(draw.choice(["", "resourceType", "extension", "id", "_id", "entry", "é" * 40]))] = held.pop(at)
    return body


def nested(body: Any, draw: Draw) -> Any:
    """Something nests, a little or far too deep."""
    held, at = _any(body, draw)
    for _ in range(int(draw.choice([1, 10, 25, 60, 200]))):
        held[at] = {"extension": [held[at]]}
    return body


def several(body: Any, draw: Draw) -> Any:
    """Many things are wrong at once."""
    for _ in range(int(draw.integers(2, 8))):
        body = (dropped, strange, moved, renamed)[int(draw.integers(4))](body, draw)
        if not isinstance(body, dict) or not body:
            break
    return body


def _bytes(change: Callable[[bytearray, Draw], bytes | bytearray]) -> Callable[[Any, Draw], bytes]:
    def changed(body: Any, draw: Draw) -> bytes:
        return bytes(change(bytearray(json.dumps(body).encode()), draw))

    changed.__name__ = change.__name__
    return changed


def cut(data: bytearray, draw: Draw) -> bytearray:
    """The end is missing."""
    return data[: int(draw.integers(len(data)))]


def flipped(data: bytearray, draw: Draw) -> bytearray:
    """A few bytes are others."""
    for _ in range(int(draw.integers(1, 6))):
        data[int(draw.integers(len(data)))] = int(draw.integers(256))
    return data


def put_in(data: bytearray, draw: Draw) -> bytearray:
    """Something stands between."""
    at = int(draw.integers(len(data)))
    data[at:at] = bytes(
        draw.choice(
            [b"\x00", b"\xff\xfe", b'"', b"}", b"[" * 200, b'"a": 1, "a": 2,', b"\xed\xa0\x80", b"NaN", b"1e999"]
        )
    )
    return data


def doubled(data: bytearray, draw: Draw) -> bytes:
    """A key stands twice."""
    del draw
    return b'{"resourceType": "Bundle", "resourceType": "Bundle"' + bytes(data[data.index(b",") :])


MUTATIONS: Final[tuple[Callable[[Any, Draw], Any], ...]] = (
    dropped, dropped, strange, strange, strange, moved, twice, renamed, nested, several, several,
    _bytes(cut), _bytes(flipped), _bytes(put_in), _bytes(doubled),
)  # fmt: skip


def mutated(body: Any, seed: tuple[int, ...]) -> tuple[str, bytes]:
    """Return the name of what was done to a body, and the bytes that are sent."""
    draw = np.random.default_rng(seed)
    change = MUTATIONS[int(draw.integers(len(MUTATIONS)))]
    made = change(copy.deepcopy(body), draw)
    return change.__name__, made if isinstance(made, bytes) else json.dumps(made).encode("utf-8", "surrogatepass")
