"""The cast of a working day: requests of the demo that are changed a little, so that each thing to do is there once.

An overdue case of Georgia, a conflict, an expedited request, a log of a sensor, a call to book, an open appeal. A part
that no request fits is left out; the same requests give the same cast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from priorauth.decide.determine import determine
from priorauth.ledger.columns import canonical
from priorauth.server.demo import stories
from priorauth.server.demo.requests import Request

Json = dict[str, Any]
Story = Callable[[Request], stories.Told]
_PRIORITY: Final = "http://terminology.hl7.org/CodeSystem/processpriority"
_STAT: Final = {"coding": [{"system": _PRIORITY, "code": "stat"}]}
_NORMAL: Final = {"coding": [{"system": _PRIORITY, "code": "normal"}]}
_WORK: Final = frozenset({"request-information", "clinical-review"})
"""Outcomes that leave something to do."""
_UNABLE: Final = {"motivated": False, "able_to_operate_pump": False, "follows_diet_and_exercise": False}
_SINCE: Final = 300
"""How many days before a request its five tests a day began."""
_MEASURED: Final = 60


class Part(NamedTuple):
    """A request, and the story that it has in the cast; None: that of its place."""

    request: Request
    story: Story | None = None


class _Role(NamedTuple):
    """A part of the cast: whom it suits, how many days back at most and at least, what is changed, what happens."""

    payers: tuple[str, ...]
    initial: bool | None
    back: tuple[int, int]
    changed: Callable[[Request], Request]
    story: Story


def cast(listed: Sequence[Request], today: date) -> list[Part]:
    """Return the requests in their order, each part given to the first that suits it."""
    given: dict[int, Part] = {}
    for role in _ROLES:
        for place, one in enumerate(listed):
            if place not in given and _suits(role, one, today):
                given[place] = Part(role.changed(one), role.story)
                break
    return [given.get(place, Part(one)) for place, one in enumerate(listed)]


def _suits(role: _Role, one: Request, today: date) -> bool:
    most, least = role.back
    back = (today - date.fromisoformat(one.day)).days
    fits = one.payer in role.payers and role.initial in (None, one.initial)
    return fits and least <= back <= most and one.form is not None and determine(one.bundle)[0].outcome in _WORK


def _same(one: Request) -> Request:
    return one


def _georgian(one: Request) -> Request:
    """Return a request of a Marketplace plan of Georgia that can never be shown, so that nothing is left to ask."""
    one = _of_urgency(one, _NORMAL)
    return _whole(_said(one, coverage_state="GA", line_of_business="marketplace", request_kind="initial", **_UNABLE))


def _whole(one: Request) -> Request:
    """Return a request whose form comes in its Bundle, so that its clocks know what it says."""
    bundle, form = msgspec.json.decode(one.bundle), msgspec.json.decode(one.form or b"{}")
    entry = {"fullUrl": f"https://clinic.example/QuestionnaireResponse/{form['id']}", "resource": form}
    return one._replace(bundle=canonical({**bundle, "entry": [*bundle["entry"], entry]}), form=None)


def _two_sided(one: Request) -> Request:
    """Return a request that states five tests a day, and that what its meter measured is whole."""
    day = date.fromisoformat(one.day)
    since = (day - timedelta(days=_SINCE)).isoformat()
    tests = {
        "linkId": "glucose_tests_per_day",
        "item": [
            {"linkId": "glucose_tests_per_day.value", "answer": [{"valueDecimal": 5}]},
            {"linkId": "glucose_tests_per_day.from", "answer": [{"valueDate": since}]},
        ],
    }
    begun = (day - timedelta(days=_MEASURED)).isoformat()
    whole = [
        {"linkId": f"glucose_self_test.complete_{part}", "answer": [{"valueDate": on}]}
        for part, on in (("from", begun), ("until", one.day))
    ]
    return _with(one, [tests, *whole])


def _expedited(one: Request) -> Request:
    return _of_urgency(one, _STAT)


def _of_urgency(one: Request, priority: Json) -> Request:
    bundle = msgspec.json.decode(one.bundle)
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            entry["resource"]["priority"] = priority
    return one._replace(bundle=canonical(bundle))


def _said(one: Request, **answers: str | bool) -> Request:
    """Return a request whose form says something else."""
    coded = {
        fact: {"valueCoding": {"code": value}} if isinstance(value, str) else {"valueBoolean": value}
        for fact, value in answers.items()
    }
    return _with(one, [{"linkId": fact, "answer": [value]} for fact, value in coded.items()])


def _with(one: Request, items: Sequence[Json]) -> Request:
    """Return a request whose form has some items in place of those of the same name."""
    form = msgspec.json.decode(one.form or b"{}")
    named = {item["linkId"] for item in items}
    kept = [item for item in form.get("item", ()) if item["linkId"] not in named]
    return one._replace(form=canonical({**form, "item": [*kept, *items]}))


def _roles() -> Iterator[_Role]:
    everywhere = ("masshealth", "husky", "caresource", "anthem", "uhc-medicare-advantage")
    yield _Role(("caresource",), None, (20, 9), _georgian, stories.overdue)
    yield _Role(("masshealth",), True, (6, 1), _two_sided, stories.two_sides)
    yield _Role(("masshealth", "caresource"), True, (6, 1), _same, stories.worn)
    yield _Role(("caresource", "anthem"), None, (3, 1), _expedited, stories.called)
    yield _Role(("uhc-medicare-advantage", "anthem"), None, (10, 1), _same, stories.called)
    yield _Role(("masshealth",), None, (95, 15), _same, stories.on_appeal)
    yield _Role(everywhere, None, (3, 1), _expedited, stories.worn)


_ROLES: Final = tuple(_roles())
