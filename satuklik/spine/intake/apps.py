"""Registers the room «intake» with Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "satuklik.spine.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
