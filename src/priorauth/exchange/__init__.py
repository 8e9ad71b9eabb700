"""Exchange with other systems: CRD, DTR and PAS for payers. Floor 8, on the server."""
