import msgspec

from priorauth.fhir.prescriptions import MedicationRequest


def test_a_timing_keeps_its_decimals() -> None:
    text = b"""{"resourceType":"MedicationRequest","dosageInstruction":[
        {"timing":{"repeat":{"frequency":1,"period":1.5,"periodUnit":"d","when":["HS"]}}}]}"""
    (dosage,) = msgspec.json.decode(text, type=MedicationRequest).dosage_instruction
    assert dosage.timing is not None
    assert dosage.timing.repeat is not None
    assert str(dosage.timing.repeat.period) == "1.5"
    assert dosage.timing.repeat.when == ["HS"]
