"""Registers the room «ui» with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "satuklik.base.ui"
    label = "ui"
    default_auto_field = "django.db.models.BigAutoField"
