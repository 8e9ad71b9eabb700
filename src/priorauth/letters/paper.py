"""A page of HTML becomes a PDF/UA: tagged, titled, with the fonts that stand beside this module, always the same bytes.

Nothing is fetched: the page may name the fonts here and pictures that it carries itself, and anything else is refused.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from priorauth.errors import Fault, PriorAuthError
from priorauth.letters.templates import FONTS

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

EXTRA: Final = "pip install 'priorauth[letters]'"
PANGO: Final = "apt install libpango-1.0-0 libpangoft2-1.0-0"
OUTSIDE: Final = "file:///outside/"
"""Where a relative address would lead: nowhere, so that it is refused like any other."""
FACES: Final = ("AtkinsonHyperlegibleNext-Regular.ttf", "AtkinsonHyperlegibleNext-Bold.ttf")


class PaperFault(PriorAuthError):
    """A page that cannot be printed here: a library is missing, or the page asks for what it may not have."""


def no_extra() -> PaperFault:
    """Return what is said where the libraries of letters are not installed."""
    return PaperFault(Fault(None, None, f"letters need the extra `letters`: {EXTRA}"))


@cache
def _letters() -> frozenset[int]:
    try:
        from fontTools.ttLib import TTFont
    except ModuleNotFoundError:
        raise no_extra() from None
    faces = [frozenset(TTFont(FONTS / name).getBestCmap()) for name in FACES]
    return faces[0] & faces[1]


def unprintable(text: str) -> Iterator[str]:
    """Yield the characters that the fonts lack: they would come out as boxes, or in whatever font a machine has."""
    yield from sorted({char for char in text if char not in "\n\t" and ord(char) not in _letters()})


def pdf(html: str, identifier: bytes) -> bytes:
    """Return the page as PDF/UA-1; raises PaperFault. The same page and identifier give the same bytes."""
    try:
        with warnings.catch_warnings():
            # It says that a library that cuts fonts is not here. No font is cut here.
            warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
            from weasyprint import HTML
            from weasyprint.text.fonts import FontConfiguration
    except ModuleNotFoundError:
        raise no_extra() from None
    except OSError:
        raise PaperFault(Fault(None, None, f"printing needs Pango: {PANGO}")) from None
    refused: list[str] = []
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    made = HTML(string=html, base_url=OUTSIDE, url_fetcher=_only_own(refused)).write_pdf(
        font_config=FontConfiguration(),
        # Fonts go in whole: a subset bears the hour at which it was cut, and is cut by whatever library a machine has.
        full_fonts=True,
        pdf_identifier=identifier,
        pdf_variant="pdf/ua-1",
        pdf_tags=True,
    )
    if refused:
        raise PaperFault(Fault(None, None, f"a letter fetches nothing, and this one asks for {', '.join(refused)}"))
    return bytes(made)


def _only_own(refused: list[str]) -> URLFetcher:
    """Return what fetches a font of this room or a picture that the page carries, and notes and refuses all else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Own(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix("letters:")
            if name in FACES:
                return URLFetcherResponse(url, (FONTS / name).read_bytes(), {"Content-Type": "font/ttf"})
            if url.startswith("data:image/svg+xml;base64,"):
                return super().fetch(url, headers)
            refused.append(url[:80])
            raise ValueError(f"not of this room: {url[:80]}")

    return Own(allowed_protocols=("data",))
