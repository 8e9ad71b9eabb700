"""A form as it was filled in: the answers by item, and what is wrong with them by the form's own rules.

The form is the Questionnaire that its answers carry with them. An answer to an item that is closed (by ``enableWhen``)
is no answer. What is found wrong names the item and what was expected, never what was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from priorauth.exchange.wire import Json, issue, listed

MOST_ITEMS: Final = 5_000
LONGEST: Final = 10_000
"""How many characters a written answer may have."""
_DAY: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_LARGEST: Final = 1e12


class Wrong(NamedTuple):
    """Something that is wrong: FHIR's kind of issue, what was expected, and where."""

    code: str
    said: str
    at: str

    def issue(self) -> Json:
        """Return it as an issue of an OperationOutcome."""
        return issue("error", self.code, self.said, self.at)


class Option(NamedTuple):
    """A coding that may be chosen."""

    system: str
    code: str
    display: str


Values = Callable[[str], tuple[Option, ...] | None]
"""Gives the codes of a ValueSet by its canonical address; None where it is none of ours."""


@dataclass(slots=True)
class Node:
    """An item of the form with what was answered to it; ``path`` is where its answers stand."""

    item: Json
    path: str
    above: Node | None
    below: list[Node] = field(default_factory=list)
    answers: list[Json] = field(default_factory=list)
    """Answers of an item that is a question; of a group, what was sent of it, one a repetition."""

    @property
    def link(self) -> str:
        """Its linkId."""
        return str(self.item.get("linkId", ""))

    def walk(self) -> Iterator[Node]:
        """Yield it and every item below."""
        yield self
        for one in self.below:
            yield from one.walk()

    @property
    def top(self) -> Node:
        """The item on the top of the form under which it stands."""
        return self if self.above is None else self.above.top

    @property
    def answered(self) -> bool:
        """Whether anything at or below it has an answer."""
        return any(one.answers and one.item.get("type") != "group" for one in self.walk())


def nodes(items: Iterable[Json], above: Node | None = None) -> list[Node]:
    """Return the items of a Questionnaire, without answers."""
    found: list[Node] = []
    for item in items:
        start = "QuestionnaireResponse" if above is None else above.path
        node = Node(item, f"{start}.item.where(linkId='{_plain(item.get('linkId'))}')", above)
        node.below = nodes(listed(item, "item"), node)
        found.append(node)
    return found


def _plain(link: object) -> str:
    """Return a linkId as it may stand in an expression and a log."""
    return re.sub(r"[^\w.#+-]", "?", str(link)[:80], flags=re.ASCII)


class Sheet:
    """A form with its answers: its items by linkId, which of them are open, and what is wrong."""

    def __init__(self, form: Json, answered: Json, values: Values) -> None:
        """Lay the answers beside the items."""
        self.values = values
        self.top = nodes(listed(form, "item"))
        self.by_link: dict[str, Node] = {}
        for node in self.walk():
            self.by_link.setdefault(node.link, node)
        self.faults: list[Wrong] = []
        self._count = 0
        self._lay(self.top, listed(answered, "item"), "QuestionnaireResponse")

    def walk(self) -> Iterator[Node]:
        """Yield every item, those below after the one above."""
        for node in self.top:
            yield from node.walk()

    # ---- the answers beside the items

    def _lay(self, here: list[Node], sent: list[Json], place: str) -> None:
        known = {node.link: node for node in here}
        times: dict[str, int] = {}
        for item in sent:
            self._count += 1
            if self._count > MOST_ITEMS:
                self.faults.append(Wrong("too-long", f"expected at most {MOST_ITEMS} items", place))
                return
            link = str(item.get("linkId", ""))
            node = known.get(link)
            if node is None:
                at = f"{place}.item.where(linkId='{_plain(link)}')"
                self.faults.append(Wrong("invalid", "expected an item of the form in its place", at))
                continue
            times[link] = times.get(link, 0) + 1
            kind = node.item.get("type")
            answers = listed(item, "answer")
            if times[link] > 1 and (kind != "group" or not node.item.get("repeats")):
                self.faults.append(Wrong("invalid", "expected the item once", node.path))
                continue
            if kind == "group":
                node.answers.append(item)
                if answers:
                    self.faults.append(Wrong("invalid", "expected no answer of its own to a group", node.path))
                self._lay(node.below, listed(item, "item"), node.path)
                continue
            if len(answers) > 1 and not node.item.get("repeats"):
                self.faults.append(Wrong("invalid", "expected one answer", node.path))
            if listed(item, "item"):
                self.faults.append(Wrong("structure", "expected what is below a question in its answer", node.path))
            node.answers.extend(answers)
            for one in answers:
                self._lay(node.below, listed(one, "item"), f"{node.path}.answer")

    # ---- what is open

    def open(self, node: Node) -> bool:
        """Whether an item and all above it are open by ``enableWhen``."""
        one: Node | None = node
        while one is not None:
            when = listed(one.item, "enableWhen")
            if when and not self._enabled(when, any_of=one.item.get("enableBehavior") == "any"):
                return False
            one = one.above
        return True

    def _enabled(self, when: list[Json], *, any_of: bool) -> bool:
        said = [self._holds(one) for one in when]
        return any(said) if any_of else all(said)

    def _holds(self, when: Json) -> bool:
        node = self.by_link.get(str(when.get("question", "")))
        if node is None or not self.open(node):
            given: list[Any] = []
        else:
            given = [value for one in node.answers if (value := _value(one)) is not None]
        wanted = _value(when, "answer")
        if when.get("operator") == "exists":
            return bool(given) is bool(wanted)
        if when.get("operator") == "=":
            return any(_same(value, wanted) for value in given)
        if when.get("operator") == "!=":
            return bool(given) and not any(_same(value, wanted) for value in given)
        return True  # none of ours: an item whose condition cannot be read is open

    def kept(self, items: list[Json]) -> list[Json]:
        """Return what was sent, without what stands at items that are closed."""
        found: list[Json] = []
        for item in items:
            node = self.by_link.get(str(item.get("linkId", "")))
            if node is None or not self.open(node):
                continue
            made = {**item}
            if "item" in item:
                made["item"] = self.kept(listed(item, "item"))
            if "answer" in item:
                made["answer"] = [
                    {**one, "item": self.kept(listed(one, "item"))} if "item" in one else one
                    for one in listed(item, "answer")
                ]
            found.append(made)
        return found

    # ---- what is wrong

    def wrong(self, needed: Callable[[Node], bool] = lambda _: True) -> list[Wrong]:
        """Return what is wrong; of items that want an answer and have none, only those that are ``needed``."""
        found = list(self.faults)
        for node in self.walk():
            if not self.open(node):
                continue
            kind = str(node.item.get("type", ""))
            if kind in ("group", "display"):
                if kind == "display" and node.answers:
                    found.append(Wrong("invalid", "expected no answer to a text", node.path))
                continue
            values = [one for one in node.answers if _value(one) is not None]
            for place, one in enumerate(node.answers):
                if said := self.fault(node.item, kind, one):
                    found.append(Wrong(said[0], said[1], f"{node.path}.answer[{place}]"))
            if node.item.get("required") and not values and not node.item.get("readOnly") and needed(node):
                found.append(Wrong("required", "expected an answer", node.path))
        return found

    def fault(self, item: Json, kind: str, answer: Json) -> tuple[str, str] | None:
        """Return what is wrong with one answer: the kind of issue and what was expected; None where nothing is."""
        given = [name for name in answer if name.startswith("value")]
        if not given:
            return None if listed(answer, "item") else ("required", "expected a value")
        name = given[0]
        wanted = _WANTED.get(kind)
        if wanted is None:
            return "not-supported", "expected an item of a kind that this form has"
        if len(given) > 1 or name not in wanted:
            return "invalid", f"expected {' or '.join(wanted)}"
        value = answer[name]
        check = _CHECKS.get(name)
        if check is not None and (said := check(value)):
            return "invalid", said
        if name == "valueCoding":
            return self._coding(item, value)
        if name == "valueQuantity":
            return _quantity(item, value)
        return None

    def _coding(self, item: Json, value: Json) -> tuple[str, str] | None:
        if item.get("answerValueSet"):
            options = self.values(str(item["answerValueSet"]))
        else:
            held = (
                one["valueCoding"] for one in listed(item, "answerOption") if isinstance(one.get("valueCoding"), dict)
            )
            options = tuple(_option(one) for one in held)
        if options is None:
            return None
        code, system = value.get("code"), value.get("system")
        for one in options:
            if one.code == code and (not system or not one.system or one.system == system):
                return None
        return "code-invalid", "expected one of the codes that the form lists"


def _option(coding: Json) -> Option:
    return Option(*(str(coding.get(name, "")) for name in ("system", "code", "display")))


def _value(held: Mapping[str, Any], start: str = "value") -> Any:  # noqa: ANN401 - any kind of answer
    """Return the value of an answer, whatever its kind; None where it has none."""
    for name, value in held.items():
        if name.startswith(start) and len(name) > len(start) and value not in (None, ""):
            return value
    return None


def _same(value: Any, wanted: Any) -> bool:  # noqa: ANN401 - any kind of answer
    if isinstance(value, dict) and isinstance(wanted, dict):
        systems = value.get("system"), wanted.get("system")
        return value.get("code") == wanted.get("code") and (not all(systems) or systems[0] == systems[1])
    return type(value) is type(wanted) and bool(value == wanted)


_WANTED: Final[Mapping[str, tuple[str, ...]]] = {
    "boolean": ("valueBoolean",),
    "decimal": ("valueDecimal", "valueInteger"),
    "integer": ("valueInteger",),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime", "valueDate"),
    "string": ("valueString",),
    "text": ("valueString",),
    "choice": ("valueCoding",),
    "quantity": ("valueQuantity",),
}
"""By the kind of an item what its answers are."""


def _boolean(value: object) -> str:
    return "" if isinstance(value, bool) else "expected true or false"


def _number(value: object) -> str:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST
    return "" if fits else "expected a number"


def _whole(value: object) -> str:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31
    return "" if fits else "expected a whole number"


def _day(value: object) -> str:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return "expected a day, as 2026-11-27"
    try:
        date.fromisoformat(f"{value}-01-01"[:10] if len(value) < 8 else value)  # noqa: PLR2004 - of a month
    except ValueError:
        return "expected a day that is in the calendar"
    return ""


def _moment(value: object) -> str:
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return _day(value[:10])
    return _day(value)


def _written(value: object) -> str:
    return (
        "" if isinstance(value, str) and len(value) <= LONGEST else f"expected a text of at most {LONGEST} characters"
    )


def _struct(value: object) -> str:
    return "" if isinstance(value, dict) else "expected an object"


_CHECKS: Final[Mapping[str, Callable[[object], str]]] = {
    "valueBoolean": _boolean,
    "valueDecimal": _number,
    "valueInteger": _whole,
    "valueDate": _day,
    "valueDateTime": _moment,
    "valueString": _written,
    "valueCoding": _struct,
    "valueQuantity": _struct,
}


def _quantity(item: Json, value: Json) -> tuple[str, str] | None:
    if _number(value.get("value")):
        return "invalid", "expected a number in the quantity"
    units = [
        _option(one["valueCoding"])
        for one in listed(item, "extension")
        if str(one.get("url", "")).endswith(("/questionnaire-unitOption", "/questionnaire-unit"))
        if isinstance(one.get("valueCoding"), dict)
    ]
    if not units:
        return None
    code, said, system = value.get("code"), value.get("unit"), value.get("system")
    for one in units:
        if code == one.code and (not system or not one.system or system == one.system):
            return None
        if not code and said in (one.code, one.display):
            return None
    return "code-invalid", "expected one of the units that the form lists"
