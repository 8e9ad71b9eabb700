"""diametrics: levels of time in range are given apart, so they are added up here; its tables carry the ids."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from diametrics import metrics

Values = dict[str, dict[str, float]]


def stages(frame: pd.DataFrame) -> dict[str, Callable[[], Values]]:
    """Give the stages to time."""
    own = frame.rename(columns={"gl": "glc", "id": "ID"})[["ID", "time", "glc"]]

    def column(result: pd.DataFrame, name: str) -> dict[str, float]:
        return dict(zip(result["ID"].astype(str), result[name].astype(float), strict=True))

    def keyed(result: pd.DataFrame) -> pd.DataFrame:
        return result if "ID" in result.columns else result.reset_index()

    def consensus() -> Values:
        ranges = metrics.time_in_range(own, units="mg")
        spread, level = keyed(metrics.glycemic_variability(own)), keyed(metrics.average_glc(own))
        metrics.ea1c(own, units="mg")
        metrics.data_sufficiency(own, gap_size=5)
        value = next(name for name in level.columns[::-1] if name not in ("ID", "level_1"))
        very_low, very_high = column(ranges, "tir_lv2_hypo"), column(ranges, "tir_lv2_hyper")
        found = {
            "mean_mg_dl": column(level, value),
            "time_70_180_percent": column(ranges, "tir_normal"),
            "time_below_54_percent": very_low,
            "time_below_70_percent": {key: low + very_low[key] for key, low in column(ranges, "tir_lv1_hypo").items()},
            "time_above_250_percent": very_high,
            "time_above_180_percent": {
                key: high + very_high[key] for key, high in column(ranges, "tir_lv1_hyper").items()
            },
        }
        for name in spread.columns:
            if name.lower() in ("sd", "cv"):
                found["sd_mg_dl" if name.lower() == "sd" else "cv_percent"] = column(spread, name)
        return found

    def events() -> Values:
        result = metrics.glycemic_episodes(own, units="mg").reset_index()
        return {
            "hypo_level_1_events": column(result, "number_hypos"),
            "hypo_level_2_events": column(result, "number_lv2_hypos"),
            "hypo_extended_events": column(result, "number_prolonged_hypos"),
        }

    return {
        "consensus": consensus,
        "events": events,
        "mage": lambda: {"mage_mg_dl": column(metrics.mage(own), "mage")},
    }
