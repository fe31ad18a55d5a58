"""`{% load press %}`: the words and colours of states, ways, outcomes."""

from django import template

from satuklik.systems.press import words

register = template.Library()


@register.filter
def press_state(state: str) -> str:
    """ "draft" → Pernyataan ditulis"""
    return str(words.STATES.get(state, state))


@register.filter
def press_tone(state: str) -> str:
    """ "sent" → green"""
    return words.TONES.get(state, "grey")


@register.filter
def press_way(way: str) -> str:
    """ "call" → Telepon"""
    return str(words.WAYS.get(way, way))


@register.filter
def press_outcome(outcome: str) -> str:
    """ "no_answer" → Tidak diangkat"""
    return str(words.OUTCOMES.get(outcome, outcome))


@register.filter
def press_kind(kind: str) -> str:
    """ "online" → Media daring"""
    return str(words.KINDS.get(kind, kind))


@register.filter
def press_step(status: str) -> str:
    """ "delivered" → Sampai"""
    return str(words.STEPS.get(status, status))
