"""Registers the room «calendar» with Django, and its page in the administrators' rail."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "satuklik.base.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.calendar.rail import rail
        from satuklik.base.ui.registry import register_inbox

        register_inbox("calendar", rail)
