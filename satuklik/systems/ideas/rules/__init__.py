"""Pure decisions of ideas: states, who may vote for what, how a round is counted."""
