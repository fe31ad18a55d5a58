"""`{% load peta %}`: the tile server of the settings, for pages with a map."""

from dataclasses import dataclass

from django import template
from django.conf import settings

register = template.Library()


@dataclass(frozen=True)
class Tiles:
    """The address with {z}, {x} and {y} ("" without a server), and whose pictures they are."""

    address: str
    attribution: str


@register.simple_tag
def tiles() -> Tiles:
    """{% tiles as tiles %}"""
    return Tiles(settings.SATUKLIK_MAP_TILES, settings.SATUKLIK_MAP_ATTRIBUTION)
