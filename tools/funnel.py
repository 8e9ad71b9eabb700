"""Writes pictures of the page of a run, from made-up members, into docs/pictures.

python tools/funnel.py           # at 1280 and 360 pixels, in 32 colours
python tools/funnel.py --check   # exit 1 where a picture is missing, or is of another page; writes nothing
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from priorauth.population.funnel import page  # noqa: E402  # the tests stand beside this folder
from tests.population.funnels import ABOUT  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures"
WIDTHS: Final = (1280, 360)
HEIGHT: Final = 1400
COLOURS: Final = 32
OF: Final = "page"
"""The key under which a picture names, by its hash, the page that it shows."""
LEAST: Final = 11


def shown() -> str:
    """Return the page."""
    return page(ABOUT, LEAST)


def main() -> int:
    """Write the pictures, or see that they are there and of the page as it is."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    digest = hashlib.sha256(shown().encode()).hexdigest()
    check = "--check" in sys.argv[1:]
    for width in WIDTHS:
        path = PICTURES / f"funnel-{width}.png"
        if check:
            if not path.is_file() or Image.open(path).info.get(OF) != digest:
                print(f"docs/pictures/{path.name} is missing or stale: python tools/funnel.py", file=sys.stderr)
                return 1
            continue
        with tempfile.TemporaryDirectory() as folder:
            html, png = Path(folder) / "page.html", Path(folder) / "page.png"
            html.write_text(shown(), "utf-8")
            browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
            size = f"--window-size={width},{HEIGHT}"
            told = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size, f"--screenshot={png}")
            subprocess.run((browser, *told, html.as_uri()), check=True, capture_output=True)
            said = PngInfo()
            said.add_text(OF, digest)
            Image.open(png).convert("RGB").quantize(COLOURS).save(path, optimize=True, pnginfo=said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
