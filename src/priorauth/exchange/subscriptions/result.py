"""What a response says of the result, without when and by which ids it says it: so that a change is seen as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from priorauth.exchange.wire import Json, listed
from priorauth.ledger.columns import canonical

_ITEM: Final = ("itemSequence", "adjudication", "productOrService", "quantity", "extension")
_RESPONSE: Final = ("preAuthPeriod", "preAuthRef", "error")


def result_of(bundle: Json) -> str:
    """Return the hash of the result that a response Bundle gives."""
    return hashlib.sha256(canonical(list(_said(bundle)))).hexdigest()


def responses(bundle: Json) -> Iterator[Json]:
    """Yield the entries of a Bundle that hold a ClaimResponse."""
    for entry in listed(bundle, "entry"):
        if _kind(entry) == "ClaimResponse":
            yield entry


def _said(bundle: Json) -> Iterator[Any]:
    for entry in responses(bundle):
        one = entry["resource"]
        yield [[_only(item, _ITEM) for item in listed(one, name)] for name in ("item", "addItem")]
        yield _only(one, _RESPONSE)
        yield [note.get("text") for note in listed(one, "processNote")]
    for entry in listed(bundle, "entry"):
        if _kind(entry) == "CommunicationRequest":
            yield listed(entry["resource"], "payload")


def _only(one: Json, names: tuple[str, ...]) -> Json:
    return {name: one[name] for name in names if name in one}


def _kind(entry: Json) -> Any:  # noqa: ANN401 - JSON
    held = entry.get("resource")
    return held.get("resourceType") if isinstance(held, dict) else None
