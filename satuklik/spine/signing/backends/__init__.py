"""Who signs: the keys of this installation, a token or HSM, or the eSign client of BSrE. One interface."""
