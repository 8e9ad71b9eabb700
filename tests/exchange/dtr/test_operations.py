"""What is served of DTR, under the addresses of the guide."""

from __future__ import annotations

import pytest

from priorauth.exchange.dtr.operations import OPERATIONS


@pytest.mark.shall("DTR 2.0.1/239", "DTR 2.0.1/240", "DTR 2.0.1/292")
def test_the_operations_stand_where_the_guide_puts_them() -> None:
    served = {(one.method, one.path) for one in OPERATIONS}
    assert ("POST", "/fhir/Questionnaire/$questionnaire-package") in served
    assert ("POST", "/fhir/ValueSet/$expand") in served
    assert all(one.scope for one in OPERATIONS)
