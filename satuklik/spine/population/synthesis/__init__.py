"""Makes a synthetic population: families first, from a seed, the same on every machine."""
