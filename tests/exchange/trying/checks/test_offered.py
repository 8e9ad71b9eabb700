"""The services that a server lists, and what it wants prefetched, are held against CRD."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from priorauth.exchange.trying.checks import offered
from priorauth.exchange.trying.found import tried
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import answered, named
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


class TestChecks(Held):
    names = named(offered)
    spoiled = SPOILED
    unasked: ClassVar = {"2.0": {"discovery.version"}, "2.2": frozenset()}


# ---- each check by itself

TEMPLATES = {
    "patient": "Patient/{{context.patientId}}",
    "coverage": "Coverage?patient={{context.patientId}}&_include=Coverage:payor",
    "user": "{{context.userId}}",
    "orders": "DeviceRequest?_id={{context.draftOrders.DeviceRequest.id}}",
    "role": "{{userPractitionerId}}",
}
OPTION = {"code": "max-cards", "type": "integer", "name": "Cards", "description": "How many", "default": 10}
SERVICE: Json = {
    "id": "sign", "hook": "order-sign", "description": "Of coverage", "prefetch": TEMPLATES,
    "extension": {"davinci-crd.version": ["2.2"], "davinci-crd.configuration-options": [OPTION]},
}  # fmt: skip


def looked(name: str, *services: Json) -> tuple[str, str]:
    found = tried(f"discovery.{name}", answered(discovery={"services": list(services)}))
    return found.stand, found.found


def extended(**said: Any) -> Json:
    return {**SERVICE, "extension": {**SERVICE["extension"], **{f"davinci-crd.{n}": one for n, one in said.items()}}}


def optional(*options: Json) -> Json:
    return extended(**{"configuration-options": list(options)})


@pytest.mark.parametrize("name", sorted(one.partition(".")[2] for one in TestChecks.names))
def test_a_service_that_fits_passes(name: str) -> None:
    assert looked(name, SERVICE) == ("passed", "")


@pytest.mark.parametrize(
    ("name", "service", "found"),
    [
        ("services", {**SERVICE, "description": ""}, "sign lacks id or description"),
        ("services", {**SERVICE, "id": ""}, "a service without id lacks id or description"),
        ("services", {**SERVICE, "hook": "patient-view"}, "sign is of hook 'patient-view'"),
        ("primary", {**SERVICE, "hook": "order-select"}, "services of order-select"),
        ("prefetch", {**SERVICE, "prefetch": []}, "sign: prefetch is no object"),
        ("prefetch", {**SERVICE, "prefetch": {"a": 7}}, "sign: a: 7"),
        ("prefetch", {**SERVICE, "prefetch": {"a": "Patient/one"}}, "sign: a: Patient/one"),
        ("prefetch", {**SERVICE, "prefetch": {"a": "patient?x=1"}}, "sign: a: patient?x=1"),
        ("prefetch", {**SERVICE, "prefetch": {"a": "Coverage?patient={{patientId}}"}}, "sign: a: Coverage"),
        ("version", extended(version="2.0"), "sign: 2.0"),
        ("version", extended(version=["2.0", "2.1"]), "sign: ['2.0', '2.1']"),
        ("version", {**SERVICE, "extension": 7}, "sign: None"),
        ("options", optional(), "sign: no options"),
        ("options", optional({**OPTION, "type": "string"}), "sign: max-cards: lacks a type"),
        ("options", optional({"code": "a"}), "sign: a: lacks type, name, description, default"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_service_is_named(name: str, service: Json, found: str) -> None:
    stand, said = looked(name, service)
    assert stand == "failed"
    assert said.startswith(found)


def test_a_version_may_stand_alone_and_a_service_prefetch_nothing() -> None:
    assert looked("version", extended(version="2.2")) == ("passed", "")
    assert looked("prefetch", {"id": "sign"}) == ("passed", "")


def test_where_no_service_is_listed_that_is_said_once() -> None:
    assert looked("answers")[0] == "failed"
    others = TestChecks.names - {"discovery.answers"}
    assert {looked(one.partition(".")[2]) for one in others} == {("not applicable", "no service is listed")}
