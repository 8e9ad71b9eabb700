"""How an adaptive form ends: a last group, in which the answers are read over, and what is then said of coverage.

The last group says that the questions to the practice are over, what the answers lead to, and asks whether they are
right; where all that the policy asks is shown, and the plan gives out numbers unasked, it asks for the number at last.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from priorauth.decide.determination import Determination
from priorauth.exchange.dtr.filled import Node
from priorauth.exchange.dtr.groups import END
from priorauth.exchange.wire import Json
from priorauth.values.dates import spoken

DONE: Final = "The questions to the patient and the practice end here."
ATTEST: Final = "I have read these answers over, and they say what the record says."
ISSUE: Final = "All that the policy asks is shown. Shall the number of the prior authorization be issued now?"
_NOW, _LATER = "issue", "later"
_TITLE: Final = "Before this form is sent"
_SAYS: Final = {
    "approve": "All that the policy asks is shown.",
    "not-required": "No prior authorization is required for this request.",
    "clinical-review": "A clinician of the plan decides on this: send it as a request for prior authorization.",
    "not-applicable": "This is not decided here.",
    "other-criteria": "This is not decided here.",
}


class Ended(NamedTuple):
    """What was answered in the last group: whether the answers are right, and whether the number is to be issued."""

    attested: bool | None
    offered: bool
    issue: bool | None

    @property
    def complete(self) -> bool:
        """Whether every question of the last group is answered."""
        return self.attested is not None and (not self.offered or self.issue is not None)


def last_group(made: Determination, number: int, base: str, *, issue: bool) -> Json:
    """Return the last group; ``issue``: the number is offered."""
    link = f"{END}{number}"
    items: list[Json] = [
        {"linkId": f"{link}.done", "text": DONE, "type": "display"},
        {"linkId": f"{link}.says", "text": says(made), "type": "display"},
        {"linkId": f"{link}.attest", "text": ATTEST, "type": "boolean", "required": True},
    ]
    if issue:
        system = f"{base}/CodeSystem/issue"
        options = [(_NOW, "Yes, issue it now"), (_LATER, "No, the request is sent later")]
        coded = [{"valueCoding": {"system": system, "code": code, "display": said}} for code, said in options]
        items[1:2] = []
        items.append({
            "linkId": f"{link}.issue", "text": ISSUE, "type": "choice", "required": True, "answerOption": coded,
        })  # fmt: skip
    return {"linkId": link, "text": _TITLE, "type": "group", "item": items}


def says(made: Determination) -> str:
    """Return what the answers lead to, in one line."""
    if made.outcome == "not-yet":
        until = f": it can be decided from {spoken(made.decide_after)} on" if made.decide_after else ""
        return f"Nothing is missing but time{until}."
    if made.outcome == "request-information":
        open_ = dict.fromkeys(spoken(one.ask) for one in made.questions)
        return f"Still open: {' '.join(open_)}" if open_ else "Something is still open: send what is on file."
    said = _SAYS[made.outcome]
    return " ".join([said, *(f"{note.rstrip('.')}." for note in made.notes)]) if made.policy is None else said


def ended(node: Node) -> Ended:
    """Return what was answered in a last group."""
    attest = next((one for one in node.below if one.link.endswith(".attest")), None)
    issue = next((one for one in node.below if one.link.endswith(".issue")), None)
    return Ended(
        attested=_first(attest, "valueBoolean") if attest is not None else None,
        offered=issue is not None,
        issue=None if issue is None or (code := _code(issue)) is None else code == _NOW,
    )


def _first(node: Node, name: Literal["valueBoolean"]) -> bool | None:
    for one in node.answers:
        if isinstance(one.get(name), bool):
            return bool(one[name])
    return None


def _code(node: Node) -> str | None:
    for one in node.answers:
        coding = one.get("valueCoding")
        if isinstance(coding, dict) and isinstance(coding.get("code"), str):
            return str(coding["code"])
    return None
