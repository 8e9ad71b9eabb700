"""FHIR R4 as it comes: elements, resources, Bundles, references, limits, and what counts. Floor 2; knows no facts."""
