"""Pages of complaints: the report, tracking, the public map, the desk, files, Open311."""
