"""A refusal is what input gets that cannot be read as a request: one clear line per fault, never a guess."""

from __future__ import annotations

from collections.abc import Iterable


class RefusedInput(ValueError):
    """Input that is refused; ``faults`` has one line each, naming files, resource ids and element paths only."""

    def __init__(self, *faults: str) -> None:
        """Keep the faults; the message is all of them."""
        super().__init__("\n".join(faults))
        self.faults: tuple[str, ...] = faults


def refuse_if(faults: Iterable[str]) -> None:
    """Raise RefusedInput where there is at least one fault."""
    if listed := tuple(faults):
        raise RefusedInput(*listed)
