"""Facts: what policies speak about (the vocabulary) and the few shapes of rows in which they reach the engine. Floor 2."""
