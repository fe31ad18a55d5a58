"""The pages of correspondence, one noun a file below."""
