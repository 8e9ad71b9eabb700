"""What a policy says of silence: whether a record that says nothing of a fact says no, where the vocabulary says other.

Each has its reason: whether silence speaks decides who is asked, and a reviewer has to see why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from priorauth.language import traits
from priorauth.policy.load import Reader
from priorauth.policy.tree import Policy, Silence, leaves
from priorauth.values import names
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Text, Value

MEANS: Final = {"no": True, "unknown": False}
_KEYS: Final = {"means", "reason"}


def read(value: Value | None, reader: Reader) -> tuple[Silence, ...]:
    """Read `silence:`; what cannot be read is a fault of the reader."""
    if value is None:
        return ()
    if not isinstance(value, Map):
        reader.fault(
            getattr(value, "line", 1), "expected facts under `silence:`, as pregnancy: {means: unknown, reason: ...}"
        )
        return ()
    found = (_one(name, row, value.key_lines[name], reader) for name, row in value.items())
    return tuple(one for one in found if one is not None)


def _one(name: str, row: Value, line: int, reader: Reader) -> Silence | None:
    if name not in reader.vocabulary:
        reader.fault(line, f"silence: no fact is named {name!r}{names.near(name, reader.vocabulary)}")
        return None
    if not isinstance(row, Map):
        reader.fault(line, f"silence of {name}: expected `means:` and `reason:`")
        return None
    reader.keys(row, _KEYS, f"silence of {name}")
    means, reason = str(row.get("means", "")), row.get("reason")
    if means not in MEANS:
        found = f", found {means!r}{names.near(means, MEANS)}" if means else ""
        reader.fault(row.key_lines.get("means", line), f"silence of {name}: expected `means:` no or unknown{found}")
        return None
    if not isinstance(reason, Text) or not reason.strip():
        reader.fault(line, f"silence of {name}: expected `reason:`, why a record that says nothing of it means {means}")
        return None
    if reader.vocabulary[name].silent_no is MEANS[means]:
        reader.fault(line, f"silence of {name}: the vocabulary says already that it means {means}")
        return None
    return Silence(name, MEANS[means], str(reason), line)


def idle(policy: Policy) -> Iterable[Silence]:
    """Yield what is said of the silence of facts on whose silence no line of the policy turns."""
    listed = [leaf for root in policy.roots() for leaf in leaves(root)]
    turning = {leaf.form.fact for leaf in listed if traits.of(leaf.form).silenced}
    return [one for one in policy.silence if one.fact not in turning]
