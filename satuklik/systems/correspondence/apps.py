"""Registers the room «correspondence» with Django."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "satuklik.systems.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"
