"""What is served of DTR: the operations at which an app gets its forms, fills them in and reports faults of them."""

from __future__ import annotations

from typing import Final

from priorauth.exchange.call import Operation
from priorauth.exchange.dtr.errors import logged
from priorauth.exchange.dtr.expand import expand
from priorauth.exchange.dtr.next_question import asked_next
from priorauth.exchange.dtr.package import package

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("POST", "/fhir/Questionnaire/$questionnaire-package", package, "questionnaire-package"),
    Operation("POST", "/fhir/Questionnaire/$next-question", asked_next, "next-question"),
    Operation("POST", "/fhir/Questionnaire/$log-questionnaire-errors", logged, "log-questionnaire-errors"),
    Operation("POST", "/fhir/ValueSet/$expand", expand, "expand"),
    Operation("GET", "/fhir/ValueSet/$expand", expand, "expand", name="expand by address"),
)
