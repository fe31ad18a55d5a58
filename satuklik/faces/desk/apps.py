"""Registers the room «desk» with Django, its boxes in the officials' rail, and what is signed here."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "satuklik.faces.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.faces.desk.queries import rail
        from satuklik.faces.desk.signables import CASES, REQUESTS
        from satuklik.spine.signing.registry import register_signable

        register_inbox("cases", rail)
        register_signable(CASES)
        register_signable(REQUESTS)
