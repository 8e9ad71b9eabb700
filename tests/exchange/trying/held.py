"""What is asked of every module of checks: a good server passes, and of each check something is spoiled and found."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import ClassVar

import pytest

from tests.exchange.trying.served import VERSIONS, Tried
from tests.exchange.trying.spoiling import Spoil


class Held:
    """The tests of a module of checks.

    ``names`` are its checks, ``spoiled`` what is spoiled for each, ``elsewhere`` those that tests of their own spoil,
    ``unasked`` by version those of which a good server leaves nothing to ask.
    """

    names: ClassVar[AbstractSet[str]]
    spoiled: ClassVar[Mapping[str, Spoil]]
    elsewhere: ClassVar[AbstractSet[str]] = frozenset()
    unasked: ClassVar[Mapping[str, AbstractSet[str]]] = {"2.0": frozenset(), "2.2": frozenset()}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Ask of each check that is spoiled."""
        if "name" in metafunc.fixturenames:
            metafunc.parametrize("name", self.spoiled)

    @pytest.mark.parametrize("version", VERSIONS)
    def test_a_good_server_passes(self, good: Tried, version: str) -> None:
        found = good.whole(version)
        assert {found[name].stand for name in self.names - self.unasked[version]} == {"passed"}
        assert {name for name in self.names if found[name].stand == "not applicable"} == self.unasked[version]

    def test_for_each_check_something_is_spoiled(self) -> None:
        assert set(self.spoiled) | self.elsewhere == self.names

    def test_what_is_spoiled_is_found(self, good: Tried, name: str) -> None:
        version = "2.0" if name in self.unasked["2.2"] and name not in self.unasked["2.0"] else "2.2"
        found = good.spoilt(name, self.spoiled[name], version)
        assert (found.stand, bool(found.found)) == ("failed", True), found
