"""Notes, letters, faxes and forms as proposed evidence: files in, proposals out. Floor above `record`; settles nothing."""
