"""The services that a server lists, and what it wants prefetched, are held against CRD."""

from __future__ import annotations

import pytest

from priorauth.exchange.trying.checks import offered
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import Json, Spoil, on, pop, says, services


def twice(one: Json) -> Json:
    return {**one, "services": [*one["services"], one["services"][0]]}


SPOILED: dict[str, Spoil] = {
    "discovery.answers": on("/cds-services", lambda _: {"services": []}),
    "discovery.services": on("/cds-services", twice),
    "discovery.primary": services(lambda one: one.update(hook="order-select")),
    "discovery.prefetch": services(says(prefetch={"patient": "{{ the patient"})),
    "discovery.version": services(pop("extension")),
    "discovery.options": services(lambda one: one["extension"]["davinci-crd.configuration-options"][0].pop("default")),
}  # fmt: skip

NAMES = named(offered)
ELSEWHERE = set[str]()
UNASKED: dict[str, set[str]] = {"2.0": {"discovery.version"}, "2.2": set()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found
