import codecs

import pytest

from priorauth.glucose.formats.text import LIMIT, Row, Sheet, batches, check_size, clean, decode, head
from priorauth.glucose.reject import GlucoseFileError, Tally


def rows(text: str, header: int = 1) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    tally = Tally()
    found = decode("log", text.encode())
    cells = text.splitlines()[header - 1].split(",") if header else ["a", "b"]
    sheet = Sheet(found, ",", Row(header, cells))
    return [row for batch in batches(sheet, tally) for row in batch], dict(tally.counts())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"PK\x03\x04 xlsx", "zip archive or Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"time,glucose\n\0\0\0", "binary"),
        (bytes(range(1, 9)) * 40, "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(GlucoseFileError, match=why):
        decode("log", data)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Gerät".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "Gerät".encode(), "utf-8-sig"),
        ("Gerät".encode("utf-16"), "utf-16"),
        ("Gerät".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_the_text_is_the_same(data: bytes, encoding: str) -> None:
    found = decode("log", data)
    assert found.encoding == encoding
    assert found.open().read() == "Gerät"


def test_a_text_that_is_not_utf8_says_how_it_was_read() -> None:
    assert decode("log", "Gerät".encode("cp1252")).notes == ("Not UTF-8: read as Windows-1252.",)


def test_a_file_above_the_limit_is_refused_by_its_size_alone() -> None:
    check_size("log", LIMIT, LIMIT)
    with pytest.raises(GlucoseFileError, match=f"{LIMIT + 1} bytes; expected at most {LIMIT}"):
        check_size("log", LIMIT + 1, LIMIT)


def test_a_mark_that_was_decoded_wrongly_is_no_part_of_a_name() -> None:
    assert clean('\ufeff"ï»¿""Index"""') == "index"
    assert clean("  Glucose\xa0 Value ") == "glucose value"


def test_rows_carry_the_line_of_the_file() -> None:
    assert rows("a,b\n1,2\n\n3,4\n")[0] == [(2, ["1", "2"]), (4, ["3", "4"])]


def test_a_note_over_two_lines_is_one_row() -> None:
    assert rows('a,b\n1,"x\ny"\n3,4\n')[0] == [(3, ["1", "x\ny"]), (4, ["3", "4"])]


def test_a_last_line_that_was_cut_off_is_counted_and_not_read() -> None:
    found, counts = rows("a,b\n1,2\n3")
    assert (found, counts) == ([(2, ["1", "2"])], {"truncated-line": 1})


def test_a_last_line_that_only_lacks_its_end_is_read() -> None:
    assert rows("a,b\n1,2\n3,4") == ([(2, ["1", "2"]), (3, ["3", "4"])], {})


def test_a_last_line_that_was_cut_off_is_found_after_many_thousands_too() -> None:
    found, counts = rows("a,b\n" + "1,2\n" * 4096 + "3")
    assert (len(found), counts) == (4096, {"truncated-line": 1})


def test_blank_lines_in_thousands_do_not_end_a_file() -> None:
    assert len(rows("a,b\n1,2\n" + "\n" * 10_000 + "3,4\n")[0]) == 2


def test_a_quote_that_is_never_closed_is_refused_at_its_line() -> None:
    with pytest.raises(GlucoseFileError, match="log, row 3: a quote is opened and never closed"):
        rows('a,b\n1,2\n3,"4\n' + "5,6\n" * 500)


def test_a_field_that_never_ends_is_refused() -> None:
    with pytest.raises(GlucoseFileError, match="expected a delimited table"):
        rows("a,b\n1,2\n3," + "x" * 200_000)


def test_a_table_without_a_header_begins_with_its_first_row() -> None:
    assert rows("1,2\n3,4\n", header=0)[0] == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_the_head_is_parted_by_each_delimiter() -> None:
    found = head(decode("log", b"a;b\n1;2\n"))
    assert found.tables[";"][0].cells == ["a", "b"]
    assert found.tables[","][0].cells == ["a;b"]


def test_old_line_ends_are_line_ends() -> None:
    assert rows("a,b\r1,2\r3,4\r", header=1)[0] == [(2, ["1", "2"]), (3, ["3", "4"])]
