"""Which facts a form asks for: what the practice and the supplier know, and the request does not say by itself."""

from __future__ import annotations

from typing import Final

from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary
from priorauth.glucose.readings import METER, SENSOR
from priorauth.language.contents import anchors_of, facts_of
from priorauth.policy.tree import Leaf

OF_REQUEST: Final = frozenset({
    "birth_date", "coverage_in_force", "primary_diagnosis", "product_code", "quantity_requested", "request_channel",
    "request_form_complete", "request_received_on", "service_on", "service_until", "sex",
})  # fmt: skip
"""What the request itself says: its Claim, its Coverage, its Patient. A form that asked for it would ask twice.

So it is with what is requested together, which the other items say."""
FOLLOW: Final = frozenset({"prescription_dated", "replacement_reason_stated"})
"""What another answer of the same form says already."""
LOGS: Final = frozenset({METER, SENSOR})
"""Readings by the thousand: a log is sent as a file, a form only says so."""


def is_asked(name: str, vocabulary: Vocabulary) -> bool:
    """Whether a form asks for a fact: no judgment, nothing that the payer or the request knows."""
    if name not in vocabulary or name in OF_REQUEST or name in FOLLOW:
        return False
    fact = vocabulary[name]
    return fact.kind != "judgment" and fact.asked_of != "payer" and not fact.together


def of_leaf(leaf: Leaf, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the facts that a leaf lets a form ask for: its own, then those from which it counts."""
    anchors = (ANCHOR_FACTS[name] for name in anchors_of(leaf.form))
    names = dict.fromkeys((*facts_of(leaf.form), *anchors))
    return tuple(name for name in names if is_asked(name, vocabulary))
