"""A choice: whose goals a report is held against, and the unit in which its glucose is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from priorauth.glucose.definitions import Goals, Population, definitions

Unit = Literal["mg/dL", "mmol/L"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose goals, and which unit; the definitions' adults and mg/dL where nothing is chosen."""

    population: Population = "adult"
    unit: Unit = "mg/dL"

    @property
    def goals(self) -> Goals:
        """The goals of the population."""
        return definitions().goals[self.population]

    def amount(self, glucose: float) -> str:
        """Return a value in mg/dL as written in the unit, without it: whole mg/dL, tenths of mmol/L."""
        if self.unit == "mg/dL":
            return f"{glucose:.0f}"
        return f"{glucose / definitions().mg_dl_per_mmol_l:.1f}"

    def said(self, glucose: float) -> str:
        """Return a value in mg/dL with the unit."""
        return f"{self.amount(glucose)} {self.unit}"

    def beside(self, limit: int, *, above: bool) -> str:
        """Return the first value above a limit, or below it, as the unit writes them: 181, 10.1; 69, 3.8."""
        if self.unit == "mg/dL":
            return f"{limit + 1 if above else limit - 1}"
        tenths = round(10 * limit / definitions().mg_dl_per_mmol_l) + (1 if above else -1)
        return f"{tenths / 10:.1f}"
