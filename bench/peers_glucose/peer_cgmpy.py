"""cgmpy: one analysis object per subject; it counts no events."""

from __future__ import annotations

import contextlib
import io
import math
from collections.abc import Callable

import pandas as pd
from cgmpy import GlucoseAnalysis

Values = dict[str, dict[str, float]]

METRICS = {
    "mean_mg_dl": "mean",
    "sd_mg_dl": "sd",
    "cv_percent": "cv",
    "gmi_percent": "gmi",
    "time_70_180_percent": "TIR",
    "time_below_70_percent": "TBR70",
    "time_below_54_percent": "TBR_very_low",
    "time_above_180_percent": "TAR180",
    "time_above_250_percent": "TAR250",
}


def stages(frame: pd.DataFrame) -> dict[str, Callable[[], Values]]:
    """Give the stages to time."""
    frames = {
        subject: rows[["time", "gl"]].rename(columns={"gl": "glucose"}).reset_index(drop=True)
        for subject, rows in frame.groupby("id", sort=False)
    }
    made: dict[str, GlucoseAnalysis] = {}

    def consensus() -> Values:
        found: Values = {name: {} for name in METRICS}
        for subject, own in frames.items():
            with contextlib.redirect_stdout(io.StringIO()):
                made[subject] = GlucoseAnalysis(own, date_col="time", glucose_col="glucose")
            for name, method in METRICS.items():
                found[name][subject] = float(getattr(made[subject], method)())
        return found

    def mage() -> Values:
        found = {}
        for subject, analysis in made.items():
            result = analysis.MAGE_Baghurst()
            found[subject] = float(result.get("MAGE_avg", math.nan)) if isinstance(result, dict) else float(result)
        return {"mage_mg_dl": found}

    return {"consensus": consensus, "mage": mage}
