"""The text of a log: its encoding found, its size bounded, its rows given in batches, its head kept for recognition.

Logs arrive as UTF-8 with and without a byte order mark, as UTF-16 (Excel's "Unicode text"), as Windows-1252, and with a
mark that was decoded wrongly and saved again. Everything that is no text is refused before it is read.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from priorauth.glucose.reject import RejectReason, Tally, log_refused, unknown_format

LIMIT: Final = 256 * 1024 * 1024
DELIMITERS: Final = (",", ";", "\t")
_HEAD_LINES: Final = 60
_LINE: Final = 65_536  # no line of any export comes near
_BATCH: Final = 1024  # rows at a time: few enough that Python's garbage collector does not walk them again and again
_SPAN: Final = 100  # lines that one quoted field may run over; more is a quote that was never closed
_CONTROL_SHARE: Final = 100
_SAMPLE: Final = 65_536
_MANGLED_MARKS: Final = ("\ufeff", "ï»¿")

_KINDS: Final = (
    (b"PK\x03\x04", "an archive or workbook within another; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
    (b"%PDF", "a PDF; export the readings as CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)


class Row(NamedTuple):
    """One record of a table and the line of the file on which it ends."""

    line: int
    cells: list[str]


Record = tuple[int, list[str]]  # a row, in the plain tuple that a million rows can afford


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A file known to be text: its name for errors and evidence, its bytes, its encoding."""

    name: str
    data: bytes
    encoding: str
    notes: tuple[str, ...] = ()
    title: str = ""  # of the sheet of a workbook

    def open(self) -> io.TextIOWrapper:
        """Decode from the start, line ends untouched."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=self.encoding, errors="replace", newline="")

    @property
    def open_ended(self) -> bool:
        """Whether the last line lacks its end, as it does where a transfer was cut off."""
        return not self.data[-4:].replace(b"\0", b"").endswith((b"\n", b"\r", b"\x1a"))

    def first(self) -> str:
        """Find the first character that is not blank: ``[`` and ``{`` open JSON."""
        return self.open().read(1024).lstrip("\ufeff \t\r\n")[:1]

    def as_utf8(self) -> bytes:
        """Return the bytes as UTF-8 without a mark."""
        if self.encoding == "utf-8":
            return self.data
        if self.encoding == "utf-8-sig":
            return self.data[len(codecs.BOM_UTF8) :]
        return self.data.decode(self.encoding, errors="replace").encode()


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The first rows of a text, as each delimiter would part them."""

    text: Text
    tables: dict[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A recognised table: its text, its delimiter, and the row that names its columns."""

    text: Text
    delimiter: str
    header: Row
    above: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the file, for errors and evidence."""
        return self.text.name


def check_size(name: str, size: int, limit: int) -> None:
    """Refuse a file above the limit before it is read."""
    if size > limit:
        raise log_refused(name, f"{size} bytes; expected at most {limit}")


def decode(name: str, data: bytes, title: str = "") -> Text:
    """Find the encoding of a file; raises LogRefused for what is empty or no text."""
    if not data or data.isspace():
        raise unknown_format(name, "empty; expected a glucose log")
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise unknown_format(name, f"{kind}; expected a glucose log as text")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Text(name, data, "utf-16", title=title)
    sample = data[:_SAMPLE]
    control = sum(sample.count(bytes([code])) for code in (*range(1, 9), *range(14, 26), *range(27, 32), 127))
    if b"\0" in data or control * _CONTROL_SHARE > len(sample):
        raise unknown_format(name, "binary; expected a glucose log as text")
    if _is_utf8(data):
        return Text(name, data, "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8", title=title)
    return Text(name, data, "cp1252", ("Not UTF-8: read as Windows-1252.",), title)


def _is_utf8(data: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _SAMPLE):
            decoder.decode(data[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def head(text: Text) -> Head:
    """Read the first lines, parted by each delimiter that exports use."""
    with text.open() as stream:
        lines = [line for line in (stream.readline(_LINE) for _ in range(_HEAD_LINES)) if line]
    return Head(text, {delimiter: tuple(_parse(lines, delimiter)) for delimiter in DELIMITERS})


def _parse(lines: list[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            yield Row(reader.line_num, _unwrapped(cells, delimiter))
    except csv.Error:
        return


def _unwrapped(cells: list[str], delimiter: str) -> list[str]:
    """Part a row that stands wholly in quotes, as some exports have it after a spreadsheet saved them."""
    if len(cells) != 1 or delimiter not in cells[0]:
        return cells
    try:
        return next(csv.reader([cells[0]], delimiter=delimiter), cells)
    except csv.Error:
        return cells


def clean(cell: str) -> str:
    """Return a header cell without marks, quotes and double spaces, in small letters."""
    for mark in _MANGLED_MARKS:
        cell = cell.replace(mark, "")
    return " ".join(cell.replace('"', "").replace("\xa0", " ").split()).casefold()


def batches(sheet: Sheet, tally: Tally) -> Iterator[list[Record]]:
    """Yield the rows below the header, a thousand at a time, counting a last line that was cut off.

    Raises LogRefused for a quote that is never closed.
    """
    with sheet.text.open() as stream:
        reader = csv.reader(stream, delimiter=sheet.delimiter)
        try:
            while reader.line_num < sheet.header.line:
                next(reader)
            line, ready = sheet.header.line, list[Record]()
            mark = sheet.delimiter
            while rows := [
                (reader.line_num, cells if len(cells) != 1 else _unwrapped(cells, mark))
                for cells in itertools.islice(reader, _BATCH)
            ]:
                _check_quotes(sheet.name, line, rows)
                line = rows[-1][0]
                if ready:
                    yield ready
                ready = [row for row in rows if row[1]]
        except (csv.Error, StopIteration) as fault:
            raise log_refused(sheet.name, "expected a delimited table", row=reader.line_num) from fault
    if ready and _cut_off(sheet, ready):
        tally.add(RejectReason.TRUNCATED_LINE, [ready.pop()[0]])
    yield ready


def _check_quotes(name: str, line: int, rows: list[Record]) -> None:
    if rows[-1][0] - line - len(rows) < _SPAN:
        return
    for end, cells in rows:
        if end - line > _SPAN and any("\n" in cell or "\r" in cell for cell in cells):
            raise log_refused(name, "a quote is opened and never closed", row=line + 1)
        line = end


def _cut_off(sheet: Sheet, rows: list[Record]) -> bool:
    if not sheet.text.open_ended:
        return False
    before = rows[-2][1] if len(rows) > 1 else sheet.header.cells
    return len(rows[-1][1]) < len(before)
