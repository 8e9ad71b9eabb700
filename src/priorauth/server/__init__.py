"""The server: one ASGI application over a ledger. Programs ask at ``/api/v1``; time is told here, and nowhere below."""
