"""Notes, letters, faxes and forms as proposed evidence. Above `record`: files in, proposals out; it settles nothing."""
