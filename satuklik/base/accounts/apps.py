"""Registers the room «accounts» with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "satuklik.base.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
