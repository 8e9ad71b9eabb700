"""The names in a library of CQL: facts with their rows by side, and dates to count from, each declared when needed."""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.cql.pieces import AS_OF, identifier, string
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.vocabulary import Vocabulary

_ROWS = {"measurement": "Row", "event": "Row", "regimen": "Stay", "condition": "Stay"}
_SORTED = {"Row": "Dated", "Stay": "Stays", "Said": "Said"}


@dataclass(slots=True)
class View:
    """Definitions in the order in which they can be read, each name given once, and the facts that they read."""

    vocabulary: Vocabulary
    defines: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def define(self, name: str, text: str, note: str | None = None) -> str:
        """Define a name, told apart by a number where it stands already, and give it back."""
        found, place = name, 1
        while found in self.defines:
            place += 1
            found = f"{name} ({place})"
        self.defines[found] = text
        if note:
            self.notes[found] = note
        return found

    def once(self, name: str, text: str) -> str:
        """Define what may be asked for again: the same text has one name. Gives it quoted."""
        if text not in self.known:
            self.known[text] = identifier(self.define(name, text))
        return self.known[text]

    def fact(self, name: str, role: str | None = None) -> str:
        """Return the name of the rows of a fact, sorted by who says so; declares its parameters.

        ``role``: only what somebody of it states.
        """
        known = self.vocabulary.facts.get(name)
        kind = known.kind if known else "judgment"
        shape = _ROWS.get(kind, "Said")
        self.facts[name] = shape
        rows, wholes = parameter(name), parameter(name, whole=True)
        if kind == "judgment":
            return self.once(f"{name} by side", f"PA.Judgments({rows})")
        if shape == "Said" and role is not None:
            return self.once(f"{name} stated by {role} by side", f"PA.SaidBy({rows}, {string(role)})")
        if shape == "Said":
            return self.once(f"{name} by side", f"PA.Said({rows})")
        born = self.once("born", f"PA.Born(PA.Stated({self.fact('birth_date')}.together))")
        return self.once(f"{name} by side", f"PA.{_SORTED[shape]}({rows}, {wholes}, {born})")

    def anchor(self, name: str) -> str:
        """Return the name of a date to count from."""
        match name:
            case "request":
                text = f"PA.Day({AS_OF})"
            case "service":
                text = f"PA.Else(PA.Stated({self.fact('service_on')}.together), {self.anchor('request')})"
            case "pump_start":
                text = f"PA.Else(PA.StartedNow({self.fact('insulin_pump_use')}.together), {self.anchor('request')})"
            case "trial_start":
                text = f"PA.Started({self.fact('pump_trial')}.together)"
            case "prior_approval":
                text = f"PA.NewestBefore({self.fact('prior_approval_on')}.together, {AS_OF})"
            case _:
                text = f"PA.Stated({self.fact(ANCHOR_FACTS[name])}.together)"
        return self.once(f"day of {name}", text)


def parameter(fact: str, *, whole: bool = False) -> str:
    """Return the name of the parameter that holds the rows of a fact, or the statements that its record is complete."""
    return identifier(f"{fact} {'whole' if whole else 'rows'}")
