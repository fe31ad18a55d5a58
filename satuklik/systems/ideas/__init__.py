"""Ideas of residents and journalists: support, review with cost, votes within a budget, the life after the vote."""
