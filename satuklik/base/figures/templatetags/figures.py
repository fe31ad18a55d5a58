"""`{% load figures %}`: how a figure is written."""

from django import template
from django.utils.translation import get_language

from satuklik.base.figures.registry import Figure
from satuklik.base.figures.rules import in_words as written

register = template.Library()


@register.filter
def in_words(figure: Figure) -> str:
    """A figure with its unit in the language of the page; empty where nothing was measured."""
    if figure.value is None:
        return ""
    return written(figure.value, str(figure.unit), get_language() or "id")
