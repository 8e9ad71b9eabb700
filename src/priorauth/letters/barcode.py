"""The case number as a Code 128 barcode: an SVG picture of bars alone, the same for the same number."""

from __future__ import annotations

from typing import Final

from priorauth.letters.paper import no_extra

BAR: Final = 2
"""The width of the narrowest bar, in units of the picture."""
QUIET: Final = 10 * BAR
HEIGHT: Final = 60


def svg(number: str) -> str:
    """Return the picture; raises ValueError for what Code 128 cannot say, PaperFault without the extra."""
    try:
        from barcode import Code128
    except ModuleNotFoundError:
        raise no_extra() from None
    if not number or not number.isascii() or not number.isprintable():
        raise ValueError("expected a case number of printable ASCII characters")
    (modules,) = Code128(number).build()
    width = len(modules) * BAR + 2 * QUIET
    bars, start = [], None
    for place, module in enumerate(f"{modules}0"):
        if module == "1" and start is None:
            start = place
        elif module == "0" and start is not None:
            bars.append(f'<rect x="{QUIET + start * BAR}" y="0" width="{(place - start) * BAR}" height="{HEIGHT}"/>')
            start = None
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}">'
        f"{''.join(bars)}</svg>"
    )
