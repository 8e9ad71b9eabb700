"""The invented text as HTML, and printed as a PDF with hyphens at the ends of lines, running heads and page numbers."""

from __future__ import annotations

from html import escape
from typing import Final

from tests.trace.invented import OLD, paragraphs_of

STYLE: Final = """
@page { size: A6; margin: 15mm 11mm;
  @top-center { content: "Fernhill Health Plan: rules for equipment at home"; font-size: 6pt }
  @bottom-left { content: "Rule FH-214"; font-size: 6pt }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 6pt } }
body { font: 10pt serif; hyphens: auto; text-align: justify }
"""


def html(text: str = OLD) -> str:
    """Give the text as a page of HTML, without running heads."""
    body = "\n".join(f"<p>{escape(' '.join(part.split()))}</p>" for part in paragraphs_of(text) if part.strip())
    head = f'<html lang="en"><head><title>FH-214</title><style>{STYLE}</style></head>'
    return f"<!doctype html>\n{head}<body>{body}</body></html>"


def pdf(text: str = OLD) -> bytes:
    """Give the text as a PDF."""
    import weasyprint

    made: bytes = weasyprint.HTML(string=html(text)).write_pdf()
    return made
