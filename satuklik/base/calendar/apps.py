"""Registers the room «calendar» with Django."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "satuklik.base.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"
