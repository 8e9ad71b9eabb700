"""What the caller may choose: which kinds of answers it wants, how many cards, whether a number may come unasked.

What is chosen is done; what nobody here knows, or what is of another type than it should be, is as if it were not said.
"""

from __future__ import annotations

from typing import Any, Final

from msgspec import Struct

from priorauth.exchange.plan import Plan
from priorauth.exchange.wire import Json

COVERAGE: Final = "coverage-info"
UNSOLICITED: Final = "unsolicited-determ"
GUIDELINE: Final = "guideline"
CARDS: Final = "max-cards"
MOST_CARDS: Final = 10
CONFIGURATION: Final = "davinci-crd.configuration"


class Options(Struct, frozen=True):
    """What a caller wants."""

    coverage: bool = True
    unsolicited: bool = True
    guideline: bool = True
    cards: int = MOST_CARDS


def chosen(extension: Json) -> Options:
    """Return what an ``extension`` of a call chooses; everything where it chooses nothing."""
    said = extension.get(CONFIGURATION)
    given: Json = said if isinstance(said, dict) else {}
    cards = given.get(CARDS)
    return Options(
        coverage=given.get(COVERAGE) is not False,
        unsolicited=given.get(UNSOLICITED) is not False,
        guideline=given.get(GUIDELINE) is not False,
        cards=cards if type(cards) is int and cards >= 0 else MOST_CARDS,
    )


def offered(plan: Plan) -> list[Json]:
    """Return what can be chosen, as a service says it of itself."""
    return [
        _option(
            COVERAGE,
            "Coverage information",
            "Whether what is ordered is covered, needs prior authorization, and what has to be shown for it.",
            default=True,
        ),
        _option(
            GUIDELINE,
            "Published policy",
            "A link to the policy by which a prior authorization is decided.",
            default=True,
        ),
        _option(
            UNSOLICITED,
            "Authorization that nobody asked for",
            "An authorization number at once, where all that the policy asks is on file; false: no number is given.",
            default=plan.unsolicited,
        ),
        _option(
            CARDS, "Most cards", "How many cards may come back; those that matter most come first.", default=MOST_CARDS
        ),
    ]


def _option(code: str, name: str, description: str, *, default: Any) -> Json:  # noqa: ANN401 - a boolean or a number
    kind = "boolean" if isinstance(default, bool) else "integer"
    return {"code": code, "type": kind, "name": name, "description": description, "default": default}
