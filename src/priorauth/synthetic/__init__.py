"""The generator of synthetic populations, as FHIR bulk exports. Floor 7."""
