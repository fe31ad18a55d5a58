"""Registers the room «correspondence»: its boxes in the officials' rail, its letters with the signing desk."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "satuklik.systems.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.base.ui.registry import register_inbox
        from satuklik.spine.signing.registry import register_signable
        from satuklik.systems.correspondence.boxes import rail
        from satuklik.systems.correspondence.signables import SIGNABLE

        register_inbox("correspondence", rail)
        register_signable(SIGNABLE)
