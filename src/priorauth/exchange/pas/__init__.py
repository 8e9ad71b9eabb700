"""PAS: requests for prior authorization, and what became of them."""
