"""Writes pictures of the ten main pages of the workbench, from the demo at a frozen clock, into docs/pictures.

python tools/shots.py           # each at 1280 and 360 pixels, in 32 colours
python tools/shots.py --check   # exit 1 where a page does not come, or a picture is missing; writes nothing
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from sqlalchemy import select  # noqa: E402  # the tests stand beside this folder

from priorauth.ledger import tables as t  # noqa: E402
from priorauth.ledger.store import Store  # noqa: E402
from priorauth.server.demo import people  # noqa: E402
from tests.workbench import browser as b  # noqa: E402
from tests.workbench.day import cases, working_day  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures"
WIDTHS: Final = (1280, 360)
REQUESTS: Final = 80
COLOURS: Final = 32
TALLEST: Final = 1600
"""Higher than that a picture is cut: the first screens are what is looked at."""
GOOD: Final = 200


class Shot(NamedTuple):
    """A page: the name of its picture, who looks, and where."""

    name: str
    person: str
    at: str


def shots(store: Store) -> Iterator[Shot]:
    """Yield the ten main pages, for cases of the demo that show something."""
    nurse = cases(store, "with-nurse")
    clinic = cases(store, "with-clinic", organisation="north-clinic")
    director = cases(store, "with-director", kind="request")
    appeal = cases(store, "with-director", kind="appeal")
    two_sided = next(one for one in nurse if _filed(store, one, "meter.csv"))
    worn = next(one for one in nurse + director if _filed(store, one, "sensor.csv"))
    yield Shot("clinic", "carla", "/clinic")
    yield Shot("check", "carla", "/clinic/check")
    yield Shot("answer", "carla", f"/c/{clinic[0]}/answer")
    yield Shot("queue", "nadia", "/queue")
    yield Shot("case", "nadia", f"/c/{two_sided}")
    yield Shot("timeline", "nadia", f"/c/{two_sided}/timeline?all=yes")
    yield Shot("glucose", "nadia", f"/c/{worn}/glucose")
    yield Shot("decide", "marsh", f"/c/{director[-1]}/decide")
    yield Shot("appeal", "amato", f"/c/{appeal[0]}/appeal/review")
    yield Shot("metrics", "mara", "/metrics?year=2026")


def _filed(store: Store, case: str, title: str) -> bool:
    """Whether a file of a title was filed with a case."""
    one = t.document.c
    with store.reading(people.TENANT) as connection:
        query = select(one.number).where(one.case_no == case, one.title == title)
        return connection.execute(query).first() is not None


def small(picture: bytes) -> bytes:
    """Return a picture cut to the tallest and in few colours."""
    from PIL import Image

    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    drawn = drawn.crop((0, 0, drawn.width, min(drawn.height, TALLEST))).quantize(COLOURS)
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


def drawn() -> Iterator[tuple[str, bytes]]:
    """Yield by name each picture; raises SystemExit where a page does not come or is wider than its window."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = stack.enter_context(working_day(folder, REQUESTS))
        chromium = stack.enter_context(b.chromium())
        address = stack.enter_context(b.listening(desk))
        for shot in shots(desk.store):
            with b.seated(chromium, desk, address, people.who(shot.person)) as seat:
                for width in WIDTHS:
                    yield f"{shot.name}-{width}.png", _taken(seat, shot, width)


def _taken(seat: b.Seat, shot: Shot, width: int) -> bytes:
    """Return the picture of a page at a width."""
    seat.page.set_viewport_size({"width": width, "height": 900})
    if (status := seat.go(shot.at)) != GOOD:
        raise SystemExit(f"{shot.name}: {shot.at} answered {status}")
    if over := seat.overflows():
        raise SystemExit(f"{shot.name}: {shot.at} is {over} pixels too wide at {width}")
    return seat.page.screenshot(full_page=True)


def main(*, check: bool) -> int:
    """Write the pictures, or see that each still can be drawn and is there."""
    PICTURES.mkdir(exist_ok=True)
    missing = []
    for name, picture in drawn():
        file = PICTURES / name
        if not check:
            file.write_bytes(small(picture))
        elif not file.is_file():
            missing.append(name)
    for name in missing:
        print(f"docs/pictures/{name} is missing: python tools/shots.py", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
