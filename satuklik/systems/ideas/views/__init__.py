"""Pages of ideas: the portal, rounds of votes, the desk."""
