"""`{% load inbox %}`: small words of the inbox's pages."""

from datetime import datetime
from uuid import uuid4

from django import template
from django.utils import timezone

from satuklik.faces.inbox.words import FILE_PROBLEMS, wordless

register = template.Library()


@register.simple_tag
def fresh_key() -> str:
    """A key for a form that makes one object however often it is sent."""
    return str(uuid4())


@register.filter
def file_problem(name: str) -> str:
    """Why a file was not kept."""
    return str(FILE_PROBLEMS.get(name, name))


@register.filter
def without_words(kind: str) -> str:
    """audio → (pesan suara)"""
    return wordless(f"({kind})")


@register.filter
def percent(share: float | None) -> str:
    """0.973 → 97,3 %; "–" where nothing was measured."""
    return "–" if share is None else f"{100 * share:.1f} %".replace(".", ",")


@register.filter
def letters(grounds: str) -> str:
    """ "ac" → "a, c" """
    return ", ".join(grounds)


@register.filter
def local_minute(at: datetime) -> str:
    """As a field of the type datetime-local takes it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")
