"""The columns of the two tables that the engine fills: a row per stream and local day, and a row per event.

Both are int64 matrices, so that compiled and plain code share them, rows of two windows add up, and equality is exact.
Where a cell may be empty it holds NONE. Days count from 1970-01-01 of local time.
"""

from __future__ import annotations

NONE = -1

# A row per stream and local day with a reading, ascending. Sums and squares are of mg/dL.
(
    STREAM,
    DAY,
    READINGS,
    SUM,
    SQUARES,
    VERY_LOW,
    LOW,
    HIGH,
    VERY_HIGH,
    CLIPPED,  # beyond what the device measures: counted with the limit as its value
    TYPED,  # typed by hand
    NIGHT_READINGS,
    NIGHT_LOWEST,
    FASTING,  # the value before breakfast
    FASTING_BY,
    PREMEAL_READINGS,  # tagged before a meal, or fasting
    PREMEAL_SUM,
    PREMEAL_SQUARES,
    PREMEAL_LOWEST,
    PREMEAL_HIGHEST,
    MEAL_1,  # the first reading in each window before a meal
    MEAL_2,
    MEAL_3,
    TESTS,
    TESTS_SPACED,
) = range(25)
DAY_COLUMNS = 25

# How FASTING came about. An open window may still be overtaken by a later reading, a closed one not.
BY_NOTHING, BY_TAG, BY_OPEN_WINDOW, BY_CLOSED_WINDOW = range(4)

# A row per event: EVENT_STREAM, KIND, and the places of its first and last reading beyond the threshold.
EVENT_STREAM, KIND, FIRST, LAST = range(4)
EVENT_COLUMNS = 4

HYPO_1, HYPO_2, HYPO_EXTENDED, HYPER_1, HYPER_2, HYPER_EXTENDED = range(6)
KINDS = 6

# Flags of a reading (see formats.reading.Flag), as plain integers for compiled code.
FLAG_LOW, FLAG_HIGH, FLAG_BEFORE_MEAL, FLAG_FASTING, FLAG_AFTER_MEAL, FLAG_TYPED = 1, 2, 4, 8, 16, 32

MINUTES_A_DAY = 1440
