"""What is wrong with how a plan lets partners in, before anybody calls: each fault a line that names its place."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from priorauth.exchange import outward
from priorauth.exchange.guard import keys, proxy, scopes
from priorauth.exchange.plan import Partner, Plan
from priorauth.server.limits import LOOPBACK


def faults(plan: Plan) -> Iterator[str]:
    """Yield what is wrong."""
    if plan.base is None:
        yield "base: expected the address of this server, else no token can be seen to be for it"
    elif urlsplit(plan.base).scheme != "https" and urlsplit(plan.base).hostname not in LOOPBACK:
        yield "base: expected an address that begins with https://"
    for one in plan.proxies:
        if proxy.network(one) is None:
            yield f"proxies: {one[:60]}: expected an address or a network"
    for one in plan.origins:
        if urlsplit(one).scheme not in ("http", "https") or one != f"{urlsplit(one).scheme}://{urlsplit(one).netloc}":
            yield f"origins: {one[:200]}: expected an origin such as https://ehr.example"
    if plan.certificate_header is None and any(one.certificates for one in plan.partners.values()):
        yield "certificate_header: partners list certificates, and no header brings them"
    named: dict[str, str] = {}
    certified: dict[str, str] = {}
    for client, partner in plan.partners.items():
        yield from (f"partners.{client}.{said}" for said in _of(partner))
        for one in partner.certificates:
            if (other := certified.setdefault(proxy.registered(one) or one, client)) != client:
                yield f"partners.{client}.certificates: {one[:80]} is that of {other} too"
        for issuer in partner.issuers or (client,):
            if (other := named.setdefault(issuer.rstrip("/"), client)) != client:
                yield f"partners.{client}.issuers: {issuer[:200]} is that of {other} too"


def _of(partner: Partner) -> Iterator[str]:
    if partner.jwks is None and partner.jwks_uri is None and not partner.certificates:
        yield "jwks_uri: expected keys, or an address of keys, or certificates, by which it is known"
    if partner.jwks is not None:
        try:
            if not keys.keys(partner.jwks):
                yield "jwks: expected a key with a kid: RSA of 2048 bits or more, P-256 or P-384"
        except keys.NoKeys as fault:
            yield f"jwks: {fault}"
    if partner.jwks_uri is not None:
        try:
            outward.checked(partner.jwks_uri, keys.named_hosts(partner))
        except outward.Unreachable as fault:
            yield f"jwks_uri: {fault}"
    for one in partner.certificates:
        if proxy.registered(one) is None:
            yield f"certificates: {one[:80]}: expected a SHA-256 thumbprint, in base64url or hex"
    for one in partner.scopes:
        if scopes.read(one) is None:
            yield f"scopes: {one[:80]}: expected a scope such as system/Claim.c or system/Claim.write"
