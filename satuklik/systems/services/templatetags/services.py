"""`{% load services %}`: look into a mapping, write a decimal."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def at(mapping: Mapping[str, object], key: str) -> object:
    """mapping[key], or None."""
    return mapping.get(key)


@register.filter
def decimal(value: Decimal | None) -> str:
    """86.11 → 86,11 (86.11 in English)."""
    return "" if value is None else number_format(value, 2)
