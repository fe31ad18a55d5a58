"""Registers the floor «run» with Django: it keeps marks of what has been loaded."""

from django.apps import AppConfig


class RunConfig(AppConfig):
    name = "satuklik.run"
    label = "run"
    default_auto_field = "django.db.models.BigAutoField"
