import importlib.util
from collections import Counter
from collections.abc import Sequence

import pytest

from priorauth.glucose.formats.workbook import EXTRA
from priorauth.glucose.logbook import left_out as absent
from priorauth.glucose.stream import Log, LogRefused, merge, read_logs
from tests.glucose.forms import FORMS, HELD, Form
from tests.glucose.logs import assert_canonical
from tests.parts import need


def logs_in(name: str) -> Sequence[Log]:
    if name.endswith(".xlsx"):
        need(importlib.util.find_spec("openpyxl"), EXTRA)
    return read_logs(FORMS / name, name)


def test_every_file_of_the_folder_is_in_the_table() -> None:
    assert {path.name for path in FORMS.iterdir()} == set(HELD)


@pytest.mark.parametrize(("name", "held"), HELD.items(), ids=HELD)
def test_each_format_is_recognised_by_itself_and_read_whole(name: str, held: Form) -> None:
    logs = logs_in(name)
    streams = {stream.device: stream for stream in merge(logs)}
    assert {stream.format for log in logs for stream in log.streams} == {held.format}
    assert {device: len(stream) for device, stream in streams.items()} == {
        device: count for device, count in (("cgm", held.cgm), ("meter", held.meter)) if count
    }
    assert sum(int(stream.glucose.sum()) for stream in streams.values() if stream.device == "cgm") == held.total
    assert sum((Counter(absent(log)) for log in logs), Counter()) == Counter(held.left_out)
    for log in logs:
        assert_canonical(log)


# What is two makers' in one file; no two of these can be told apart by the first lines alone.
TABLES = [name for name in HELD if name.endswith((".csv", ".txt", ".tsv")) and name != "accuchek_mobile_de.csv"]


@pytest.mark.parametrize("name", TABLES)
def test_an_export_that_begins_in_another_is_refused_in_one_line(name: str) -> None:
    own = (FORMS / name).read_bytes()
    for other in ("mysugr_en.csv", "libreview_quoted.csv", "tconnect.csv", "xdrip_sidiary.csv"):
        if HELD[other].format == HELD[name].format:
            continue
        with pytest.raises(LogRefused) as refused:
            read_logs(own + (FORMS / other).read_bytes(), "log")
        said = str(refused.value)
        assert said.startswith("log")
        assert "\n" not in said
        assert "Erika" not in said
