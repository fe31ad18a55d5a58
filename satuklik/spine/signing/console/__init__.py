"""What `satuklik ca` does on a terminal: ceremony, rotation, backup of the vault."""
