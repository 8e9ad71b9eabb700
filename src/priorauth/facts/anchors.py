"""Anchors: the dates that windows and periods count from, declared once for every engine and for the questions."""

from __future__ import annotations

from collections.abc import Mapping

ANCHOR_FACTS: Mapping[str, str] = {
    "request": "request_received_on",
    "service": "service_on",
    "pump_start": "insulin_pump_use",
    "enrollment": "enrolled_on",
    "medicare_enrollment": "medicare_enrolled_on",
    "trial_start": "pump_trial",
    "prior_approval": "prior_approval_on",
    "prescription": "prescription_signed_on",
}
"""The fact that gives an anchor its day, and that is asked for where the day is unknown."""
