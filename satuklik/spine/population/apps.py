"""Registers the room «population» with Django."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "satuklik.spine.population"
    label = "population"
    default_auto_field = "django.db.models.BigAutoField"
