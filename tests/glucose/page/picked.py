"""What the tests of pictures share: periods of drawn streams, and a look into an SVG."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st

from priorauth.glucose.metrics.series import Series
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.period import Period, latest
from priorauth.glucose.page.picture import Picture
from tests.glucose.drawn import MIDNIGHT, sensor, streams

SVG = "{http://www.w3.org/2000/svg}"
CHOICES = [Choice(goals, unit) for goals in ("adult", "older", "pregnancy") for unit in ("mg/dL", "mmol/L")]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def fortnight(days: int = 14) -> Series:
    """Give whole days of a five-minute sensor, with an event below 54 and one of two and a half hours above 250."""
    count = 288 * days
    wave = 150 + 60 * np.sin(np.arange(count) / 288 * 2 * np.pi) + 25 * np.sin(np.arange(count) / 37)
    glucose = np.round(wave).astype(int)
    glucose[1000:1006] = 50
    glucose[2000:2030] = 300
    return sensor(glucose.tolist(), start=MIDNIGHT)


def periods() -> st.SearchStrategy[Period]:
    """Draw a period of a small stream, of either device, for any choice, of one to forty days."""
    return st.builds(
        lambda series, choice, days: latest(series, choice, days=days, engine="numpy"),
        streams(),
        st.sampled_from(CHOICES),
        st.integers(1, 40),
    )


def parsed(picture: Picture) -> ET.Element:
    """Read a picture, which must be well-formed XML."""
    return ET.fromstring(picture.svg)  # noqa: S314  (our own text)


def places(root: ET.Element) -> Iterator[tuple[float, float]]:
    """Yield every point at which something is drawn."""
    for part in root.iter():
        kind = part.tag.removeprefix(SVG)
        if kind == "path":
            numbers = [float(one) for one in _NUMBER.findall(part.get("d") or "")]
            yield from zip(numbers[::2], numbers[1::2], strict=True)
        elif kind == "circle":
            x, y, r = (float(part.get(name) or "nan") for name in ("cx", "cy", "r"))
            yield from ((x - r, y - r), (x + r, y + r))
        elif kind == "rect":
            x, y, wide, high = (float(part.get(name) or "nan") for name in ("x", "y", "width", "height"))
            yield from ((x, y), (x + wide, y + high))
        elif kind == "text":
            yield float(part.get("x") or "nan"), float(part.get("y") or "nan")


def outside(picture: Picture) -> list[tuple[float, float]]:
    """Return the points of a picture that lie outside its paper (or are no numbers)."""
    root = parsed(picture)
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    return [(x, y) for x, y in places(root) if not (0 <= x <= width and 0 <= y <= height)]


def of_class(picture: Picture, name: str) -> list[ET.Element]:
    """Return the shapes of a class."""
    return [part for part in parsed(picture).iter() if name in (part.get("class") or "").split()]


def texts(picture: Picture) -> list[str]:
    """Return all words that stand in a picture."""
    return [part.text or "" for part in parsed(picture).iter(f"{SVG}text")]
