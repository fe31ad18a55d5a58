"""Registers the room «inbox» with Django and its entry in the officials' rail."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "satuklik.faces.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.faces.inbox.rail import rail

        register_inbox("chats", rail)
