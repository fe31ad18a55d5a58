"""Registers the room «documents» with Django."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "satuklik.spine.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from satuklik.spine.documents.actions import proof
        from satuklik.spine.signing.registry import Archive, register_archive

        register_archive(Archive("letters", proof.count_due, proof.augment_due))
