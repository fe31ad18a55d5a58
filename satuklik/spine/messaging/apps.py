"""Registers the room «messaging» with Django: its channels and its entry in the officials' rail."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "satuklik.spine.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.spine.messaging.adapters import mail, telegram, web, whatsapp

        for channel in (web, whatsapp, telegram, mail):
            channel.register()
