"""Registers the room «correspondence» with Django, and its boxes in the officials' rail."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "satuklik.systems.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.systems.correspondence.boxes import rail

        register_inbox("correspondence", rail)
