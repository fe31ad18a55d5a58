"""Registers the room «regions» with Django."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "satuklik.base.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"
