"""What the guard itself serves, to anybody: tokens, keys, and what the server says of itself."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import ANYBODY, Operation
from priorauth.exchange.guard.metadata import metadata
from priorauth.exchange.guard.token import PATH, token
from priorauth.exchange.guard.well_known import configuration, keys

_SMART: Final = "/.well-known/smart-configuration"
GUARD: Final = (
    Operation("POST", PATH, token, ANYBODY, "oauth", "token"),
    Operation("GET", "/oauth/jwks", keys, ANYBODY, "oauth", "jwks"),
    Operation("GET", _SMART, configuration, ANYBODY, "oauth", "smart-configuration of a plan"),
    Operation("GET", f"/fhir{_SMART}", configuration, ANYBODY, name="smart-configuration"),
    Operation("GET", "/fhir/metadata", metadata, ANYBODY, name="metadata"),
)
