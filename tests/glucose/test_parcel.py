import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from priorauth.glucose.stream import LogRefused, read_log, read_logs
from tests.glucose.forms import FORMS

TABLE = "timestamp,meter glucose (mg/dL)\n2026-03-14 07:10,131\n"
CGM = (
    "Name:{},Date Range:2026-03-01 - 2026-03-31\n"
    "Timestamp,CGM Glucose Value (mg/dl),Serial Number\n2026-03-14 07:10,120,S\n"
)


def archive(files: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(LogRefused) as error:
        read_logs(data, "log.zip")
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_logs_of_an_archive_are_read_by_name_and_the_rest_left_alone() -> None:
    logs = read_logs(
        archive(
            {"b/two.csv": TABLE, "a/one.csv": TABLE, "insulin.csv": "a,b\n1,2\n", "a.png": "x", "__MACOSX/b.csv": TABLE}
        ),
        "log.zip",
    )
    assert [log.streams[0].source for log in logs] == ["log.zip/a/one.csv", "log.zip/b/two.csv"]
    assert logs[0].notes == ("1 other tables of log.zip are no glucose logs and are left alone.",)


def test_one_log_in_an_archive_is_that_log_and_two_are_not_one(tmp_path: Path) -> None:
    path = tmp_path / "log.zip"
    path.write_bytes(archive({"one.csv": TABLE}))
    assert len(read_log(path).streams[0]) == 1
    path.write_bytes(archive({"one.csv": TABLE, "two.csv": TABLE}))
    with pytest.raises(LogRefused, match="holds 2 logs; expected one"):
        read_log(path)


def test_a_log_in_an_archive_that_cannot_be_read_is_refused_and_not_left_out() -> None:
    said = refused(archive({"one.csv": TABLE, "two.csv": "timestamp,glucose (mg/dL)\n2026-03-14 07:10,131\n"}))
    assert said.startswith("log.zip/two.csv: nothing says whether a sensor or a meter measured")


def test_the_logs_of_two_people_in_an_archive_are_refused_without_a_name() -> None:
    said = refused(archive({f"{who}/cgm.csv": CGM.format(who) for who in ("Erika", "Eva")}))
    assert said == "log.zip: holds the logs of two people; expected one patient in a file"


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    assert "unpacks to more than 300 times its size" in refused(archive({"one.csv": b"0" * (20 << 20)}))


def test_an_archive_of_too_many_tables_is_refused() -> None:
    assert "an archive of 1001 tables" in refused(archive({f"{n}.csv": "a" for n in range(1001)}))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (archive({"a.png": "x"}), "an archive without a table"),
        (archive({"a.csv": "a,b\n1,2\n"}), "holds no glucose log"),
        (archive({"a.csv": archive({"b.csv": TABLE})}), "holds no glucose log"),
        (archive({"one.csv": TABLE})[:-30], "a damaged archive"),
    ],
    ids=["pictures", "no log", "nested", "cut"],
)
def test_an_archive_without_a_log_is_refused_in_one_line(data: bytes, said: str) -> None:
    assert said in refused(data)


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(archive({"one.csv": TABLE}))
    data[6] |= 1  # the flag of the member's own header
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # and of the archive's list
    assert "a locked archive" in refused(bytes(data))


def test_a_damaged_member_is_refused() -> None:
    data = bytearray(archive({"one.csv": TABLE}))
    data[45] ^= 0xFF
    assert "a damaged archive" in refused(bytes(data))


def test_a_health_export_is_read_out_of_its_archive_as_a_stream() -> None:
    (log,) = read_logs(FORMS / "apple_health.zip", "health.zip")
    assert log.streams[0].source == "health.zip/apple_health_export/export.xml"
