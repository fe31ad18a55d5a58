"""`{% load ppid %}`: names of clocks and of the steps of a delivery."""

from django import template

from satuklik.systems.ppid import words

register = template.Library()


@register.filter
def clock_words(name: str) -> str:
    """How a clock is called: "term" → …"""
    return str(words.CLOCKS[words.CLOCK_OF.get(name, name)])


@register.filter
def proof_words(status: str) -> str:
    """A step of a delivery in words."""
    return str(words.PROOFS.get(status, status))
