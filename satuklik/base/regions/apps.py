"""Registers the room «regions» with Django."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "satuklik.base.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from satuklik.base.regions.tiles import origin

        origin(settings.SATUKLIK_MAP_TILES)  # a wrong address is told at the start, not by an empty map
