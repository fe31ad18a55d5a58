"""Registers the room «complaints» with Django."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "satuklik.systems.complaints"
    label = "complaints"
    default_auto_field = "django.db.models.BigAutoField"
