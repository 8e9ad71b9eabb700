"""What is served of DTR: the operations at which an app gets its forms."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.dtr.expand import expand
from priorauth.exchange.dtr.package import package

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("POST", "/fhir/Questionnaire/$questionnaire-package", package, "questionnaire-package"),
    Operation("POST", "/fhir/ValueSet/$expand", expand, "expand"),
    Operation("GET", "/fhir/ValueSet/$expand", expand, "expand", name="expand by address"),
)
