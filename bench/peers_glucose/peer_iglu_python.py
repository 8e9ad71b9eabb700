"""iglu-python, as its documentation says to call it; its R-compatible mode."""

from __future__ import annotations

from collections.abc import Callable

import iglu_python as ig
import pandas as pd

Values = dict[str, dict[str, float]]


def stages(frame: pd.DataFrame) -> dict[str, Callable[[], Values]]:
    """Give the stages to time."""
    ig.set_iglu_r_compatible(True)

    def column(result: pd.DataFrame, name: str) -> dict[str, float]:
        return dict(zip(result["id"].astype(str), result[name].astype(float), strict=True))

    def consensus() -> Values:
        below = ig.below_percent(frame, targets_below=[54, 70])
        above = ig.above_percent(frame, targets_above=[180, 250])
        inside = ig.in_range_percent(frame, target_ranges=[[70, 180]])
        return {
            "mean_mg_dl": column(ig.mean_glu(frame), "mean"),
            "sd_mg_dl": column(ig.sd_glu(frame), "SD"),
            "cv_percent": column(ig.cv_glu(frame), "CV"),
            "gmi_percent": column(ig.gmi(frame), "GMI"),
            "gri": column(ig.gri(frame), "GRI"),
            "time_below_54_percent": column(below, "below_54"),
            "time_below_70_percent": column(below, "below_70"),
            "time_above_180_percent": column(above, "above_180"),
            "time_above_250_percent": column(above, "above_250"),
            "time_70_180_percent": column(inside, next(name for name in inside.columns if name.startswith("in_range"))),
            "active_percent": column(ig.active_percent(frame, tz="UTC"), "active_percent"),
        }

    def mage() -> Values:
        return {"mage_mg_dl": column(ig.mage(frame, tz="UTC"), "MAGE")}

    def events() -> Values:
        found = ig.episode_calculation(frame, tz="UTC")

        def count(kind: str, level: str) -> dict[str, float]:
            rows = found[(found["type"] == kind) & (found["level"] == level)]
            return dict(zip(rows["id"].astype(str), rows["total_episodes"].astype(float), strict=True))

        return {
            "hypo_level_1_events": count("hypo", "lv1"),
            "hypo_level_2_events": count("hypo", "lv2"),
            "hypo_extended_events": count("hypo", "extended"),
            "hyper_level_1_events": count("hyper", "lv1"),
            "hyper_level_2_events": count("hyper", "lv2"),
        }

    return {"consensus": consensus, "events": events, "mage": mage}
