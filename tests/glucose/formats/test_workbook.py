import datetime as dt
import importlib.util
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from priorauth.glucose.formats.workbook import EXTRA
from priorauth.glucose.stream import LogRefused, read_logs
from tests.glucose.forms import FORMS
from tests.glucose.logs import lines
from tests.parts import need


@pytest.fixture(autouse=True)
def _reader() -> None:
    need(importlib.util.find_spec("openpyxl"), EXTRA)


def made(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_row_of_a_sheet_is_a_line_of_its_table(tmp_path: Path) -> None:
    rows: list[list[object]] = [["CGM"], [], ["Time", "mg/dL"], [dt.datetime(2026, 3, 14, 7, 10), 120.0]]  # noqa: DTZ001  (a wall clock)
    (log,) = read_logs(made(tmp_path / "a.xlsx", ("CGM", rows)), "a.xlsx")
    assert lines(log, "cgm") == [(4, "2026-03-14 07:10", 120, "")]
    assert log.streams[0].source == "a.xlsx/CGM"


def test_sheets_of_one_day_each_are_one_table() -> None:
    (log,) = read_logs(FORMS / "sugarmate.xlsx", "s.xlsx")
    assert (log.streams[0].source, len(log.streams[0])) == ("s.xlsx/2026-03-14 to 2026-03-15", 10)


def test_a_formula_whose_value_was_not_saved_is_refused(tmp_path: Path) -> None:
    rows = [["Time", "mg/dL"], ["2026-03-14 07:10", "=6*20"]]
    with pytest.raises(LogRefused, match="row 2: a formula whose value was not saved"):
        read_logs(made(tmp_path / "a.xlsx", ("CGM", rows)), "a.xlsx")


def test_a_formula_counts_with_the_value_that_was_saved(tmp_path: Path) -> None:
    path = made(tmp_path / "a.xlsx", ("CGM", [["Time", "mg/dL"], ["2026-03-14 07:10", "=6*20"]]))
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            data = old.read(info).replace(b"<f>6*20</f><v />", b"<f>6*20</f><v>120</v>")
            new.writestr(info, data.replace(b"<f>6*20</f><v/>", b"<f>6*20</f><v>120</v>"))
    (log,) = read_logs(changed.getvalue(), "a.xlsx")
    assert lines(log, "cgm") == [(2, "2026-03-14 07:10", 120, "")]


def test_a_workbook_without_a_log_and_a_damaged_one_are_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LogRefused, match="holds no glucose log"):
        read_logs(made(tmp_path / "a.xlsx", ("Notes", [["Dear", "doctor"]])), "a.xlsx")
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(LogRefused, match="a damaged"):
        read_logs(broken.getvalue(), "a.xlsx")


def test_a_workbook_that_declares_entities_is_refused() -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>')
    with pytest.raises(LogRefused, match="declares entities"):
        read_logs(broken.getvalue(), "a.xlsx")
