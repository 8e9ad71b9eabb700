"""The bodies of acts, made from the acts themselves: what a program may say of an act, and nothing else.

Who acts, on which case and version, and the key come from elsewhere. FHIR stands in a body as the JSON that it is, and
reaches the ledger byte for byte; other files are base64.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Meta, Raw, Struct
from msgspec.structs import fields

from priorauth.fhir.limits import deeper_than
from priorauth.ledger import acts  # noqa: F401 - what does the acts
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.acts.tokens import MakeToken
from priorauth.ledger.work import HANDLERS, Act, CaseAct, Done
from priorauth.server.limits import DEEPEST
from priorauth.server.problem import Problem

_ELSEWHERE: Final = frozenset({"key", "case", "version"})
_NOT_HERE: Final = frozenset({Receive, MakeToken})
"""A request comes to ``/cases``; a token is made at the database alone."""
_MOST: Final = 2**31 - 1
_WHOLE: Final = Annotated[int, Meta(ge=-_MOST, le=_MOST)]
_MOMENT: Final = Annotated[datetime, Meta(tz=True)]
_NUL: Final = (b"\x00", b"\\u0000")
UNSEEN: Final = frozenset(
    {
        *("file-document", "answer", "withdraw", "read", "record-call", "note", "climb", "miss-clock"),
        *("appeal", "reauthorize", "end-approval", "file-in-error", "read-document", "propose-facts"),
    }
)
"""Acts that need no version: who sends what came, or asks for something of her own, need not have read the case."""
DECIDING: Final = frozenset({"approve", "decide-adversely", "decide-in-part", "authorize-by-law", "send-elsewhere"})
"""Acts that nobody does on a case that she has not seen as it is: ``If-Match: *`` is not enough."""


@cache
def of_cases() -> Mapping[str, type[CaseAct]]:
    """Return the acts on a case by name."""
    found = {name: act for act, (name, _) in HANDLERS.items() if issubclass(act, CaseAct)}
    return dict(sorted(found.items()))


@cache
def of_tenant() -> Mapping[str, type[Act]]:
    """Return the acts on no case by name; two that have one name in the table of rights go by their own."""
    found = {
        re.sub(r"(?<!^)(?=[A-Z])", "-", act.__name__).lower(): act
        for act in HANDLERS
        if not issubclass(act, CaseAct) and act not in _NOT_HERE
    }
    return dict(sorted(found.items()))


@cache
def body_of(act: type[Act]) -> type[Struct]:
    """Return the struct of what a body says of an act."""
    made: list[Any] = []
    for one in fields(act):
        if one.name in _ELSEWHERE:
            continue
        kind = _narrow(one.type)
        if one.default_factory is not NODEFAULT:
            made.append((one.name, kind, msgspec.field(default_factory=one.default_factory)))
        elif one.default is not NODEFAULT:
            made.append((one.name, kind, one.default))
        else:
            made.append((one.name, kind))
    return msgspec.defstruct(f"{act.__name__}Body", made, kw_only=True, forbid_unknown_fields=True)


def _narrow(kind: Any) -> Any:  # noqa: ANN401 - a type
    """Return the type of a field as a body has it: moments with a zone, numbers that can be kept, FHIR as it is."""
    if kind is bytes:
        return Raw
    if kind is int:
        return _WHOLE
    if kind is datetime:
        return _MOMENT
    origin, parts = get_origin(kind), get_args(kind)
    if origin is None or origin is Literal:
        return kind
    narrowed = tuple(part if part is ... else _narrow(part) for part in parts)
    if origin in (Union, types.UnionType):
        return Union[narrowed]  # noqa: UP007 - made while the program runs
    return origin[narrowed]


def read(data: bytes, act: type[Act]) -> dict[str, Any]:
    """Return what a body says of an act; raises Problem."""
    checked(data)
    try:
        found = msgspec.json.decode(data or b"{}", type=body_of(act))
    except (msgspec.MsgspecError, RecursionError) as fault:
        raise Problem("invalid", _said(fault)) from None
    plain = {name: getattr(found, name) for name in found.__struct_fields__}
    return {name: bytes(value) if isinstance(value, Raw) else value for name, value in plain.items()}


def _said(fault: Exception) -> str:
    """Return what is wrong with a body without the value that is wrong."""
    return re.sub(r"'[^']*'", "'...'", str(fault))[:300]


def checked(data: bytes) -> None:
    """Refuse JSON that nests too deep, or that no database keeps; raises Problem."""
    if deeper_than(data, DEEPEST):
        raise Problem("invalid", f"expected JSON nested at most {DEEPEST} deep")
    if any(one in data for one in _NUL):
        raise Problem("invalid", "expected no character of the number 0")


def schemas() -> dict[str, Any]:
    """Return the JSON Schema of every body and of what acts answer, by name."""
    named = {**of_cases(), **of_tenant()}
    every = [body_of(act) for act in named.values()]
    _, found = msgspec.json.schema_components([*every, Done], ref_template="#/components/schemas/{name}")
    for act in named.values():
        schema = found[f"{act.__name__}Body"]
        schema["description"] = act.__doc__
        for one in fields(act):
            if one.type is bytes:
                schema["properties"][one.name] = {"type": "object", "description": "FHIR R4, as JSON."}
    return found
