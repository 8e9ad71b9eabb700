"""Which elements of profiles a resource has: paths as snapshots write them, with slices and choices of type.

``item.extension:reviewAction``, ``supportingInfo:PatientEvent.timing[x]:timingPeriod.start``; see slices.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

PAS: Final = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
_FILE: Final = Path(__file__).with_name("slices.yaml")


@cache
def _known() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def missing(resources: Iterable[Any], paths: Iterable[str]) -> list[str]:
    """Return the paths of which no resource has an element."""
    listed = list(resources)
    return [path for path in paths if not any(at(one, path) for one in listed)]


def at(value: Any, path: str) -> list[Any]:
    """Return what stands at a path; nothing where the element, or the slice of it, is not there."""
    found = [value]
    for step in path.split("."):
        found = [one for before in found for one in _step(before, step)]
    return found


def _step(value: Any, step: str) -> Iterator[Any]:
    if not isinstance(value, dict):
        return
    name, _, slice_ = step.partition(":")
    if name.endswith("[x]"):
        kinds = [key for key in value if key.startswith(name[:-3]) and key[len(name) - 3 : len(name) - 2].isupper()]
        yield from (one for key in kinds if slice_ in {"", key} for one in _items(value[key]))
        return
    for one in _items(value.get(name)):
        if not slice_ or _is(one, name, slice_):
            yield one


def _items(value: Any) -> list[Any]:
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if one is not None and one not in ("", {}, [])]


def _is(value: Any, name: str, slice_: str) -> bool:
    if name in {"extension", "modifierExtension"}:
        url = _known()["extensions"][slice_]
        return isinstance(value, dict) and value.get("url") == (url if "/" in url else PAS + url)
    rule = _known()["slices"][slice_]
    return rule["is"] in at(value, rule["at"])
