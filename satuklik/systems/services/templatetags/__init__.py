"""Tags of the services room."""
