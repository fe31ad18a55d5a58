"""Registers the room «webhooks» with Django."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "satuklik.base.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
