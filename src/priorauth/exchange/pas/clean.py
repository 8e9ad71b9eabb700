"""JSON without the characters that FHIR's strings may not hold, and those that turn the direction of text around."""

from __future__ import annotations

from typing import Any, Final

import msgspec

_CONTROLS: Final = dict.fromkeys(
    [
        *(code for code in range(0x20) if chr(code) not in "\t\n\r"),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        *range(0xFFFE, 0x10000),
    ],
    "\ufffd",
)


def clean(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return JSON with such characters replaced; as it is where there are none, which one look at its bytes tells."""
    return value if _is_plain(value) else _replaced(value)


def _is_plain(value: object) -> bool:
    """Whether JSON is of nothing but printable ASCII."""
    try:
        written = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half of a pair
        return False
    return written.isascii() and b"\\u" not in written and b"\x7f" not in written


def _replaced(value: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else value.translate(_CONTROLS)
    if isinstance(value, list):
        return [_replaced(part) for part in value]
    return {_replaced(key): _replaced(part) for key, part in value.items()} if isinstance(value, dict) else value
