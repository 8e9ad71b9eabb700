"""The readers: each turns resources of one kind into rows of facts."""
