"""What is served of PAS."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.pas.attach import attach
from priorauth.exchange.pas.inquire import inquire
from priorauth.exchange.pas.submit import submit

OPERATIONS: Final = (
    Operation("POST", "/fhir/Claim/$submit", submit, "submit", name="submit"),
    Operation("POST", "/fhir/Claim/$inquire", inquire, "inquire", name="inquire"),
    Operation("POST", "/fhir/$submit-attachment", attach, "submit-attachment", name="submit-attachment"),
)
