"""The same policy as a library of HL7 Clinical Quality Language, for engines of others."""
