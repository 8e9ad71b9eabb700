"""Edits of the invented text, as a payer might make them, each with all that has to be found and nothing else."""

from __future__ import annotations

from typing import Final, NamedTuple

from tests.trace.invented import OLD, edited


class Edit(NamedTuple):
    """An edit: its name, the newer text, and what has to be found: kind, rules, kinds of marks."""

    name: str
    text: str
    found: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def _moved(part: str, before: str) -> str:
    """Give the text with a part of it moved to stand before another."""
    assert OLD.count(part) == OLD.count(before) == 1
    return OLD.replace(part, "").replace(before, part + before)


CASE: Final = (
    "Somebody who does not fulfil all of A to F may still need a pump. A physician of the plan looks\n"
    "at such a request and decides it by the member's own circumstances.\n\n"
)
EDITS: Final = (
    Edit(
        "a figure",
        edited(("is above 8.0 percent", "is above 8.5 percent")),
        (("changed", ("II.B",), ("figure",)),),
    ),
    Edit(
        "a figure in words",
        edited(("three times a day", "four times a day")),
        (("changed", ("II.C",), ("figure",)),),
    ),
    Edit(
        "a window",
        edited(("drawn within the last 6 months", "drawn within the last 12 months")),
        (("changed", ("II.B",), ("window",)),),
    ),
    Edit(
        "the unit of a window",
        edited(("over the last 2 months", "over the last 2 weeks")),
        (("changed", ("II.D",), ("window",)),),
    ),
    Edit(
        "a unit",
        edited(("is above 8.0 percent", "is above 8.0 mmol/mol")),
        (("changed", ("II.B",), ("unit",)),),
    ),
    Edit(
        "or for and",
        edited(("the last 12 months, and", "the last 12 months, or")),
        (("changed", ("IV.1",), ("connective",)),),
    ),
    Edit(
        "and for or",
        edited(("F. The member or a caregiver", "F. The member and a caregiver")),
        (("changed", ("II.F",), ("connective",)),),
    ),
    Edit(
        "below for above",
        edited(("is above 8.0 percent", "is below 8.0 percent")),
        (("changed", ("II.B",), ("connective",)),),
    ),
    Edit(
        "at most for at least",
        edited(("at least 4 times", "at most 4 times")),
        (("changed", ("II.D",), ("connective",)),),
    ),
    Edit(
        "any for all",
        edited(("pump when all of A to F hold", "pump when any of A to F hold")),
        (("changed", ("II",), ("connective",)),),
    ),
    Edit(
        "a not that is gone",
        edited(("We do not replace one", "We do replace one")),
        (("changed", ("V.2",), ("connective",)),),
    ),
    Edit(
        "an exception within a sentence",
        edited(("delivered. An approval", "delivered, except in an emergency. An approval")),
        (("changed", ("authorization",), ("connective",)),),
    ),
    Edit(
        "a new exclusion at the end of a list",
        edited(
            (
                "caregiver can operate the pump.\n\nIV. What",
                "caregiver can operate the pump.\n   4. The member lives in a hospital.\n\nIV. What",
            )
        ),
        (("added", (), ()),),
    ),
    Edit(
        "a new exclusion at the head of a list",
        edited(
            (
                "   1. The member has end-stage renal",
                "   1. The member lives in a hospital.\n   2. The member has end-stage renal",
            ),
            ("   2. The pump is wanted", "   3. The pump is wanted"),
            ("   3. Neither the member", "   4. Neither the member"),
        ),
        (
            ("added", (), ()),
            ("renumbered", ("III.1",), ()),
            ("renumbered", ("III.2",), ()),
            ("renumbered", ("III.3",), ()),
        ),
    ),
    Edit(
        "a sentence that is gone",
        edited((" A value of\nexactly 8.0 percent is not enough.", "")),
        (("removed", ("II.B",), ()),),
    ),
    Edit(
        "a moved paragraph",
        _moved(CASE, "V. Replacement"),
        (("moved", ("II.0",), ()), ("moved", ("II.0",), ())),
    ),
    Edit(
        "a renumbered outline",
        edited(
            ("III. When we do not", "IV. When we do not"),
            ("IV. What to send", "V. What to send"),
            ("V. Replacement", "VI. Replacement"),
        ),
        (("renumbered", (), ()), ("renumbered", (), ()), ("renumbered", (), ())),
    ),
    Edit(
        "a new code",
        edited(("E0787  External pump", "A9274  Pump that is thrown away\nE0787  External pump")),
        (("added", (), ()),),
    ),
    Edit(
        "another code",
        edited(("E0787  External pump", "E0786  External pump")),
        (("changed", ("applies",), ("code",)),),
    ),
    Edit(
        "another condition",
        edited(("end-stage renal disease", "end-stage heart disease")),
        (("changed", ("III.1",), ("wording",)),),
    ),
    Edit(
        "two figures of one sentence",
        edited(
            (
                "at least 4 times a day on average over the last 2 months",
                "at least 3 times a day on average over the last 6 months",
            )
        ),
        (("changed", ("II.D",), ("figure", "window")),),
    ),
    Edit(
        "two items of a list in one",
        edited(
            (
                "   1. type 1 diabetes\n   2. type 2 diabetes that is treated with insulin",
                "   1. type 1 or type 2 diabetes",
            ),
        ),
        (("changed", ("II.A.1",), ("figure",)), ("removed", ("II.A.2",), ())),
    ),
)
