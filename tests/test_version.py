"""The version is told once in the package, and the project bears the same."""

from __future__ import annotations

import tomllib
from pathlib import Path

import priorauth
from priorauth import version

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def test_the_package_and_the_project_have_one_version() -> None:
    assert version.__version__ == tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"]
    assert priorauth.__version__ == version.__version__


def test_every_receipt_names_the_version() -> None:
    (found,) = priorauth.determine((PROJECT.parent / "examples" / "approve.json").read_bytes())
    assert found.receipt["engine"] == f"priorauth {version.__version__}"
