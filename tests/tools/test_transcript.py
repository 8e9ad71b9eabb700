"""What README.md shows is what the command prints today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_transcript_in_the_readme_is_not_stale() -> None:
    spec = importlib.util.spec_from_file_location("transcript", ROOT / "tools" / "transcript.py")
    assert spec is not None
    assert spec.loader is not None
    transcript = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(transcript)
    text = (ROOT / "README.md").read_text("utf-8")
    assert transcript.filled(text) == text
    assert "To ask" in text
