"""Registers the room «population» with Django."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "satuklik.spine.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the accounts whose a NIK or a telephone number is, and which logins are residents'."""
        from satuklik.base.accounts.actions import register_identifier, register_profile
        from satuklik.spine.population import identifiers, queries

        register_identifier("nik", identifiers.by_nik)
        register_identifier("phone", identifiers.by_phone)
        register_profile("resident", queries.person_of)
