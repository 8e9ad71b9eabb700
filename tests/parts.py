"""The parts of the machine that some tests cannot do without: another engine, a browser, an optional library.

Elsewhere a test whose part is missing is skipped, and says so; under `PRIORAUTH_CI=1` it fails, so that no test goes
missing from a green run.
"""

import os

import pytest


def need(part: object, reason: str) -> None:
    """Let the test go on if `part` is there (is true); else skip it with `reason`, or fail it under `PRIORAUTH_CI=1`.

    need(shutil.which("node"), "node runs the CQL engine")
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    """
    if part:
        return
    if os.environ.get("PRIORAUTH_CI") == "1":
        pytest.fail(f"needed under PRIORAUTH_CI=1, and missing: {reason}", pytrace=False)
    pytest.skip(f"missing: {reason}")
