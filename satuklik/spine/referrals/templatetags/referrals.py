"""`{% load referrals %}`: the words of posts and events, figures with one digit."""

from django import template
from django.utils.formats import number_format

from satuklik.spine.referrals import words

register = template.Library()


@register.filter
def referral_post(post: str) -> str:
    """ "deputy" → Wakil narahubung"""
    return str(words.POSTS.get(post, post))


@register.filter
def referral_event(kind: str) -> str:
    """ "on_behalf" → Dijawab atas nama instansi"""
    return str(words.EVENTS.get(kind, kind))


@register.filter
def one_digit(value: float | None) -> str:
    """2.5 → 2,5; – where nothing was measured."""
    return "–" if value is None else number_format(value, 1)
