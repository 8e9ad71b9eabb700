"""The parties of a claim as its response names them: the patient, the insurer, who asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from priorauth.exchange.echo import Json, Sent, SentBundle
from priorauth.exchange.pas.codes import ABSENT, NPI, PAS, TIN, extension, of, sequences
from priorauth.exchange.plan import Payer
from priorauth.exchange.wire import listed

PAYER_ID: Final[Json] = {
    "coding": [{"system": "http://hl7.org/fhir/us/carin-bb/CodeSystem/C4BBIdentifierType", "code": "payerid"}]
}


class Party(NamedTuple):
    """A party of a claim: the reference to it, and the resource to echo where the request holds one."""

    reference: Json
    sent: Sent | None = None


def party(request: SentBundle, candidates: Sequence[tuple[object, Sent]], kinds: tuple[str, ...]) -> Party:
    """Return the first of several references that names a resource of the right type, in the Bundle or elsewhere."""
    for reference, owner in candidates:
        sent = request.find(reference, owner)
        if sent is not None and sent.kind in kinds:
            return Party({"reference": sent.full_url}, sent)
        if sent is None and (outside := _outside(reference, owner, kinds)) is not None:
            return Party(outside)
    unknown = [{"url": ABSENT, "valueCode": "unknown"}]
    return Party({"extension": unknown, "display": "not stated in the request"})


def patient(request: SentBundle, claim: Sent) -> Party:
    """Return the patient."""
    return party(request, [(claim.resource.get("patient"), claim)], ("Patient",))


def insurers(request: SentBundle, claim: Sent) -> list[tuple[object, Sent]]:
    """Return the references that may name the insurer: the claim's own, then its coverages' payors, focal first."""
    stated = claim.resource.get("insurance")
    insurance = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    covers = [
        request.find(one.get("coverage"), claim)
        for one in sorted(insurance, key=lambda one: (one.get("focal") is not True, str(one.get("sequence")).zfill(10)))
    ]
    payors = [
        (payor, cover)
        for cover in covers
        if cover is not None and cover.kind == "Coverage" and isinstance(cover.resource.get("payor"), list)
        for payor in cover.resource["payor"]
    ]
    return [(claim.resource.get("insurer"), claim), *payors]


def insurer(request: SentBundle, claim: Sent) -> Party:
    """Return the insurer as the request names it."""
    return party(request, insurers(request, claim), ("Organization",))


def requestor(request: SentBundle, claim: Sent) -> Party:
    """Return who asks. PAS takes an organization or a role; a practitioner is named by one, else by identifier."""
    reference = claim.resource.get("provider")
    sent = request.find(reference, claim)
    if sent is None or sent.kind != "Practitioner":
        return party(request, [(reference, claim)], ("Organization", "PractitionerRole"))
    for role in request.all("PractitionerRole"):
        if request.find(role.resource.get("practitioner"), role) is sent:
            return Party({"reference": role.full_url}, role)
    made: Json = {"type": "Practitioner"}
    if (found := identifier(sent.resource.get("identifier"))) is not None:
        made["identifier"] = found
    return Party({**made, "display": _person(sent.resource.get("name")) or sent.full_url})


def organization(request: SentBundle, one: Party) -> Party | None:
    """Return the organization of a party that is a role; an organization is its own."""
    if one.sent is None or one.sent.kind == "Organization":
        return one
    found = request.find(one.sent.resource.get("organization"), one.sent)
    return Party({"reference": found.full_url}, found) if found is not None and found.kind == "Organization" else None


class Supplier(NamedTuple):
    """Who is to supply an item: the reference to it, and in which role, where the claim's team says one.

    ``role_of`` is the PractitionerRole by which the claim names her.
    """

    party: Party
    role: Json | None
    role_of: Sent | None = None

    @property
    def reference(self) -> Json:
        """The reference, with the role as PAS has it there."""
        said = [] if self.role is None else [extension("authorizedProviderType", "CodeableConcept", self.role)]
        return {"extension": said, **self.party.reference} if said else self.party.reference


def supplier(request: SentBundle, claim: Sent, item: Json) -> Supplier | None:
    """Return who is to supply an item: the first of its own care team, else who asks."""
    own = sequences(item, "careTeamSequence")
    members = [one for one in listed(claim.resource, "careTeam") if one.get("sequence") in own]
    for member in (*members, {"provider": claim.resource.get("provider")}):
        if (found := _person_or_organization(request, claim, member.get("provider"))) is not None:
            role, sent = member.get("role"), request.find(member.get("provider"), claim)
            named = sent if sent is not None and sent.kind == "PractitionerRole" else None
            return Supplier(found, role if isinstance(role, dict) else None, named)
    return None


def overall(request: SentBundle, claim: Sent) -> list[Party]:
    """Return the members of the claim's team that are of the whole claim."""
    whole = [
        one
        for one in listed(claim.resource, "careTeam")
        if (of(one, "careTeamClaimScope") or {}).get("valueBoolean") is True
    ]
    found = (_person_or_organization(request, claim, one.get("provider")) for one in whole)
    return [one for one in found if one is not None]


def _person_or_organization(request: SentBundle, claim: Sent, reference: object) -> Party | None:
    """Return what a reference means, of a role the practitioner, else her organization."""
    sent = request.find(reference, claim)
    if sent is not None and sent.kind == "PractitionerRole":
        role = sent
        sent = request.find(role.resource.get("practitioner"), role)
        if sent is None:
            sent = request.find(role.resource.get("organization"), role)
    if sent is None or sent.kind not in ("Practitioner", "Organization"):
        return None
    return Party({"reference": sent.full_url}, sent)


def ours(payer: Payer, sent: Json | None, base: str) -> Json:
    """Return the insurer with what the plan says of itself; what the request said of it stays as it is."""
    made: Json = dict(sent or {"resourceType": "Organization", "meta": {"profile": [f"{PAS}/profile-insurer"]}})
    held = made.get("identifier")
    known = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    systems = {one.get("system") for one in known}
    typed = any(one.get("type") == PAYER_ID for one in known)
    stated: list[Json] = [{"system": NPI, "value": payer.npi}] if payer.npi else []
    stated += [{"system": TIN, "value": payer.tin}] if payer.tin else []
    for one in payer.identifiers:
        system, _, value = one.rpartition("|")
        if system not in (NPI, TIN) and not typed:
            stated, typed = [*stated, {"type": PAYER_ID, "system": system or f"{base}/payer", "value": value}], True
    if numbers := [*known, *(one for one in stated if one["system"] not in systems)]:
        made["identifier"] = numbers
    said = {
        "active": True,
        "type": [{"coding": [{"system": "https://codesystem.x12.org/005010/98", "code": "PR"}]}],
        "name": payer.name,
        "telecom": _telecom(payer),
        "address": _address(payer),
    }
    return {**made, **{key: value for key, value in said.items() if value and not made.get(key)}}


def _telecom(payer: Payer) -> list[Json]:
    said = (("phone", payer.phone), ("email", payer.email), ("url", payer.website))
    return [{"system": system, "value": value} for system, value in said if value]


def _address(payer: Payer) -> list[Json]:
    said = {"line": list(payer.line), "city": payer.city, "state": payer.state, "postalCode": payer.postal}
    found = {key: value for key, value in said.items() if value}
    return [{**found, "country": payer.country}] if found else []


def _person(names: object) -> str:
    """Return a name as it is written."""
    first = names[0] if isinstance(names, list) and names else None
    if not isinstance(first, dict):
        return ""
    given = first.get("given")
    parts = [*(given if isinstance(given, list) else ()), first.get("family")]
    return str(first.get("text") or " ".join(str(part) for part in parts if part))


def _outside(reference: object, owner: Sent, kinds: tuple[str, ...]) -> Json | None:
    """Return a reference to what is not in the Bundle, as far as it means anything outside of it."""
    if not isinstance(reference, dict):
        return None
    made: Json = {}
    literal = reference.get("reference")
    if isinstance(literal, str) and not literal.startswith(("#", "urn:")):
        absolute = literal if "://" in literal else f"{owner.base}{literal}" if owner.base else ""
        if absolute and any(f"/{kind}/" in absolute for kind in kinds):
            made["reference"] = absolute
    if (found := identifier([reference.get("identifier")])) is not None:
        made["identifier"] = found
    if isinstance(reference.get("display"), str) and reference["display"].strip():
        made["display"] = reference["display"]
    return made or None


def identifier(held: object) -> Json | None:
    """Return the first identifier that has a value, without what else is said of it."""
    for one in held if isinstance(held, list) else ():
        if isinstance(one, dict) and one.get("value"):
            return {key: one[key] for key in ("system", "value") if one.get(key)}
    return None


def own_identifier(one: Party) -> Json | None:
    """Return by what a party is known: its NPI, else its first identifier."""
    held: Any = (one.sent.resource if one.sent is not None else one.reference).get("identifier")
    known = held if isinstance(held, list) else [held]
    npis = [each for each in known if isinstance(each, dict) and each.get("system") == NPI]
    return identifier(npis) or identifier(known)
