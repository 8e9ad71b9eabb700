"""py-agata, which wants an even grid: readings are put on the nearest five minutes first, outside the timing."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from py_agata import inspection, time_in_ranges, variability

Values = dict[str, dict[str, float]]


def stages(frame: pd.DataFrame) -> dict[str, Callable[[], Values]]:
    """Give the stages to time."""
    grids = {}
    for subject, rows in frame.groupby("id", sort=False):
        even = rows.assign(t=rows["time"].dt.round("5min")).drop_duplicates("t").set_index("t")["gl"]
        index = pd.date_range(even.index[0], even.index[-1], freq="5min")
        grids[subject] = pd.DataFrame({"t": index, "glucose": even.reindex(index).to_numpy()})

    def each(function: Callable[[pd.DataFrame], float]) -> dict[str, float]:
        return {subject: float(function(grid)) for subject, grid in grids.items()}

    def consensus() -> Values:
        return {
            "mean_mg_dl": each(variability.mean_glucose),
            "sd_mg_dl": each(variability.std_glucose),
            "cv_percent": each(variability.cv_glucose),
            "gmi_percent": each(variability.gmi),
            "time_70_180_percent": each(time_in_ranges.time_in_target),
            "time_below_70_percent": each(time_in_ranges.time_in_hypoglycemia),
            "time_below_54_percent": each(time_in_ranges.time_in_l2_hypoglycemia),
            "time_above_180_percent": each(time_in_ranges.time_in_hyperglycemia),
            "time_above_250_percent": each(time_in_ranges.time_in_l2_hyperglycemia),
        }

    def events() -> Values:
        def count(threshold: float) -> Callable[[pd.DataFrame], float]:
            return lambda grid: len(inspection.find_hypoglycemic_events(grid, th=threshold)["time_start"])

        def extended(grid: pd.DataFrame) -> float:
            return len(inspection.find_extended_hypoglycemic_events(grid)["time_start"])

        return {
            "hypo_level_1_events": each(count(70.0)),
            "hypo_level_2_events": each(count(54.0)),
            "hypo_extended_events": each(extended),
        }

    return {"consensus": consensus, "events": events, "mage": lambda: {"mage_mg_dl": each(variability.mage_index)}}
