"""Flags are what is known of a reading beside its value, as bits; alone here, so that reading them loads no numpy."""

from __future__ import annotations

from enum import IntFlag


class Flag(IntFlag):
    """What is known of a reading beside its value."""

    LOW = 1  # reported below what the device measures
    HIGH = 2  # reported above it
    BEFORE_MEAL = 4
    FASTING = 8
    AFTER_MEAL = 16
    MANUAL = 32  # typed by hand
    ZONELESS = 64  # wall clock without a zone: offset 0 assumed
