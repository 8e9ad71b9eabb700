import sys

import pytest

from priorauth.cli.image import png
from priorauth.errors import InputRefused
from priorauth.glucose.page.agp import agp
from priorauth.glucose.page.period import latest
from tests.glucose.page.picked import fortnight

PICTURE = agp(latest(fortnight()))


@pytest.mark.slow
def test_a_picture_becomes_an_image_of_twice_its_size_and_always_the_same_bytes() -> None:
    made = png(PICTURE)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = PICTURE.size
    assert (int.from_bytes(made[16:20]), int.from_bytes(made[20:24])) == (2 * width, 2 * height)
    assert len(made) > 10_000  # something is drawn
    assert png(PICTURE) == made


@pytest.mark.parametrize("library", ["pypdfium2", "weasyprint"])
def test_without_its_libraries_it_is_refused_in_one_line(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InputRefused, match=r"^--png: .*letters"):
        png(PICTURE)
