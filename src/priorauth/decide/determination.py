"""The determination that callers meet: what was decided, written as a page, and read back from JSON, exactly."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from priorauth.decide.decided import Decided
from priorauth.errors import Fault, InputRefused


class Determination(Decided, frozen=True, gc=False, omit_defaults=True):
    """The decision on one item of a request, with the evidence beside each criterion. Made by :func:`determine`.

    Frozen, and equal where all is equal. As JSON its keys are the fields, in their order; ``warnings`` and ``check``
    stand there only where they say something.
    """

    def to_text(self, *, full: bool = False) -> str:
        """Return it as the page that a nurse reads; ``full`` adds every criterion with its evidence."""
        from priorauth.decide.page.text import page  # costs as much to load as the rest of this room

        return page([self], full=full)

    @classmethod
    def from_json(cls, source: bytes | str | Mapping[str, object]) -> Determination:
        """Return the determination that JSON text, or JSON values, hold; raises InputRefused where they hold none."""
        try:
            if isinstance(source, Mapping):
                return msgspec.convert(source, cls, str_keys=True)
            return msgspec.json.decode(source, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
            said, _, place = str(fault).partition(" - at ")
            where = f" at {place}" if place else ""
            raise InputRefused(Fault(None, None, f"expected a determination{where}: {said}")) from None
