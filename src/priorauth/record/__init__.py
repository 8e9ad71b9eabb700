"""The record: one FHIR R4 Bundle, its answers and its judgments, read into rows of facts. Floor 4; knows no policy."""
