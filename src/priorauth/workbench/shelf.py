"""What was drawn and read of papers, kept by content while the server runs: made beside the pages, each once.

No page waits long for it: who asks is told that it is not there yet, and asks again. What is kept of one plan is never
given to another: its name stands in the key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Event, Lock, Semaphore, Thread
from typing import Final, Literal, TypeVar, cast

from msgspec import Struct

Lane = Literal["picture", "sized", "reading", "findings"]
Key = tuple[str, ...]
Made = TypeVar("Made")
MOST_BYTES: Final = 96_000_000
"""How much is kept; what was asked for longest ago goes first."""
MOST_BEGUN: Final = 64
"""How many things may be waiting to be made; who asks for one more asks again later."""
_BESIDE: Final = {"picture": 2, "sized": 2, "reading": 1, "findings": 2}
"""How many of a lane are made at once."""
_LEAST: Final = 1000
"""How many bytes are counted of what was refused."""


class Kept(Struct):
    """What was made, or why it was refused, and how many bytes it holds."""

    value: object
    refused: Exception | None
    size: int


class Shelf:
    """Things by their key."""

    def __init__(self) -> None:
        """Begin empty."""
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._size = 0
        self._begun: dict[tuple[str, ...], Event] = {}
        self._lanes = {lane: Semaphore(count) for lane, count in _BESIDE.items()}

    def asked(
        self, lane: Lane, key: Key, make: Callable[[], Made], size: Callable[[Made], int], *, seconds: float
    ) -> Made | None:
        """Return what ``make`` makes, kept by its key; None where it is not there within so many seconds.

        Raises what it raised.
        """
        whole = (lane, *key)
        with self._lock:
            found = self._found(whole)
            ready = self._begun.get(whole)
            if found is None and ready is None and len(self._begun) < MOST_BEGUN:
                ready = self._begun[whole] = Event()
                Thread(target=self._make, args=(lane, whole, make, size, ready), daemon=True).start()
        if found is None and ready is not None and ready.wait(seconds):
            with self._lock:
                found = self._found(whole)
        if found is None:
            return None
        if found.refused is not None:
            raise found.refused
        return cast("Made", found.value)

    def _found(self, key: tuple[str, ...]) -> Kept | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def _make(
        self,
        lane: Lane,
        key: tuple[str, ...],
        make: Callable[[], Made],
        size: Callable[[Made], int],
        ready: Event,
    ) -> None:
        with self._lanes[lane]:
            try:
                value = make()
                kept = Kept(value, None, size(value))
            except Exception as fault:  # noqa: BLE001 - who asked is told, in her own thread
                kept = Kept(None, fault, _LEAST)
        with self._lock:
            self._kept[key] = kept
            self._size += kept.size
            while self._size > MOST_BYTES and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size
            del self._begun[key]
        ready.set()
