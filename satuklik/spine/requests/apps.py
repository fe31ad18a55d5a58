"""Registers the room «requests» with Django."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "satuklik.spine.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
