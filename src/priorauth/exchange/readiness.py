"""What a plan's settings of the exchange lack before others may call: what is set, what is missing, what to look at.

Nothing is fetched and no name is resolved: only the settings are read, and the certificates within them.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509

from priorauth.errors import InputRefused, LedgerRefused
from priorauth.exchange.guard import check, keys, signing
from priorauth.exchange.outward import is_public
from priorauth.exchange.plan import SETTING, Partner, Plan, plan_of
from priorauth.policy.catalog import Catalog

Level = Literal["set", "missing", "note"]
SOON: Final = timedelta(days=30)
"""So long before its end a certificate is said to end."""
_NPI_PREFIX: Final = 24
"""What the prefix 80840 of a health card adds to the check sum of an NPI."""
_NPI_DIGITS: Final = 10
_TIN_DIGITS: Final = 9
_OWN_NAMES: Final = ("localhost", ".localhost", ".local", ".internal", ".lan", ".home.arpa")


class Finding(NamedTuple):
    """One thing that was looked at: how it stands, where in the settings, and what it is."""

    level: Level
    place: str
    says: str


def findings(
    settings: Mapping[str, Any], catalog: Catalog, environment: Mapping[str, str], now: datetime
) -> list[Finding]:
    """Return everything that the settings of a tenant say of the exchange, in the order of the settings."""
    if not settings.get(SETTING):
        return [Finding("missing", SETTING, "nothing is said of the exchange: no partner may call")]
    try:
        plan = plan_of(settings)
    except InputRefused as refused:
        return [Finding("missing", one.place or SETTING, one.message) for one in refused.faults]
    return [
        *_guarded(plan),
        *_base(plan),
        *_payer(plan),
        *_served(plan, catalog, settings, now),
        *_codes(plan),
        *_signing(environment),
        *(one for name, partner in plan.partners.items() for one in _partner(plan, name, partner, now)),
        *_nobody(plan),
    ]


def is_fit(found: Iterable[Finding]) -> bool:
    """Whether nothing is missing."""
    return all(one.level != "missing" for one in found)


# ---- the plan


def _base(plan: Plan) -> Iterator[Finding]:
    if plan.base is not None:
        yield from _address("base", plan.base, ours=True)
    for name in ("terms", "launch"):
        if (address := getattr(plan, name)) is not None:
            yield from _address(name, address, ours=True)
    for place, address in enumerate(plan.audiences):
        yield from _address(f"audiences[{place}]", address, ours=True)


def _guarded(plan: Plan) -> Iterator[Finding]:
    """Yield what the guard finds wrong with how partners are let in."""
    for said in check.faults(plan):
        place, _, what = said.partition(": ")
        yield Finding("missing", place, what)


def _payer(plan: Plan) -> Iterator[Finding]:
    payer = plan.payer
    said = ", ".join(dict.fromkeys((payer.name, *payer.aliases)))
    yield Finding("set", "payer.name", said)
    if not payer.identifiers:
        yield Finding("missing", "payer.identifiers", "the numbers by which an insurer or payor is ours: SYSTEM|VALUE")
    for one in payer.identifiers:
        system, bar, value = one.partition("|")
        fit = bool(system and bar and value)
        yield Finding("set" if fit else "missing", "payer.identifiers", one if fit else f"expected SYSTEM|VALUE: {one}")
    if payer.npi is None and payer.tin is None:
        yield Finding("missing", "payer.npi", "an answer names its insurer: expected npi or tin")
    if payer.npi is not None:
        yield _npi("payer.npi", payer.npi)
    if payer.tin is not None:
        fit = payer.tin.replace("-", "").isdecimal() and len(payer.tin.replace("-", "")) == _TIN_DIGITS
        yield Finding("set" if fit else "missing", "payer.tin", payer.tin if fit else "expected nine digits")
    lacking = [name for name in ("line", "city", "state", "postal") if not getattr(payer, name)]
    if lacking:
        yield Finding("note", "payer", f"its address is not whole: {', '.join(lacking)}")
    if payer.phone is None and payer.email is None and payer.website is None:
        yield Finding("note", "payer", "no phone, email or website: nobody can be told where to ask")


def _served(plan: Plan, catalog: Catalog, settings: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    for name in ("versions", "hooks"):
        listed = getattr(plan, name)
        yield Finding("set" if listed else "missing", name, ", ".join(listed) or "none is served")
    today = now.date()
    held = catalog.on(today)
    if not held:
        yield Finding("missing", "policies", f"none is in force on {today}")
    for one in held:
        current = one.currency == "current"
        said = f"{one.policy}, {one.version}" + ("" if current else f" ({one.currency})")
        yield Finding("set" if current else "note", "policies", said)
    readings = {**(settings.get("readings") or {})}
    if readings:
        yield Finding("set", "readings", ", ".join(f"{name} = {value}" for name, value in sorted(readings.items())))
    yield Finding("set", "forms", plan.forms)
    said = "a hook may answer with an authorization number" if plan.unsolicited else "no hook answers with a number"
    yield Finding("set", "unsolicited", said)
    rule = settings.get("approve_by_rule")
    if plan.unsolicited and rule is False:
        yield Finding("note", "unsolicited", "approve_by_rule is off, so that no number comes of a hook")
    if plan.terms is None:
        yield Finding("note", "terms", "no address of the policies for people: cards name them without a link")


def _codes(plan: Plan) -> Iterator[Finding]:
    for name, what in (
        ("reject", "901, rejections"),
        ("follow_up", "889, what to do then"),
        ("reason", "886, reasons"),
    ):
        held = getattr(plan.codes, name)
        if held:
            yield Finding("set", f"codes.{name}", f"{len(held)} of X12 {what}")
        else:
            yield Finding("note", f"codes.{name}", f"no codes of X12 {what}: answers say it in words alone")


def _signing(environment: Mapping[str, str]) -> Iterator[Finding]:
    try:
        found = signing.of_environment(environment)
    except LedgerRefused as refused:
        yield from (Finding("missing", signing.VARIABLE, one.message) for one in refused.faults)
        return
    said = "the ledger's own" if found is None else f"{len(found.keys)} of the environment"
    yield Finding("set", signing.VARIABLE, f"keys that sign access tokens: {said}")


def _nobody(plan: Plan) -> Iterator[Finding]:
    if not plan.partners:
        yield Finding("missing", "partners", "nobody is registered: no system may call")


# ---- partners


def _partner(plan: Plan, name: str, partner: Partner, now: datetime) -> Iterator[Finding]:
    at = f"partners.{name}"
    versions = [one for one in partner.versions if one in plan.versions]
    if versions:
        yield Finding("set", at, f"{partner.title or name}, versions {', '.join(versions)}")
    else:
        yield Finding("missing", f"{at}.versions", f"none that the plan serves: {', '.join(plan.versions)}")
    if partner.jwks is not None:
        yield from _jwks(f"{at}.jwks", partner.jwks, now)
    if partner.jwks_uri is not None:
        yield from _address(f"{at}.jwks_uri", partner.jwks_uri)
    if partner.organisation is None:
        yield Finding("note", f"{at}.organisation", "none: its cases belong to no clinic, and it cannot subscribe")
    if not partner.issuers and not partner.certificates:
        yield Finding("note", f"{at}.issuers", "none: its CDS Hooks tokens must be issued by its client id")
    yield from (_npi(f"{at}.npis", one) for one in partner.npis)
    for what in ("ehr", "endpoints"):
        for address in getattr(partner, what):
            yield from _address(f"{at}.{what}", address)
    if partner.rate <= 0 or partner.burst < 1:
        yield Finding("missing", f"{at}.rate", "it may never call: expected a rate above 0 and a burst of at least 1")


def _jwks(at: str, said: Mapping[str, Any], now: datetime) -> Iterator[Finding]:
    try:
        found = keys.keys(said)
    except keys.NoKeys:
        return  # the guard says it
    for one in found:
        yield Finding("set", at, f"key {one.kid} for {', '.join(one.algorithms)}")
    for listed in said.get("keys", ()):
        yield from _chain(at, listed.get("x5c") if isinstance(listed, dict) else None, now)


def _chain(at: str, said: object, now: datetime) -> Iterator[Finding]:
    """Yield what is to be said of the certificates that stand beside a key."""
    for one in said if isinstance(said, list) else ():
        try:
            found = x509.load_der_x509_certificate(base64.b64decode(str(one), validate=True))
        except ValueError:
            yield Finding("missing", at, "x5c: a certificate cannot be read")
            continue
        ends = found.not_valid_after_utc
        if ends <= now:
            yield Finding("missing", at, f"x5c: a certificate ended on {ends:%Y-%m-%d}")
        elif ends <= now + SOON:
            yield Finding("note", at, f"x5c: a certificate ends on {ends:%Y-%m-%d}")


# ---- addresses and numbers


def _address(at: str, said: str, *, ours: bool = False) -> Iterator[Finding]:
    """Yield what is to be said of an address; ``ours``: the world has to reach it."""
    try:
        parts = urlsplit(said)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        yield Finding("missing", at, f"expected an address that begins with https://: {said[:120]}")
    elif parts.scheme == "http":
        yield Finding("missing", at, f"{said[:120]} is not protected: expected https://")
    elif _private(host):
        yield Finding("missing" if ours else "note", at, f"{said[:120]} is of a private network")
    else:
        yield Finding("set", at, said)


def _private(host: str) -> bool:
    """Whether a host is known to be none of the internet, without asking anybody."""
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return "." not in host or host.endswith(_OWN_NAMES)


def _npi(at: str, said: str) -> Finding:
    if is_npi(said):
        return Finding("set", at, said)
    return Finding("missing", at, f"{said[:20]} is no NPI: expected ten digits whose check digit holds")


def is_npi(said: str) -> bool:
    """Whether ten digits are an NPI: Luhn's sum over 80840 and the number."""
    if not said.isascii() or not said.isdecimal() or len(said) != _NPI_DIGITS:
        return False
    doubled = [sum(divmod(2 * int(one), 10)) for one in said[-2::-2]]
    return (_NPI_PREFIX + sum(doubled) + sum(map(int, said[-1::-2]))) % 10 == 0
