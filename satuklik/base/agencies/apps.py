"""Registers the room «agencies» with Django."""

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "satuklik.base.agencies"
    label = "agencies"
    default_auto_field = "django.db.models.BigAutoField"
