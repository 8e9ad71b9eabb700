"""What the tests of ingest start from: a folder with the files of an export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exports import Export, written


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def write(**files: bytes) -> Path:
        return written(tmp_path / "export", files)

    return write
