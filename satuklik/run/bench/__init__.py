"""What `make bench` measures, one file a part of the house."""
