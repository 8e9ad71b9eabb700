"""The CapabilityStatement of a plan in a version, from ``data/capabilities.yaml``: what it follows and does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, convert

from priorauth.exchange.call import Call, Told
from priorauth.exchange.guard.well_known import plan_base
from priorauth.exchange.plan import Version
from priorauth.values.strict_yaml import plain, read_file
from priorauth.version import __version__

_FILE: Final = Path(__file__).with_name("data") / "capabilities.yaml"
_TOPIC: Final = (
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
)
_SECURITY: Final = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_PINNED: Final = "2.2"
"""The version whose guides refer to each other by version."""


class Does(Struct, frozen=True, forbid_unknown_fields=True):
    """An operation: its name, what defines it, the scope in guard/scopes that allows it, the guide it is pinned to."""

    name: str
    definition: str
    scope: str
    guide: str | None = None


class Resource(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of resource: its profiles, its interactions with their scopes, its operations."""

    type: str
    guide: str | None = None
    profiles: tuple[str, ...] = ()
    topic: str | None = None
    interactions: Mapping[str, str] = {}
    operations: tuple[Does, ...] = ()


class Follows(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement of a guide that the server follows."""

    guide: str
    canonical: str


class Edition(Struct, frozen=True, forbid_unknown_fields=True):
    """A version: which edition of each guide it is."""

    guides: Mapping[str, str]


class Capabilities(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it."""

    date: str
    versions: Mapping[str, Edition]
    instantiates: tuple[Follows, ...]
    resources: tuple[Resource, ...]
    operations: tuple[Does, ...]


@cache
def capabilities() -> Capabilities:
    """Return what the server can do, as the data say."""
    return convert(plain(read_file(_FILE)), Capabilities)


def metadata(call: Call) -> Told:
    """Return the CapabilityStatement."""
    said = statement(plan_base(call), call.fhir, call.version, call.plan.payer.name)
    said["rest"][0]["security"]["cors"] = bool(call.plan.origins)
    return Told(said)


def statement(plan: str, fhir: str, version: Version, name: str) -> dict[str, Any]:
    """Return the CapabilityStatement of the FHIR server at an address; ``plan``: the address of the plan itself."""
    said = capabilities()
    guides = said.versions[version].guides

    def pinned(canonical: str, guide: str | None) -> str:
        return (
            f"{canonical}|{guides[guide]}"
            if version == _PINNED and guide is not None and guide in guides
            else canonical
        )

    def operation(one: Does, guide: str | None) -> dict[str, Any]:
        return {"name": one.name, "definition": pinned(one.definition, one.guide or guide)}

    def resource(one: Resource) -> dict[str, Any]:
        return {
            **({"extension": [{"url": _TOPIC, "valueCanonical": one.topic}]} if one.topic else {}),
            "type": one.type,
            **({"supportedProfile": [pinned(profile, one.guide) for profile in one.profiles]} if one.profiles else {}),
            **({"interaction": [{"code": code} for code in one.interactions]} if one.interactions else {}),
            "operation": [operation(each, one.guide) for each in one.operations],
        }

    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": said.date,
        "kind": "instance",
        "instantiates": [pinned(one.canonical, one.guide) for one in said.instantiates],
        "software": {"name": "priorauth", "version": __version__},
        "implementation": {"description": f"Prior authorization of {name}", "url": fhir},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(plan),
                "resource": [resource(one) for one in said.resources],
                "operation": [operation(one, None) for one in said.operations],
            }
        ],
    }


def _security(plan: str) -> dict[str, Any]:
    return {
        "cors": False,
        "service": [{"coding": [{"system": _SECURITY, "code": "SMART-on-FHIR"}]}],
        "description": f"SMART Backend Services: {plan}/.well-known/smart-configuration",
    }
