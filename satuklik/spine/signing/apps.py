"""Registers the room «signing» with Django."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "satuklik.spine.signing"
    label = "signing"
    default_auto_field = "django.db.models.BigAutoField"
