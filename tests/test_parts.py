"""A missing part is skipped at home and fails where the green run is made."""

import pytest

from tests.parts import need


def test_a_test_whose_part_is_there_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIORAUTH_CI", "1")
    need("/usr/bin/node", "node runs the CQL engine")


def test_at_home_a_missing_part_skips_the_test_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRIORAUTH_CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="missing: node runs the CQL engine"):
        need(None, "node runs the CQL engine")


def test_in_ci_a_missing_part_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIORAUTH_CI", "1")
    with pytest.raises(pytest.fail.Exception, match="node runs the CQL engine"):
        need(None, "node runs the CQL engine")
