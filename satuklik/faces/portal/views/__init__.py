"""The portal's pages, one file for each noun."""
