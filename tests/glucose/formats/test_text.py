import codecs

import pytest

from priorauth.errors import LogRefused
from priorauth.glucose.formats.text import LIMIT, Row, Sheet, batches, check_size, clean, decode, head
from priorauth.glucose.reject import Tally


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
        (b"PK\x03\x04 xlsx", "archive or workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"time,glucose\n\0\0\0", "binary"),
        (bytes(range(1, 9)) * 40, "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(LogRefused, match=why):
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
    with pytest.raises(LogRefused, match=f"{LIMIT + 1} bytes; expected at most {LIMIT}"):
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
    with pytest.raises(LogRefused, match="log, row 3: a quote is opened and never closed"):
        rows('a,b\n1,2\n3,"4\n' + "5,6\n" * 500)


def test_a_field_that_never_ends_is_refused() -> None:
    with pytest.raises(LogRefused, match="expected a delimited table"):
        rows("a,b\n1,2\n3," + "x" * 200_000)


def test_a_table_without_a_header_begins_with_its_first_row() -> None:
    assert rows("1,2\n3,4\n", header=0)[0] == [(1, ["1", "2"]), (2, ["3", "4"])]


def test_the_head_is_parted_by_each_delimiter() -> None:
    found = head(decode("log", b"a;b\n1;2\n"))
    assert found.tables[";"][0].cells == ["a", "b"]
    assert found.tables[","][0].cells == ["a;b"]


def test_old_line_ends_are_line_ends() -> None:
    assert rows("a,b\r1,2\r3,4\r", header=1)[0] == [(2, ["1", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "an archive or workbook within another; unpack it, or save the sheet as CSV"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save the sheet as CSV"),
        (b"%PDF", "a PDF; export the readings as CSV"),
        (b"\x1f\x8b", "a gzip archive; unpack it"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
    ],
)
def test_what_is_no_log_is_refused_in_these_words(data: bytes, said: str) -> None:
    with pytest.raises(LogRefused) as refused:
        decode("log", data + b"...")
    assert str(refused.value) == f"log: {said}; expected a glucose log as text"


@pytest.mark.parametrize("code", range(32))
def test_a_character_that_is_no_text_is_known_by_its_code(code: int) -> None:
    text = code in {*range(9, 14), 26}  # tab, line ends, form feed, and the old end of a file
    data = bytes([code]) * 2 + b"a" * 98
    if text:
        assert decode("log", data).encoding == "utf-8"
    else:
        with pytest.raises(LogRefused, match="binary"):
            decode("log", data)


def test_one_stray_character_in_a_hundred_is_still_text() -> None:
    assert decode("log", b"\x01" + b"a" * 99).encoding == "utf-8"
    with pytest.raises(LogRefused, match="binary"):
        decode("log", b"\x7f\x7f" + b"a" * 98)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_both_orders_of_utf16_are_read(mark: bytes) -> None:
    order = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    found = decode("log", mark + "[1]".encode(order))
    assert (found.first(), found.as_utf8()) == ("[", b"[1]")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_text_of_any_encoding_comes_out_as_utf8_without_a_mark(encoding: str) -> None:
    assert decode("log", 'ä["é"]'.encode(encoding)).as_utf8() == 'ä["é"]'.encode()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('\ufeff\r\n\t [{"a"', "["),
        ("{}", "{"),
        ("a,b", "a"),
        (" " * 1023 + "[", "["),
        (" " * 1024 + "[", ""),
    ],
)
def test_the_first_character_tells_json(text: str, first: str) -> None:
    assert decode("log", text.encode()).first() == first


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x1a"])
def test_a_last_line_that_ends_is_never_cut_off(end: str) -> None:
    assert rows(f"a,b\n1,2\n3{end}") == ([(2, ["1", "2"]), (3, ["3" + end.strip("\r\n")])], {})


def test_the_ends_of_lines_are_seen_in_utf16_too() -> None:
    assert not decode("log", "a\n".encode("utf-16")).open_ended
    assert decode("log", "a\nb".encode("utf-16")).open_ended


def test_a_table_of_one_cut_off_row_is_held_against_its_header() -> None:
    assert rows("a,b\n1") == ([], {"truncated-line": 1})


@pytest.mark.parametrize(("lines", "read"), [(100, True), (101, False)])
def test_a_quoted_note_may_run_over_a_hundred_lines(lines: int, read: bool) -> None:  # noqa: FBT001  (a table of it)
    text = 'a,b\n1,"' + "x\n" * (lines - 1) + 'y"\n3,4\n' + "5,6\n"
    if read:
        assert [cells[0] for _, cells in rows(text)[0]] == ["1", "3", "5"]
    else:
        with pytest.raises(LogRefused, match="log, row 2: a quote is opened and never closed"):
            rows(text)


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_many_short_notes_of_two_lines_are_no_quote_left_open(end: str) -> None:
    found, counts = rows("a,b\n" + f'1,"x{end}y"\n' * 300)
    assert (len(found), counts) == (300, {})


def test_sixty_lines_are_enough_to_know_a_file() -> None:
    found = head(decode("log", b"a,b\n" * 80))
    assert {delimiter: len(table) for delimiter, table in found.tables.items()} == {",": 60, ";": 60, "\t": 60}


def test_a_head_that_is_no_table_has_the_rows_before_the_fault() -> None:
    found = head(decode("log", b"a,b\n" + b"x" * 65_000 + b"x" * 65_000 + b"x" * 65_000 + b"\n"))
    assert found.tables[","][0].cells == ["a", "b"]
