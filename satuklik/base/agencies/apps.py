"""Registers the room «agencies» with Django."""

from typing import Any

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "satuklik.base.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the accounts which logins are officials'."""
        from django.utils import timezone

        from satuklik.base.accounts.actions import register_profile
        from satuklik.base.agencies import queries

        def official(user: Any) -> Any:
            return queries.official_of(user, timezone.localdate())

        register_profile("official", official)
