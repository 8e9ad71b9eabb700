"""The dates that windows count from are those of the vocabulary, each given by a fact that can give a day."""

from __future__ import annotations

from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import ANCHORS

VOCABULARY = vocabularies.load()


def test_the_day_of_an_anchor_is_a_date_or_the_start_of_a_period_or_an_event() -> None:
    shapes = {name: (VOCABULARY[fact].kind, VOCABULARY[fact].values) for name, fact in ANCHOR_FACTS.items()}
    started = {"pump_start": ("condition", ()), "trial_start": ("condition", ()), "prior_approval": ("event", ())}
    assert {name: shape for name, shape in shapes.items() if shape != ("attribute", ("date",))} == started


def test_every_anchor_is_asked_for_by_the_fact_that_gives_its_day() -> None:
    assert dict(ANCHOR_FACTS) == {
        "request": "request_received_on",
        "service": "service_on",
        "pump_start": "insulin_pump_use",
        "enrollment": "enrolled_on",
        "medicare_enrollment": "medicare_enrolled_on",
        "trial_start": "pump_trial",
        "prior_approval": "prior_approval_on",
        "prescription": "prescription_signed_on",
    }
    assert tuple(ANCHOR_FACTS) == ANCHORS
