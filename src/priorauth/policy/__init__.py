"""Policies as data: the tree of a policy, its loader, and the catalog that says which version is in force. Floor 4."""
