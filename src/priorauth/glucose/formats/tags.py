"""Tags: what a log says of the meal beside a reading, in words or in the codes of FHIR, as flags of the stream."""

from __future__ import annotations

import re
from typing import Final

from priorauth.glucose.formats.reading import Flag

CONTROL: Final = -1  # control solution: a check of the meter, no reading of the patient's

_WORDS: Final = (
    (re.compile(r"\bcontrol\b|\bkontroll(?:test|lösung|messung)"), CONTROL),
    (re.compile(r"\bfast(?:ing|ed)?\b|\bnüchtern|\bà jeun|\ben ayunas|\ba digiuno|\bnuchter"), int(Flag.FASTING)),
    (
        re.compile(
            r"\b(?:before|pre|vor|avant|antes|prima)\b|\bpre-?(?:meal|prandial|breakfast|lunch|dinner)"
            r"|\bvoor (?:de|het) "
        ),
        int(Flag.BEFORE_MEAL),
    ),
    (
        re.compile(
            r"\b(?:after|post|nach|après|después|dopo)\b|\bpost-?(?:meal|prandial|breakfast|lunch|dinner)"
            r"|\bna (?:de|het) "
        ),
        int(Flag.AFTER_MEAL),
    ),
)

_SNOMED: Final = "http://snomed.info/sct"
_MDC: Final = "urn:iso:std:iso:11073:10101"
_TIMING: Final = "http://terminology.hl7.org/CodeSystem/v3-TimingEvent"

# The component that says how a reading lies to a meal, and what it may say.
MEAL_CODES: Final = frozenset({(_SNOMED, "309602000"), (_MDC, "8417864")})
CODED: Final = {
    (_MDC, "8417868"): Flag.BEFORE_MEAL,
    (_SNOMED, "307165006"): Flag.BEFORE_MEAL,
    (_TIMING, "ACM"): Flag.BEFORE_MEAL,
    (_TIMING, "ACD"): Flag.BEFORE_MEAL,
    (_TIMING, "ACV"): Flag.BEFORE_MEAL,
    (_TIMING, "AC"): Flag.BEFORE_MEAL,
    (_MDC, "8417876"): Flag.FASTING,
    (_MDC, "8417872"): Flag.AFTER_MEAL,
    (_TIMING, "PC"): Flag.AFTER_MEAL,
    (_TIMING, "PCM"): Flag.AFTER_MEAL,
    (_TIMING, "PCD"): Flag.AFTER_MEAL,
    (_TIMING, "PCV"): Flag.AFTER_MEAL,
}


def tag_of(words: str) -> int:
    """Read a tag in words: flags, none for words that say nothing of a meal, or CONTROL."""
    plain = words.casefold().replace("_", " ")
    return next((flag for pattern, flag in _WORDS if pattern.search(plain)), 0) if plain else 0
