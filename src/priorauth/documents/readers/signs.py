"""Signs that fonts and programs write for a box that is ticked or empty, as the one that is meant."""

from __future__ import annotations

from typing import Final

_EMPTY: Final = "\u2610"
_TICKED: Final = "\u2611"
_CROSSED: Final = "\u2612"
_CHECK: Final = "\u2713"
_CROSS: Final = "\u2717"

SIGNS: Final[dict[int, str]] = {
    **dict.fromkeys(map(ord, "\u25a2\u274f\u2750\u2751\u2752\u2b1c\u25fb\u25fd\U0001f78f\U0001f790\U0001f791"), _EMPTY),
    **dict.fromkeys(map(ord, "\u2705\u25a3\U0001f5f9\U0001f5f8\u2b1b"), _TICKED),
    **dict.fromkeys(map(ord, "\u274e\u22a0\U0001f5f5\U0001f5f7\u2327"), _CROSSED),
    # Wingdings and Wingdings 2 where a program wrote them as they are numbered there, in the area for private use.
    **dict.fromkeys((0xF06F, 0xF071, 0xF072, 0xF0A8, 0xF0A3, 0xF02A), _EMPTY),
    0xF0FE: _TICKED,
    0xF052: _TICKED,
    **dict.fromkeys((0xF078, 0xF0FD, 0xF053, 0xF054), _CROSSED),
    0xF0FC: _CHECK,
    0xF050: _CHECK,
    0xF0FB: _CROSS,
    0xF04F: _CROSS,
    0xF0B7: "\u2022",
    0xF0A7: "\u25aa",
}
"""By code: what it is for ``str.translate``. Each is one sign for one, so that no place moves."""
