"""Facts: what policies speak about (the vocabulary), and the few shapes of rows that reach the engine. Floor 2."""
