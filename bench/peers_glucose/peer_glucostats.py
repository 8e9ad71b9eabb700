"""GlucoStats: frames indexed by subject; it counts no events."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from glucostats.stats import control_stats, descriptive_stats, time_stats, variability_stats

Values = dict[str, dict[str, float]]


def stages(frame: pd.DataFrame) -> dict[str, Callable[[], Values]]:
    """Give the stages to time."""
    own = frame.set_index("id")[["time", "gl"]]

    def column(result: pd.DataFrame, name: str) -> dict[str, float]:
        return {str(key): float(value) for key, value in result[name].items()}

    def consensus() -> Values:
        ranges = time_stats.percentage_time_in_ranges(own)
        wide = time_stats.percentage_time_in_ranges(own, [54, 250])
        spread = variability_stats.glucose_variability(own)
        level, control = descriptive_stats.distribution(own), control_stats.a1c_estimation(own)
        found = {
            "time_70_180_percent": column(ranges, "pt_ir"),
            "time_below_70_percent": column(ranges, "pt_br"),
            "time_above_180_percent": column(ranges, "pt_ar"),
            "time_below_54_percent": column(wide, "pt_br"),
            "time_above_250_percent": column(wide, "pt_ar"),
            "cv_percent": column(spread, "cv"),
        }
        for name, ours in (("mean", "mean_mg_dl"), ("std", "sd_mg_dl")):
            if name in level.columns:
                found[ours] = column(level, name)
        for name in control.columns:
            if "gmi" in name.lower():
                found["gmi_percent"] = column(control, name)
        return found

    return {
        "consensus": consensus,
        "mage": lambda: {"mage_mg_dl": column(variability_stats.signal_excursions(own), "mage")},
    }
