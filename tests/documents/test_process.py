"""A process apart of our own interpreter: what it is given, and that nothing of it is left."""

from __future__ import annotations

from time import monotonic

from priorauth.documents import process


def test_it_is_given_words_bytes_and_settings_and_answers() -> None:
    running = process.begun("json.tool", ("--compact",), b'{"a": 1}', {})
    assert running.stdout is not None
    assert running.stdout.read() == b'{"a":1}\n'
    process.ended(running)
    assert running.returncode is not None
    assert running.stdout.closed


def test_one_that_still_runs_is_ended_at_once() -> None:
    begun = monotonic()
    running = process.begun("timeit", ("-n", "1", "import time; time.sleep(60)"), b"", {})
    process.killed(running)
    process.ended(running)
    assert running.returncode < 0
    assert monotonic() - begun < 30
