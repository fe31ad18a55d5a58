"""Pure decisions of complaints: states, limits, likeness, masking, places. No Django, no clock."""
