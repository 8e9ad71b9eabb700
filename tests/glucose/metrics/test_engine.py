import json
import subprocess
import sys

import pytest

from priorauth.glucose.metrics import numba, numpy
from priorauth.glucose.metrics.engine import ENOUGH, EngineMissing, chosen, load
from priorauth.glucose.metrics.series import Device
from priorauth.glucose.metrics.summary import summary
from tests.glucose.drawn import draw

PRINT_A_SUMMARY = """
import json, sys
if sys.argv[1] == "without numba":
    sys.modules["numba"] = None
from priorauth.glucose.metrics.summary import summary
from priorauth.glucose.metrics.series import Device
glucose = [100 + (7 * place) % 90 for place in range(400)]
count = len(glucose)
minutes, nothing = [28401120 + 5 * place for place in range(count)], [0] * count
found = summary("cgm", minutes, nothing, glucose, nothing, engine=sys.argv[2])
print(json.dumps(found.as_json()), "numba" in sys.modules and sys.modules["numba"] is not None)
"""


def test_enough_readings_are_worth_compiled_code_and_one_fewer_is_not() -> None:
    assert chosen("auto", ENOUGH) == "numba"
    assert chosen("auto", ENOUGH - 1) == "numpy"


def test_numpy_counts_any_number_of_readings_where_numba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert chosen("auto", ENOUGH) == "numpy"


def test_an_engine_that_is_not_installed_is_refused_and_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(EngineMissing, match=r"numba is not installed: pip install 'priorauth\[fast\]'"):
        summary("cgm", [0], [0], [100], [0], engine="numba")


def test_an_engine_can_be_asked_for_by_name() -> None:
    assert (load("numba", 1), load("numpy", ENOUGH)) == (numba, numpy)


def test_a_process_without_numba_prints_the_same_summary() -> None:
    printed = [
        subprocess.run([sys.executable, "-c", PRINT_A_SUMMARY, *how], capture_output=True, text=True, check=True).stdout
        for how in (("with numba", "numba"), ("without numba", "auto"))
    ]
    assert [line.rsplit(" ", 1)[1].strip() for line in printed] == ["True", "False"]
    assert json.loads(printed[0].rsplit(" ", 1)[0]) == json.loads(printed[1].rsplit(" ", 1)[0])


def test_both_engines_give_the_same_summary_of_many_streams() -> None:
    series = draw(7, streams=40, most=300)
    for stream in range(series.streams):
        own = slice(int(series.starts[stream]), int(series.starts[stream + 1]))
        device: Device = "meter" if series.meters[stream] else "cgm"
        arrays = (series.minutes[own], series.offsets[own], series.glucose[own], series.flags[own])
        assert summary(device, *arrays, engine="numba") == summary(device, *arrays, engine="numpy")
