"""What is served of coverage discovery."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import ANYBODY, Operation
from priorauth.exchange.crd.discovery import discovery
from priorauth.exchange.crd.feedback import feedback
from priorauth.exchange.crd.hooks import hook

_SERVICE: Final = "/cds-services/{service}"
OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("GET", "/cds-services", discovery, ANYBODY, "cds", "cds-services"),
    Operation("POST", _SERVICE, hook, "hook", "cds", "cds-hook"),
    Operation("POST", f"{_SERVICE}/feedback", feedback, "hook", "cds", "cds-feedback"),
)
