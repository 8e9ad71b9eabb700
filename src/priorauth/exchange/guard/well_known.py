"""What a server says of itself before anybody has a token: SMART's configuration, and the keys of its tokens."""

from __future__ import annotations

from typing import Any

import msgspec

from priorauth.exchange.call import Call, Told
from priorauth.exchange.guard import assertion, scopes, signing, token
from priorauth.exchange.guard.kept import Guard
from priorauth.exchange.wire import JSON


def configuration(call: Call) -> Told:
    """Return SMART's configuration of the plan, the same at the plan's address and at that of each version."""
    return Told(msgspec.json.encode(smart(plan_base(call), bound=call.plan.certificate_header is not None)), media=JSON)


def keys(call: Call) -> Told:
    """Return the keys that sign the plan's access tokens, as a JWK Set."""
    own = call.service.one(Guard).own(call.store, call.tenant, call.now)
    return Told(msgspec.json.encode(signing.published(own.published())), media=JSON)


def plan_base(call: Call) -> str:
    """Return the address of the plan, without a version."""
    return call.base.removesuffix(f"/{call.version}")


def smart(base: str, *, bound: bool) -> dict[str, Any]:
    """Return the configuration of a server that lets in systems alone; ``bound``: tokens may bear a certificate."""
    return {
        "issuer": base,
        "token_endpoint": f"{base}{token.PATH}",
        "jwks_uri": f"{base}/oauth/jwks",
        "grant_types_supported": [token.GRANT],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": sorted(assertion.ALGORITHMS, reverse=True),
        "scopes_supported": list(scopes.supported()),
        "capabilities": ["client-confidential-asymmetric", "permission-v1", "permission-v2"],
        **({"tls_client_certificate_bound_access_tokens": True} if bound else {}),
    }
