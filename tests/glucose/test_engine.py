import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from priorauth.glucose import kernel, twin
from priorauth.glucose.engine import engine
from priorauth.glucose.summary import summary
from priorauth.glucose.traces import Device
from tests.glucose.drawn import draw

PRINT_A_SUMMARY = """
import json, sys
if sys.argv[1] == "without numba":
    sys.modules["numba"] = None
from priorauth.glucose.summary import summary
from priorauth.glucose.traces import Device
glucose = [100 + (7 * place) % 90 for place in range(400)]
count = len(glucose)
found = summary("cgm", [28401120 + 5 * place for place in range(count)], [0] * count, glucose, [0] * count)
print(json.dumps(found.as_json()), "numba" in sys.modules and sys.modules["numba"] is not None)
"""


@pytest.fixture
def _fresh() -> Iterator[None]:
    engine.cache_clear()
    yield
    engine.cache_clear()


@pytest.mark.usefixtures("_fresh")
def test_the_kernel_counts_where_numba_is_installed() -> None:
    assert engine() is kernel


@pytest.mark.usefixtures("_fresh")
def test_the_twin_counts_where_numba_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    assert engine() is twin


def test_an_engine_can_be_asked_for_by_name() -> None:
    assert (engine("kernel"), engine("twin")) == (kernel, twin)


def test_a_process_without_numba_prints_the_same_summary() -> None:
    printed = [
        subprocess.run([sys.executable, "-c", PRINT_A_SUMMARY, how], capture_output=True, text=True, check=True).stdout
        for how in ("with numba", "without numba")
    ]
    assert [line.rsplit(" ", 1)[1].strip() for line in printed] == ["True", "False"]
    assert json.loads(printed[0].rsplit(" ", 1)[0]) == json.loads(printed[1].rsplit(" ", 1)[0])


def test_both_engines_give_the_same_summary_of_many_streams() -> None:
    traces = draw(7, streams=40, most=300)
    for stream in range(traces.streams):
        own = slice(int(traces.starts[stream]), int(traces.starts[stream + 1]))
        device: Device = "meter" if traces.meters[stream] else "cgm"
        arrays = (traces.minutes[own], traces.offsets[own], traces.glucose[own], traces.flags[own])
        assert summary(device, *arrays, engine="kernel") == summary(device, *arrays, engine="twin")
