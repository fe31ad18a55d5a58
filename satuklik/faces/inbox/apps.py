"""Registers the room «inbox» with Django and its entry in the officials' rail."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "satuklik.faces.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"
