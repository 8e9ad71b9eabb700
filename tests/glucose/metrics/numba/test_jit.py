import inspect
from pathlib import Path

from priorauth.glucose import definitions
from priorauth.glucose.metrics import columns, numba, series
from priorauth.glucose.metrics.numba import jit
from priorauth.glucose.metrics.numba.jit import compiled


@compiled
def doubled(value: int) -> int:
    return 2 * value


def test_a_compiled_function_gives_what_the_plain_one_gives() -> None:
    assert doubled(21) == 42


def test_what_is_kept_is_named_after_everything_that_went_in() -> None:
    went_in = {Path(inspect.getfile(module)) for module in (columns, definitions, series, numba, jit)}
    assert went_in <= set(jit._SOURCES)  # noqa: SLF001  (no one else may know)
    assert doubled.__qualname__.endswith(jit._EDITION)  # noqa: SLF001  (the same)
