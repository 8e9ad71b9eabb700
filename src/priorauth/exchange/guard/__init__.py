"""Who may call: clients by their keys, hooks by their tokens, partners by a certificate."""
