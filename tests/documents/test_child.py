"""The process apart, asked by hand: a line for each answer, a last one when it is done, none where it gave up."""

from __future__ import annotations

import subprocess
import sys

import msgspec

from priorauth.documents.said import Said
from tests.documents import papers


def told(content: bytes, *words: str) -> tuple[int, list[Said]]:
    done = subprocess.run(
        [sys.executable, "-m", "priorauth.documents.child", *words], input=content, capture_output=True, check=False
    )
    return done.returncode, [msgspec.json.decode(line, type=Said) for line in done.stdout.splitlines()]


def test_it_reads_the_pages_that_are_wanted() -> None:
    code, (page, last) = told(papers.pdf("one", "two", "three"), "pdf", "read", "2", "2")
    assert (code, last) == (0, Said(ended=True))
    assert page.page is not None
    assert (page.page.number, page.page.text) == (2, "two")


def test_it_counts_and_draws() -> None:
    assert told(papers.pdf("one", "two"), "pdf", "count") == (0, [Said(count=2), Said(ended=True)])
    _, (drawn, _) = told(papers.pdf("one"), "pdf", "draw", "1", "100")
    assert drawn.picture is not None
    assert told(b"text", "text", "draw", "1", "100") == (0, [Said(ended=True)])


def test_what_cannot_be_read_is_said_with_its_reason() -> None:
    code, (refused, _) = told(b"%PDF-1.4 broken", "pdf", "read", "1", "5")
    assert (code, refused.refused) == (0, "the PDF is damaged: it cannot be opened")


def test_what_takes_too_much_ends_without_a_last_line() -> None:
    code, said = told(b"<p>" + b"<div>" * 100_000, "html", "read", "1", "5")
    assert (code, said) == (1, []) or said[-1].ended


def test_it_has_no_more_memory_than_it_is_given() -> None:
    script = (
        "import sys; sys.argv = ['child', 'text', 'read', '1', '1']\n"
        "from priorauth.documents import child\nfrom priorauth.documents.readers import plain\n"
        "child.main()\nbytearray(1 << 31)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"a", capture_output=True, check=False)
    assert b"MemoryError" in done.stderr
