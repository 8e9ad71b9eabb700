"""Fills in a Questionnaire as an app does: what is open under the answers so far, and the response that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from priorauth.policy.catalog import open_catalog

CATALOG = open_catalog()
BASE = "https://plan.example/demo/2.2/fhir"
Item = dict[str, Any]


def opened(items: list[Item], answers: Mapping[str, list[Any]]) -> set[str]:
    """Give the linkIds that are open: by FHIR's rules of enableWhen, where what is closed counts as not answered."""
    found: set[str] = set()
    while (now := _opened(items, {link: said for link, said in answers.items() if link in found})) != found:
        if now <= found:
            return now
        found = now
    return found


def _opened(items: list[Item], answers: Mapping[str, list[Any]]) -> set[str]:
    found: set[str] = set()
    for item in items:
        if _holds(item, answers):
            found.add(item["linkId"])
            found |= _opened(item.get("item", []), answers)
    return found


def _holds(item: Item, answers: Mapping[str, list[Any]]) -> bool:
    each = [_is(when, answers.get(when["question"], [])) for when in item.get("enableWhen", [])]
    return all(each) if item.get("enableBehavior") == "all" or len(each) < 2 else any(each)


def _is(when: Item, given: list[Any]) -> bool:
    wanted = next(value for name, value in when.items() if name.startswith("answer"))
    if when["operator"] == "exists":
        return bool(given) is wanted
    assert when["operator"] == "="
    return any(_same(one, wanted) for one in given)


def _same(one: Any, wanted: Any) -> bool:
    return bool(one == (wanted["code"] if isinstance(wanted, dict) else wanted))
