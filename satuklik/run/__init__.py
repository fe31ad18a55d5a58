"""Floor 6: what starts, fills, measures, saves and stops the whole."""
