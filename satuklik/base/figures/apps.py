"""Registers the room «figures» with Django."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "satuklik.base.figures"
    label = "figures"
    default_auto_field = "django.db.models.BigAutoField"
