"""The rows of rows.yaml: what the official kits' tests of a payer's server ask, one row a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

FILE: Final = Path(__file__).with_name("rows.yaml")


class Row(NamedTuple):
    """A row: which suite and test it is of, the check with what it is given, and what is known of it beforehand.

    ``input``: it asks whether what the tester sends is right. ``validator``: the HL7 validator is asked too.
    ``not_applicable``: why it is not asked. ``fails``: what it shows to be wrong still.
    """

    suite: str
    version: str
    number: str
    kit: str
    check: str
    given: dict[str, Any]
    sends: str
    wants: str
    input: bool = False
    validator: bool = False
    not_applicable: str | None = None
    fails: str | None = None

    @property
    def name(self) -> str:
        """How the test of it is called."""
        return f"{self.suite.removesuffix(' server')} {self.version} {self.number} {self.kit}"


@cache
def listed() -> tuple[Row, ...]:
    """Return all rows, in the order of their file."""
    found = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(_row(one) for one in found)


def _row(said: dict[str, Any]) -> Row:
    given = said.pop("with", {})
    wants = said.pop("wants", "each of these elements once at least, over all of them together")
    return Row(given=given, wants=wants, **said)
