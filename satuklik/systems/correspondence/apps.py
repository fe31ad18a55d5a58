"""Registers the room «correspondence» with Django, and its letters with the signing desk."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "satuklik.systems.correspondence"
    label = "correspondence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.spine.signing.registry import register_signable
        from satuklik.systems.correspondence.signables import SIGNABLE

        register_signable(SIGNABLE)
