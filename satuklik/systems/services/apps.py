"""Registers the room «services» with Django."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "satuklik.systems.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
