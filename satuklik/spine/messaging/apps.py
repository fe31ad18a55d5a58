"""Registers the room «messaging» with Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "satuklik.spine.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"
