"""Registers the room «ppid»."""

from django.apps import AppConfig


class PpidConfig(AppConfig):
    name = "satuklik.systems.ppid"
    label = "ppid"
    default_auto_field = "django.db.models.BigAutoField"
