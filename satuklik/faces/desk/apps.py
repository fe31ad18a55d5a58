"""Registers the room «desk» with Django, and its boxes in the officials' rail."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "satuklik.faces.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.faces.desk.queries import rail

        register_inbox("cases", rail)
